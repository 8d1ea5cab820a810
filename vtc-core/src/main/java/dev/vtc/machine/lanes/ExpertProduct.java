package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;

/**
 * A MatMul over a stack of experts: for each group that a run of units reaches into, a copy of the
 * descriptor is turned to the group's rows and its expert's panels, and the product's usual driver
 * runs on that. So every product that {@link ProductDriver} has, experts have, too.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. Unit u is unit u % perGroup of group u / perGroup.
 * scratch:   … what the driver uses | copy of the descriptor | locals
 * </pre>
 */
final class ExpertProduct {
  private static final int LINE = 64;
  private static final int COPY = Math.ceilDiv(ProductDriver.SCRATCH, LINE) * LINE;
  private static final int END = COPY + Descriptor.BYTES;
  private static final int UNIT = END + 8;
  private static final int CONTEXT = END + 16;

  /** Bytes of scratch that a product over experts uses. */
  static final int SCRATCH = END + LINE;

  /** unit / perGroup is unit · ceil(2^36 / perGroup) >> 36 while unit · perGroup < 2^36. */
  private static final int SHIFT = 36;

  private final LaneAssembler a;
  private final R descriptor;
  private final R scratch;
  private final R copy;

  private ExpertProduct(LaneAssembler a) {
    this.a = a;
    descriptor = a.kept("descriptor");
    scratch = a.kept("scratch");
    copy = a.kept("copy");
  }

  /**
   * The kernel.
   *
   * @param groups most groups of a step
   * @param perGroup units of one expert's product
   * @param gated whether a second stack takes part
   */
  static void emit(LaneAssembler a, int groups, int perGroup, boolean gated) {
    if ((long) groups * perGroup >= 1L << 24 || perGroup >= 1 << 12) {
      throw new IllegalArgumentException(
          groups + " experts of " + perGroup + " units are more than a step can hold.");
    }
    a.enter();
    new ExpertProduct(a).emit(perGroup, gated);
    a.leave();
  }

  private void emit(int perGroup, boolean gated) {
    R a0 = a.arg(0);
    R unit = a.arg(1);
    R end = a.arg(2);
    R context = a.arg(3);
    a.move(descriptor, a0);
    a.load64(scratch, context, Context.SCRATCH);
    a.store64(scratch, UNIT, unit);
    a.store64(scratch, END, end);
    a.store64(scratch, CONTEXT, context);
    a.free(a0, unit, end, context);
    a.move(copy, scratch);
    a.add(copy, COPY);
    copyOperands();
    Place head = a.place("group");
    Place next = a.place("next group");
    Place fits = a.place("fits");
    a.bind(head);
    R u = a.temp("unit");
    R group = a.temp("group");
    R t = a.temp("t");
    a.load64(u, scratch, UNIT);
    a.set(t, ((1L << SHIFT) + perGroup - 1) / perGroup);
    a.move(group, u);
    a.mul(group, t);
    a.shiftRight(group, SHIFT);
    // The units of this group: from u - group · perGroup to the least of perGroup and the end.
    a.mul(t, group, perGroup);
    a.sub(u, t);
    R last = a.temp("last");
    a.load64(last, scratch, END);
    a.sub(last, t);
    a.jumpIf(Compare.LE, last, perGroup, fits);
    a.set(last, perGroup);
    a.bind(fits);
    a.add(t, last);
    a.store64(scratch, UNIT, t);
    a.load64(t, descriptor, Descriptor.GROUPS);
    a.shiftLeft(group, 4);
    a.add(t, group);
    R expert = a.temp("expert");
    R first = a.temp("first row");
    a.load32(expert, t, 0);
    a.load32(first, t, 4);
    a.load32(group, t, 8);
    a.jumpIf(Compare.EQ, group, 0, next);
    a.store32(copy, Descriptor.ROWS, group);
    a.free(group, t);
    turn(Descriptor.IN, Descriptor.IN_STRIDE, first, 0);
    turn(Descriptor.OUT, Descriptor.OUT_STRIDE, first, 0);
    turn(Descriptor.PANELS, Descriptor.PANEL_STRIDE, expert, Descriptor.EXPERT_PANELS);
    if (gated) {
      turn(Descriptor.QUANTIZED, Descriptor.QUANTIZED_STRIDE, first, 0);
      turn(Descriptor.IN_2, Descriptor.IN_STRIDE_2, first, 0);
      turn(Descriptor.PANELS_2, Descriptor.PANEL_STRIDE_2, expert, Descriptor.EXPERT_PANELS);
    }
    a.free(expert, first);
    R driver = a.temp("driver");
    R context2 = a.temp("context");
    a.load64(context2, scratch, CONTEXT);
    a.load64(driver, descriptor, Descriptor.DRIVER);
    a.callKernel(driver, copy, u, last, context2);
    a.free(driver, context2, u, last);
    a.bind(next);
    R done = a.temp("unit");
    R stop = a.temp("end");
    a.load64(done, scratch, UNIT);
    a.load64(stop, scratch, END);
    a.jumpIf(Compare.LT, done, stop, head);
    a.free(done, stop);
  }

  /** The operands, which are all behind the first two lines. */
  private void copyOperands() {
    V v = a.vec("operands");
    for (int at = Descriptor.IN; at < Descriptor.BYTES; at += LINE) {
      a.load(v, descriptor, at);
      a.store(copy, at, v);
    }
    a.free(v);
  }

  /** copy[base] = descriptor[base] + index (· descriptor[factor]) · descriptor[stride]. */
  private void turn(int base, int stride, R index, int factor) {
    R t = a.temp("address");
    R s = a.temp("stride");
    a.load64(t, descriptor, stride);
    a.mul(t, index);
    if (factor > 0) {
      a.load64(s, descriptor, factor);
      a.mul(t, s);
    }
    a.load64(s, descriptor, base);
    a.add(t, s);
    a.store64(copy, base, t);
    a.free(t, s);
  }
}
