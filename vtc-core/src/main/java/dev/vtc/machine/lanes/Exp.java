package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Numerics;

/**
 * Rule 6: exp and what is made of it, as {@link Numerics} computes them, in 16 lanes. Emitted
 * inline.
 */
final class Exp {
  private final LaneAssembler a;
  private final V shifted;
  private final V n;
  private final V r;
  private final V k;

  /** Takes four vector registers. */
  Exp(LaneAssembler a) {
    this.a = a;
    shifted = a.vec("shifted");
    n = a.vec("n");
    r = a.vec("r");
    k = a.vec("constant");
  }

  /** A register that these functions use and nobody else needs between two of them. */
  V spare() {
    return k;
  }

  void free() {
    a.free(shifted, n, r, k);
  }

  /** x = exp(x). */
  void exp(V x) {
    a.constant(n, Numerics.LOG2_E);
    a.constant(shifted, Numerics.ROUNDER);
    a.fma(shifted, x, n);
    a.constant(k, Numerics.ROUNDER);
    a.sub(n, shifted, k);
    a.move(r, x);
    a.constant(k, -Numerics.LN2_HIGH);
    a.fma(r, n, k);
    a.constant(k, -Numerics.LN2_LOW);
    a.fma(r, n, k);
    // n is free from here: it holds q, by Horner's rule.
    V q = n;
    a.constant(q, Numerics.EXP_C6);
    horner(q, Numerics.EXP_C5);
    horner(q, Numerics.EXP_C4);
    horner(q, Numerics.EXP_C3);
    horner(q, Numerics.EXP_C2);
    horner(q, 1f);
    horner(q, 1f);
    a.move(r, q);
    a.shiftLeft(shifted, shifted, 23);
    a.addInt(r, r, shifted);
    a.zero(n);
    a.constant(k, Numerics.EXP_MIN);
    a.selectLess(r, x, k, n);
    a.constant(n, Float.POSITIVE_INFINITY);
    a.constant(k, Numerics.EXP_MAX);
    a.selectLess(r, k, x, n);
    a.selectNaN(r, x, x);
    a.move(x, r);
  }

  /** q = q · r + c, where q is register n. */
  private void horner(V q, float c) {
    a.constant(k, c);
    a.fma(k, q, r);
    a.move(q, k);
  }

  /** x = x / (1 + exp(-x)); destroys t. */
  void silu(V x, V t) {
    negate(t, x);
    exp(t);
    a.constant(k, 1f);
    a.add(t, t, k);
    a.div(x, x, t);
  }

  /** x = gelu(x), tanh form; destroys t. */
  void gelu(V x, V t) {
    a.constant(k, Numerics.GELU_CUBIC);
    a.mul(t, x, k);
    a.mul(k, x, x);
    a.move(r, x);
    a.fma(r, t, k);
    a.constant(k, Numerics.GELU_SQRT_2_OVER_PI);
    a.mul(t, r, k);
    a.add(t, t, t);
    exp(t);
    oneMinusOver(t, 1f);
    a.mul(x, x, t);
  }

  /** x = tanh(x). */
  void tanh(V x) {
    a.add(x, x, x);
    exp(x);
    oneMinusOver(x, 2f);
  }

  /** t = 1 - c / (t + 1). */
  private void oneMinusOver(V t, float c) {
    a.constant(k, 1f);
    a.add(t, t, k);
    a.constant(n, c);
    a.div(t, n, t);
    a.sub(t, k, t);
  }

  private void negate(V d, V s) {
    a.constantInt(k, 0x8000_0000);
    a.xor(d, s, k);
  }
}
