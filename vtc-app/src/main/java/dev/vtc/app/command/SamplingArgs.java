package dev.vtc.app.command;

import dev.vtc.GenerationOptions;
import dev.vtc.app.UserError;
import dev.vtc.sample.SamplingOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How tokens are chosen and when to stop. */
final class SamplingArgs {
  private static final SamplingOptions DEFAULTS = SamplingOptions.defaults();

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "MAX",
      description = "Tokens to generate at the most (default: until the model ends).")
  int maxTokens = Integer.MAX_VALUE;

  @Option(
      names = {"--temperature", "--temp"},
      paramLabel = "T",
      description = "0 takes the best token always; larger is more varied (default: 0.8).")
  double temperature = DEFAULTS.temperature();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Only the K best tokens; 0 is off (default: 40).")
  int topK = DEFAULTS.topK();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Only the best tokens whose probabilities reach P; 1 is off (default: 0.95).")
  double topP = DEFAULTS.topP();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description =
          "Only tokens with at least P times the best one's probability; 0 is off (default: 0.05).")
  double minP = DEFAULTS.minP();

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      description = "Divides logits of tokens that occurred; 1 is off.")
  double repeatPenalty = DEFAULTS.repetitionPenalty();

  @Option(
      names = "--frequency-penalty",
      paramLabel = "F",
      description = "Subtracted for each occurrence; 0 is off.")
  double frequencyPenalty = DEFAULTS.frequencyPenalty();

  @Option(
      names = "--presence-penalty",
      paramLabel = "F",
      description = "Subtracted for tokens that occurred; 0 is off.")
  double presencePenalty = DEFAULTS.presencePenalty();

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      description = "How many of the last tokens the penalties look at; -1: all (default: 64).")
  int repeatLastN = DEFAULTS.repeatLastN();

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=BIAS",
      description = "Added to a token's logit; may be repeated.")
  Map<Integer, Double> logitBias = Map.of();

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the answer before this text; may be repeated.")
  List<String> stop = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Equal seeds give equal answers, on every machine (default: 0).")
  long seed = DEFAULTS.seed();

  @Option(names = "--ignore-end", description = "Go on when the model wants to end.")
  boolean ignoreEnd;

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
