package dev.vtc.program;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rotary position embedding: which pairs of a head turn, and how fast. Rule 7 of
 * docs/numerics.md.
 *
 * @param style which elements form pair i
 * @param frequencies angle of pair i at position p is p · frequencies[i]; 2 · length dimensions of
 *     each head turn, the others stay
 * @param magnitude factor of cos and sin (YaRN's attention factor), else 1
 * @param temperature grows cos and sin with the position, or null
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by identity on purpose: a program holds each table once
public record Rope(
    Style style, double[] frequencies, float magnitude, @Nullable Temperature temperature) {
  // Written out: those that a record makes itself are linked at their first use, milliseconds of a
  // start.
  @Override
  @SuppressWarnings("ReferenceEquality") // of the frequencies, see above
  public boolean equals(@Nullable Object o) {
    return o == this
        || (o instanceof Rope r
            && r.style == style
            && r.frequencies == frequencies
            && r.magnitude == magnitude
            && Objects.equals(r.temperature, temperature));
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(frequencies);
  }

  /** A rotation of the same size at every position. */
  public Rope(Style style, double[] frequencies, float magnitude) {
    this(style, frequencies, magnitude, null);
  }

  /**
   * Queries grow with the logarithm of the position, so that attention stays as sharp over a long
   * text as over a short one (Llama 4, Ministral 3): by 1 + scale · ln(1 + floor(position /
   * length)).
   *
   * @param length positions, greater than 0
   */
  public record Temperature(double scale, double length) {
    float at(int position) {
      return (float) (1 + scale * StrictMath.log(1 + Math.floor(position / length)));
    }
  }

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
    return (float) StrictMath.cos(position * frequencies[i]) * magnitude(position);
  }

  /** sin of pair i at a position. */
  public float sin(int position, int i) {
    return (float) StrictMath.sin(position * frequencies[i]) * magnitude(position);
  }

  private float magnitude(int position) {
    return temperature == null ? magnitude : magnitude * temperature.at(position);
  }
}
