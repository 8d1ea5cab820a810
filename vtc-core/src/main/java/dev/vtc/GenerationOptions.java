package dev.vtc;

import dev.vtc.format.Metadata;
import dev.vtc.sample.SamplingOptions;
import java.util.List;

/**
 * How to generate.
 *
 * @param maxTokens the most tokens to generate; until the model ends or the context is full by
 *     default
 * @param sampling how a token is chosen
 * @param stop strings that end the generation; they are not part of the text
 * @param ignoreEnd true to go on when the model wants to end: for benchmarks
 */
public record GenerationOptions(
    int maxTokens, SamplingOptions sampling, List<String> stop, boolean ignoreEnd) {

  private static final GenerationOptions DEFAULTS =
      new GenerationOptions(Integer.MAX_VALUE, SamplingOptions.defaults(), List.of(), false);

  public GenerationOptions {
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "The number of tokens to generate must be positive, not " + maxTokens + ".");
    }
    stop = List.copyOf(stop);
  }

  /** Sampling as {@link SamplingOptions#defaults} has it, no limit. */
  public static GenerationOptions defaults() {
    return DEFAULTS;
  }

  /**
   * What a model's file says of how to sample from it, else {@link #defaults}: the keys {@code
   * general.sampling.*} of GGUF, which a Hugging Face folder's {@code generation_config.json} gives
   * as well. A value outside of its range is passed over: it is advice, and the model runs without.
   * The f32 of a GGUF file stands for its shortest decimal, so that a folder and the file made of
   * it answer alike.
   */
  static GenerationOptions of(Metadata metadata) {
    SamplingOptions s = SamplingOptions.defaults();
    s = advised(s, metadata, "temp", (o, v) -> o.withTemperature(v));
    s = advised(s, metadata, "top_k", (o, v) -> o.withTopK((int) Math.round(v)));
    s = advised(s, metadata, "top_p", (o, v) -> o.withTopP(v));
    s = advised(s, metadata, "min_p", (o, v) -> o.withMinP(v));
    s = advised(s, metadata, "penalty_repeat", (o, v) -> o.withRepetitionPenalty(v));
    s = advised(s, metadata, "penalty_last_n", (o, v) -> o.withRepeatLastN((int) Math.round(v)));
    return DEFAULTS.withSampling(s);
  }

  private interface Change {
    SamplingOptions to(SamplingOptions options, double value);
  }

  private static SamplingOptions advised(
      SamplingOptions options, Metadata metadata, String key, Change change) {
    if (!(metadata.get("general.sampling." + key) instanceof Number value)) {
      return options;
    }
    try {
      return change.to(options, Metadata.decimal(value.doubleValue()));
    } catch (IllegalArgumentException e) {
      return options;
    }
  }

  public GenerationOptions withMaxTokens(int value) {
    return new GenerationOptions(value, sampling, stop, ignoreEnd);
  }

  public GenerationOptions withSampling(SamplingOptions value) {
    return new GenerationOptions(maxTokens, value, stop, ignoreEnd);
  }

  public GenerationOptions withStop(List<String> value) {
    return new GenerationOptions(maxTokens, sampling, value, ignoreEnd);
  }

  public GenerationOptions withIgnoreEnd(boolean value) {
    return new GenerationOptions(maxTokens, sampling, stop, value);
  }
}
