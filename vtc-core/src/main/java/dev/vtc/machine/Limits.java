package dev.vtc.machine;

/**
 * The largest step an executable must take.
 *
 * @param tokens tokens of a step
 * @param wanted tokens of a step whose logits are wanted
 * @param runs sequences that take part in a step
 * @param positions positions of a sequence (the context)
 */
public record Limits(int tokens, int wanted, int runs, int positions) {
  public Limits {
    if (tokens < 1 || wanted < 1 || runs < 1 || positions < 1) {
      throw new IllegalArgumentException(
          "Limits must be positive: "
              + tokens
              + " tokens, "
              + wanted
              + " wanted, "
              + runs
              + " runs, "
              + positions
              + " positions.");
    }
  }
}
