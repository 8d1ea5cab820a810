package dev.vtc.app.command;

import dev.vtc.GenerationOptions;
import dev.vtc.app.UserError;
import dev.vtc.sample.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** How tokens are chosen and when to stop. */
final class SamplingArgs {
  /** What the options given change, on top of what the model's file says. */
  private final List<UnaryOperator<SamplingOptions>> changes = new ArrayList<>();

  int maxTokens = Integer.MAX_VALUE;

  List<String> stop = List.of();

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
        "0 takes the best token always; larger is more varied (default: the model's, else 0.8).",
        v -> changes.add(s -> s.withTemperature(v)),
        "--temperature",
        "--temp");
    o.value(
        Integer.class,
        "K",
        "Only the K best tokens; 0 is off (default: the model's, else 40).",
        v -> changes.add(s -> s.withTopK(v)),
        "--top-k");
    o.value(
        Double.class,
        "P",
        "Only the best tokens whose probabilities reach P; 1 is off (default: the model's, else"
            + " 0.95).",
        v -> changes.add(s -> s.withTopP(v)),
        "--top-p");
    o.value(
        Double.class,
        "P",
        "Only tokens with at least P times the best one's probability; 0 is off (default: the"
            + " model's, else 0.05).",
        v -> changes.add(s -> s.withMinP(v)),
        "--min-p");
    o.value(
        Double.class,
        "R",
        "Divides logits of tokens that occurred; 1 is off.",
        v -> changes.add(s -> s.withRepetitionPenalty(v)),
        "--repeat-penalty");
    o.value(
        Double.class,
        "F",
        "Subtracted for each occurrence; 0 is off.",
        v -> changes.add(s -> s.withFrequencyPenalty(v)),
        "--frequency-penalty");
    o.value(
        Double.class,
        "F",
        "Subtracted for tokens that occurred; 0 is off.",
        v -> changes.add(s -> s.withPresencePenalty(v)),
        "--presence-penalty");
    o.value(
        Integer.class,
        "N",
        "How many of the last tokens the penalties look at; -1: all (default: the model's, else"
            + " 64).",
        v -> changes.add(s -> s.withRepeatLastN(v)),
        "--repeat-last-n");
    o.map(
        Integer.class,
        Double.class,
        "ID=BIAS",
        "Added to a token's logit; may be repeated.",
        v -> changes.add(s -> s.withLogitBias(v)),
        "--logit-bias");
    o.list("TEXT", "Ends the answer before this text; may be repeated.", v -> stop = v, "--stop");
    o.value(
        Long.class,
        "N",
        "Equal seeds give equal answers, on every machine (default: 0).",
        v -> changes.add(s -> s.withSeed(v)),
        "--seed");
    o.flag("Go on when the model wants to end.", () -> ignoreEnd = true, "--ignore-end");
  }

  /** A mistake in them is said before a model is opened. */
  void check() {
    var _ = options(GenerationOptions.defaults(), -1);
  }

  /**
   * The options.
   *
   * @param defaults what holds where nothing else was asked for: the model's
   */
  GenerationOptions options(GenerationOptions defaults, int topLogprobs) {
    if (maxTokens < 1) {
      throw UserError.usage("--max-tokens must be at least 1.");
    }
    try {
      SamplingOptions sampling = defaults.sampling().withTopLogprobs(topLogprobs);
      for (UnaryOperator<SamplingOptions> change : changes) {
        sampling = change.apply(sampling);
      }
      return defaults
          .withMaxTokens(maxTokens)
          .withSampling(sampling)
          .withStop(stop)
          .withIgnoreEnd(ignoreEnd);
    } catch (IllegalArgumentException e) {
      throw UserError.usage(String.valueOf(e.getMessage()));
    }
  }
}
