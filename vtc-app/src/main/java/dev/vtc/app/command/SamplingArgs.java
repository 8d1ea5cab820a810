package dev.vtc.app.command;

import dev.vtc.GenerationOptions;
import dev.vtc.app.UserError;
import dev.vtc.sample.SamplingOptions;
import java.util.List;
import java.util.Map;

/** How tokens are chosen and when to stop. */
final class SamplingArgs {
  private static final SamplingOptions DEFAULTS = SamplingOptions.defaults();

  int maxTokens = Integer.MAX_VALUE;

  double temperature = DEFAULTS.temperature();

  int topK = DEFAULTS.topK();

  double topP = DEFAULTS.topP();

  double minP = DEFAULTS.minP();

  double repeatPenalty = DEFAULTS.repetitionPenalty();

  double frequencyPenalty = DEFAULTS.frequencyPenalty();

  double presencePenalty = DEFAULTS.presencePenalty();

  int repeatLastN = DEFAULTS.repeatLastN();

  Map<Integer, Double> logitBias = Map.of();

  List<String> stop = List.of();

  long seed = DEFAULTS.seed();

  boolean ignoreEnd;

  void declare(Options o) {
    o.value(
        Integer.class,
        "MAX",
        "Tokens to generate at the most (default: until the model ends).",
        v -> maxTokens = v,
        "-n",
        "--max-tokens");
    o.value(
        Double.class,
        "T",
        "0 takes the best token always; larger is more varied (default: 0.8).",
        v -> temperature = v,
        "--temperature",
        "--temp");
    o.value(
        Integer.class,
        "K",
        "Only the K best tokens; 0 is off (default: 40).",
        v -> topK = v,
        "--top-k");
    o.value(
        Double.class,
        "P",
        "Only the best tokens whose probabilities reach P; 1 is off (default: 0.95).",
        v -> topP = v,
        "--top-p");
    o.value(
        Double.class,
        "P",
        "Only tokens with at least P times the best one's probability; 0 is off (default: 0.05).",
        v -> minP = v,
        "--min-p");
    o.value(
        Double.class,
        "R",
        "Divides logits of tokens that occurred; 1 is off.",
        v -> repeatPenalty = v,
        "--repeat-penalty");
    o.value(
        Double.class,
        "F",
        "Subtracted for each occurrence; 0 is off.",
        v -> frequencyPenalty = v,
        "--frequency-penalty");
    o.value(
        Double.class,
        "F",
        "Subtracted for tokens that occurred; 0 is off.",
        v -> presencePenalty = v,
        "--presence-penalty");
    o.value(
        Integer.class,
        "N",
        "How many of the last tokens the penalties look at; -1: all (default: 64).",
        v -> repeatLastN = v,
        "--repeat-last-n");
    o.map(
        Integer.class,
        Double.class,
        "ID=BIAS",
        "Added to a token's logit; may be repeated.",
        v -> logitBias = v,
        "--logit-bias");
    o.list("TEXT", "Ends the answer before this text; may be repeated.", v -> stop = v, "--stop");
    o.value(
        Long.class,
        "N",
        "Equal seeds give equal answers, on every machine (default: 0).",
        v -> seed = v,
        "--seed");
    o.flag("Go on when the model wants to end.", () -> ignoreEnd = true, "--ignore-end");
  }

  GenerationOptions options(int topLogprobs) {
    if (maxTokens < 1) {
      throw UserError.usage("--max-tokens must be at least 1.");
    }
    try {
      SamplingOptions sampling =
          DEFAULTS
              .withTemperature(temperature)
              .withTopK(topK)
              .withTopP(topP)
              .withMinP(minP)
              .withRepetitionPenalty(repeatPenalty)
              .withFrequencyPenalty(frequencyPenalty)
              .withPresencePenalty(presencePenalty)
              .withRepeatLastN(repeatLastN)
              .withLogitBias(logitBias)
              .withSeed(seed)
              .withTopLogprobs(topLogprobs);
      return GenerationOptions.defaults()
          .withMaxTokens(maxTokens)
          .withSampling(sampling)
          .withStop(stop)
          .withIgnoreEnd(ignoreEnd);
    } catch (IllegalArgumentException e) {
      throw UserError.usage(String.valueOf(e.getMessage()));
    }
  }
}
