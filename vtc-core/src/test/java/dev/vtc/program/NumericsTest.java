package dev.vtc.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NumericsTest {
  /**
   * Distance from the true value in units of the last place of the rounded true value.
   * StrictMath.exp is within 1 ulp of a double, 2^-29 of a float's ulp: nothing here.
   */
  private static double error(float x) {
    double exact = StrictMath.exp((double) x);
    return Math.abs(Numerics.exp(x) - exact) / Math.ulp((float) exact);
  }

  /** Rule 6; an exhaustive run ({@link #main}) finds 0.894 at the most. */
  private static final double LARGEST_ERROR = 1;

  @Test
  void expIsWithinItsBound() {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println("exp: -Dvtc.seed=" + seed);
    Random random = new Random(seed);
    double worst = 0;
    for (int i = 0; i < 2_000_000; i++) {
      float x =
          i % 2 == 0
              ? Numerics.EXP_MIN + (Numerics.EXP_MAX - Numerics.EXP_MIN) * random.nextFloat()
              : Float.intBitsToFloat(random.nextInt());
      if (x >= Numerics.EXP_MIN && x <= Numerics.EXP_MAX) {
        worst = Math.max(worst, error(x));
      }
    }
    System.out.printf("exp: at most %.4f ulp in this sample%n", worst);
    assertThat(worst).isPositive().isLessThanOrEqualTo(LARGEST_ERROR);
  }

  @Test
  void expAtItsEdges() {
    assertThat(Numerics.exp(0f)).isEqualTo(1f);
    assertThat(Numerics.exp(-0f)).isEqualTo(1f);
    assertThat(Numerics.exp(Float.NaN)).isNaN();
    assertThat(Numerics.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Numerics.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Numerics.exp(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Numerics.exp(Float.MIN_VALUE)).isEqualTo(1f);
    // The last finite result, and the first that is not.
    assertThat(Numerics.exp(Numerics.EXP_MAX)).isFinite().isGreaterThan(3.4e38f);
    assertThat(Numerics.exp(Math.nextUp(Numerics.EXP_MAX))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(StrictMath.exp((double) Math.nextUp(Numerics.EXP_MAX)))
        .isGreaterThan(Float.MAX_VALUE);
    // The last normal result; below it nothing, though a subnormal would be there.
    assertThat(Numerics.exp(Numerics.EXP_MIN)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
    assertThat(Numerics.exp(Math.nextDown(Numerics.EXP_MIN))).isEqualTo(0f);
    assertThat(StrictMath.exp((double) Math.nextDown(Numerics.EXP_MIN)))
        .isLessThan(Float.MIN_NORMAL);
  }

  /** tanh, silu and gelu are made of exp: a few roundings, and cancellation near 0 for tanh. */
  @Test
  void activationsFollowTheirFormulas() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      float x = (float) (random.nextGaussian() * 6);
      double silu = x / (1 + Math.exp(-(double) x));
      double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * (double) x * x);
      double gelu = 0.5 * x * (1 + Math.tanh(u));
      // Each of four operations rounds by half an ulp; exp(-x) is off by one.
      assertThat((double) Numerics.silu(x))
          .isCloseTo(silu, within(4 * Math.ulp((float) Math.abs(silu)) + 1e-37));
      assertThat((double) Numerics.tanh(x)).isCloseTo(Math.tanh(x), within(0x1p-22));
      // 2u is off by 3 ulp, so exp(2u) relatively by 3 · |2u| · 2^-24; where gelu is not its
      // limit, |2u| < 20 or so and x < 6.
      assertThat((double) Numerics.gelu(x)).isCloseTo(gelu, within(0x1p-18));
    }
    assertThat(Numerics.silu(Float.NEGATIVE_INFINITY)).isNaN();
    assertThat(Numerics.silu(-200f)).isZero();
    assertThat(Numerics.tanh(50f)).isEqualTo(1f);
    assertThat(Numerics.tanh(-200f)).isEqualTo(-1f);
  }

  private static org.assertj.core.data.Offset<Double> within(double d) {
    return org.assertj.core.data.Offset.offset(d);
  }

  @Test
  void foldAddsHalvesToHalves() {
    float[] s = new float[16];
    for (int i = 0; i < 16; i++) {
      s[i] = i == 0 ? 1e8f : i == 8 ? -1e8f : 1;
    }
    // 0 + 8 first: the large ones cancel, and 14 is exact; from left to right it would be 8 or so.
    assertThat(Numerics.fold16(s)).isEqualTo(14f);
  }

  /**
   * All floats between the edges: run by hand, {@code java -cp ... dev.vtc.program.NumericsTest}.
   * On 2026-11-22: WORST.
   */
  public static void main(String[] args) {
    double worst = 0;
    float at = 0;
    long floats = 0;
    long wrong = 0;
    for (long bits = 0; bits < 1L << 32; bits++) {
      float x = Float.intBitsToFloat((int) bits);
      float y = Numerics.exp(x);
      if (x >= Numerics.EXP_MIN && x <= Numerics.EXP_MAX) {
        double e = error(x);
        if (e > worst) {
          worst = e;
          at = x;
        }
      } else {
        boolean right =
            Float.isNaN(x) ? Float.isNaN(y) : y == (x < 0 ? 0 : Float.POSITIVE_INFINITY);
        wrong += right ? 0 : 1;
      }
      floats++;
    }
    System.out.printf(
        "%d floats: at most %.6f ulp, at %a; %d wrong outside%n", floats, worst, at, wrong);
  }
}
