package dev.vtc.machine.java;

import dev.vtc.machine.Step;
import dev.vtc.program.KvLayout;
import dev.vtc.program.Rope;

/**
 * Cosines and sines of one rope, by position: computed when a page of 256 positions is first used,
 * for every layer, head and later step. Written by one thread before the others begin.
 */
final class RopeAngles {
  private static final int PAGE = KvLayout.PAGE_POSITIONS;

  private final Rope rope;
  private final float[][] cos;
  private final float[][] sin;

  RopeAngles(Rope rope, int maxPositions) {
    this.rope = rope;
    int pages = Math.ceilDiv(maxPositions, PAGE);
    cos = new float[pages][];
    sin = new float[pages][];
  }

  Rope rope() {
    return rope;
  }

  /** Makes the angles of all tokens of a step ready. */
  void prepare(Step step) {
    for (int t = 0; t < step.tokens(); t++) {
      int page = step.position(t) / PAGE;
      if (cos[page] == null) {
        fill(page);
      }
    }
  }

  private void fill(int page) {
    int pairs = rope.pairs();
    float[] c = new float[PAGE * pairs];
    float[] s = new float[PAGE * pairs];
    for (int i = 0; i < PAGE * pairs; i++) {
      c[i] = rope.cos(page * PAGE + i / pairs, i % pairs);
      s[i] = rope.sin(page * PAGE + i / pairs, i % pairs);
    }
    cos[page] = c;
    sin[page] = s;
  }

  /** cos of pair i at a position. */
  float cos(int position, int i) {
    return cos[position / PAGE][position % PAGE * rope.pairs() + i];
  }

  /** sin of pair i at a position. */
  float sin(int position, int i) {
    return sin[position / PAGE][position % PAGE * rope.pairs() + i];
  }
}
