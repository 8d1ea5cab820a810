package dev.vtc.program;

/**
 * A rotary position embedding: which pairs of a head turn, and how fast. Rule 7 of
 * docs/numerics.md.
 *
 * @param style which elements form pair i
 * @param frequencies angle of pair i at position p is p · frequencies[i]; 2 · length dimensions of
 *     each head turn, the others stay
 * @param magnitude factor of cos and sin (YaRN's attention factor), else 1
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by identity on purpose: a program holds each table once
public record Rope(Style style, double[] frequencies, float magnitude) {
  /** Which elements of a head form pair i of n. */
  public enum Style {
    /** Elements 2i and 2i + 1. */
    ADJACENT,
    /** Elements i and i + n. */
    HALVES
  }

  /** Number of pairs. */
  public int pairs() {
    return frequencies.length;
  }

  /** cos of pair i at a position, as machines use it. */
  public float cos(int position, int i) {
    return (float) StrictMath.cos(position * frequencies[i]) * magnitude;
  }

  /** sin of pair i at a position. */
  public float sin(int position, int i) {
    return (float) StrictMath.sin(position * frequencies[i]) * magnitude;
  }
}
