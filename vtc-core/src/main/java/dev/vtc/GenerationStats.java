package dev.vtc;

/**
 * What a generation took.
 *
 * @param promptTokens tokens of the prompt
 * @param reusedTokens how many of them were in the session's cache already
 * @param generatedTokens tokens generated
 * @param firstTokenNanos from the request to the first token: tokenizing, prefill and the first
 *     choice
 * @param decodeNanos from the first token to the last
 */
public record GenerationStats(
    int promptTokens,
    int reusedTokens,
    int generatedTokens,
    long firstTokenNanos,
    long decodeNanos) {

  /** Prompt tokens computed per second; 0 if none were. */
  public double prefillTokensPerSecond() {
    return perSecond(promptTokens - reusedTokens, firstTokenNanos);
  }

  /** Tokens generated per second after the first; 0 if there was only one. */
  public double decodeTokensPerSecond() {
    return perSecond(generatedTokens - 1, decodeNanos);
  }

  private static double perSecond(int tokens, long nanos) {
    return tokens <= 0 || nanos <= 0 ? 0 : tokens * 1e9 / nanos;
  }
}
