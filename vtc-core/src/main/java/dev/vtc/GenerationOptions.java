package dev.vtc;

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
