package dev.vtc.machine.java;

import dev.vtc.machine.Step;
import dev.vtc.program.Rope;

/**
 * Cosines and sines of one rope for the tokens of a step: computed once a step, used by every layer
 * and head. Written by one thread before the others begin.
 */
final class RopeAngles {
  private final Rope rope;
  private final float[][] cos;
  private final float[][] sin;

  /**
   * @param maxTokens tokens of the largest step
   */
  RopeAngles(Rope rope, int maxTokens) {
    this.rope = rope;
    cos = new float[maxTokens][rope.pairs()];
    sin = new float[maxTokens][rope.pairs()];
  }

  Rope rope() {
    return rope;
  }

  void compute(Step step) {
    for (int t = 0; t < step.tokens(); t++) {
      for (int i = 0; i < rope.pairs(); i++) {
        cos[t][i] = rope.cos(step.position(t), i);
        sin[t][i] = rope.sin(step.position(t), i);
      }
    }
  }

  /** cos of pair i at the position of a token of the step. */
  float cos(int token, int i) {
    return cos[token][i];
  }

  /** sin of pair i at the position of a token of the step. */
  float sin(int token, int i) {
    return sin[token][i];
  }
}
