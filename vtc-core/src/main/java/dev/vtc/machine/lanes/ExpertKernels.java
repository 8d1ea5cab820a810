package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.Route;

/**
 * Rule 11: Route, Group, Dispatch and Combine.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. A unit is a token; the whole step in Group.
 * </pre>
 */
final class ExpertKernels {
  private static final int LANES = 16;
  private static final int LINE = 64;

  /** Smaller experts are larger here: bits 0 … 30 of what the router's list is ordered by. */
  private static final int FIRST_EXPERT = Integer.MAX_VALUE;

  private ExpertKernels() {}

  /** Bytes of scratch that Route and Group use. */
  static long scratchBytes(int experts, int used) {
    return 4L * padded(experts) + 8L * used;
  }

  private static int padded(int experts) {
    return Math.ceilDiv(experts, LANES) * LANES;
  }

  private interface Body {
    /** Emits one unit; the registers survive calls. */
    void emit(R descriptor, R unit, R scratch);
  }

  private static void units(LaneAssembler a, Body body) {
    a.enter();
    R descriptor = a.kept("descriptor");
    R unit = a.kept("unit");
    R end = a.kept("end");
    R scratch = a.kept("scratch");
    R a0 = a.arg(0);
    R a1 = a.arg(1);
    R a2 = a.arg(2);
    R a3 = a.arg(3);
    a.move(descriptor, a0);
    a.move(unit, a1);
    a.move(end, a2);
    a.load64(scratch, a3, Context.SCRATCH);
    a.free(a0, a1, a2, a3);
    Place head = a.place("unit");
    a.bind(head);
    body.emit(descriptor, unit, scratch);
    a.add(unit, 1);
    a.jumpIf(Compare.LT, unit, end, head);
    a.leave();
  }

  /**
   * A token's experts. Each becomes one number, its logit as an ordered integer above and the id,
   * counted down, below: no two are equal, and the larger goes first. The list of the best is kept
   * in order, and few candidates enter it.
   *
   * <pre>
   * scratch: | int32 ordered logits, padded to 16 | int64 the best so far, largest first |
   * </pre>
   */
  static void route(LaneAssembler a, Route r) {
    int experts = r.logits().width();
    int used = r.choice().width();
    int list = 4 * padded(experts);
    units(
        a,
        (descriptor, unit, scratch) -> {
          order(a, experts, descriptor, unit, scratch);
          best(a, experts, used, list, scratch);
          R logits = a.temp("logits");
          R choice = a.temp("choice");
          R weight = a.temp("weight");
          Descriptor.row(a, logits, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, unit);
          Descriptor.row(a, choice, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, unit);
          Descriptor.row(
              a, weight, descriptor, Descriptor.WEIGHT_OUT, Descriptor.WEIGHT_STRIDE, unit);
          R from = a.temp("list");
          R id = a.temp("expert");
          R w = a.temp("logit");
          a.move(from, scratch);
          a.move(w, weight);
          a.repeat(
              used,
              () -> {
                R value = a.temp("value");
                a.load32(value, from, list);
                a.set(id, FIRST_EXPERT);
                a.sub(id, value);
                a.store32(choice, 0, id);
                a.shiftLeft(id, 2);
                a.add(id, logits);
                a.load32(value, id, 0);
                a.store32(w, 0, value);
                a.add(from, Long.BYTES);
                a.add(choice, Integer.BYTES);
                a.add(w, Float.BYTES);
                a.free(value);
              });
          a.free(from, id, w, choice);
          weights(a, r, logits, weight);
          a.free(logits, weight);
        });
  }

  /** Logits to integers of the same order; NaN to that of negative infinity, -0 to that of +0. */
  private static void order(LaneAssembler a, int experts, R descriptor, R unit, R scratch) {
    R x = a.temp("x");
    R to = a.temp("ordered");
    V v = a.vec("logits");
    V t = a.vec("temp");
    V zero = a.vec("zero");
    V least = a.vec("least");
    Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, unit);
    a.move(to, scratch);
    a.zero(zero);
    a.constant(least, Float.NEGATIVE_INFINITY);
    // Rows are padded to more than 16, so a whole register can be read.
    a.repeat(
        padded(experts) / LANES,
        () -> {
          a.load(v, x, 0);
          a.add(v, v, zero);
          a.selectNaN(v, v, least);
          a.shiftRightSigned(t, v, 31);
          // All bits but the sign's, where that is set.
          a.shiftRight(t, t, 1);
          a.xor(v, v, t);
          a.store(to, 0, v);
          a.add(x, LINE);
          a.add(to, LINE);
        });
    a.free(v, t, zero, least);
    a.free(x, to);
  }

  /** Fills the list: insertion from its end, by those that are larger than the last. */
  private static void best(LaneAssembler a, int experts, int used, int list, R scratch) {
    R slot = a.temp("slot");
    R other = a.temp("other");
    a.move(slot, scratch);
    a.set(other, Long.MIN_VALUE);
    a.repeat(
        used,
        () -> {
          a.store64(slot, list, other);
          a.add(slot, Long.BYTES);
        });
    R from = a.temp("ordered");
    R id = a.temp("id, counted down");
    a.move(from, scratch);
    a.set(id, FIRST_EXPERT);
    a.repeat(
        experts,
        () -> {
          R value = a.temp("value");
          Place skip = a.place("not among the best");
          Place shift = a.place("shift");
          Place insert = a.place("insert");
          a.load32(value, from, 0);
          a.shiftLeft(value, 32);
          a.add(value, id);
          a.move(slot, scratch);
          a.add(slot, list + 8 * (used - 1));
          a.load64(other, slot, 0);
          a.jumpIf(Compare.LE, value, other, skip);
          R first = a.temp("first slot");
          a.move(first, scratch);
          a.add(first, list);
          a.bind(shift);
          a.jumpIf(Compare.LE, slot, first, insert);
          a.load64(other, slot, -8);
          a.jumpIf(Compare.LE, value, other, insert);
          a.store64(slot, 0, other);
          a.add(slot, -8);
          a.jump(shift);
          a.bind(insert);
          a.store64(slot, 0, value);
          a.free(first);
          a.bind(skip);
          a.add(from, Integer.BYTES);
          a.add(id, -1);
          a.free(value);
        });
    a.free(slot, other, from, id);
  }

  /** weight = exp(logit - largest) / sum · scale, where the logits of the chosen stand already. */
  private static void weights(LaneAssembler a, Route r, R logits, R weight) {
    int used = r.choice().width();
    V max = a.vec("largest");
    V e = a.vec("exponentials");
    V sum = a.vec("sum");
    Exp exp = new Exp(a);
    a.broadcast(max, weight, 0);
    a.zero(sum);
    R x = a.temp("x");
    a.move(x, r.normalized() ? weight : logits);
    int count = r.normalized() ? used : r.logits().width();
    a.repeat(
        count / LANES,
        () -> {
          a.load(e, x, 0);
          a.sub(e, e, max);
          exp.exp(e);
          a.add(sum, sum, e);
          a.add(x, LINE);
        });
    if (count % LANES > 0) {
      a.loadPart(e, x, 0, count % LANES);
      a.sub(e, e, max);
      exp.exp(e);
      R n = a.temp("lanes");
      V zero = exp.spare();
      a.zero(zero);
      a.set(n, count % LANES);
      a.keepBelow(e, n, zero);
      a.free(n);
      a.add(sum, sum, e);
    }
    a.fold(sum, e);
    a.move(x, weight);
    a.repeat(
        used / LANES,
        () -> {
          weigh(a, r, exp, x, e, max, sum, LANES);
          a.add(x, LINE);
        });
    if (used % LANES > 0) {
      weigh(a, r, exp, x, e, max, sum, used % LANES);
    }
    exp.free();
    a.free(x);
    a.free(max, e, sum);
  }

  private static void weigh(LaneAssembler a, Route r, Exp exp, R x, V e, V max, V sum, int count) {
    a.loadPart(e, x, 0, count);
    a.sub(e, e, max);
    exp.exp(e);
    a.div(e, e, sum);
    V scale = exp.spare();
    a.constant(scale, r.scale());
    a.mul(e, e, scale);
    a.storePart(x, 0, e, count);
  }

  /**
   * A counting sort of all tokens' choices, by one thread: some thousand additions a step.
   *
   * <pre>
   * scratch: int32 of each expert, how many rows it has, then where its next row goes
   * </pre>
   */
  static void group(LaneAssembler a, Group g) {
    units(
        a,
        (descriptor, unit, scratch) -> {
          R t = a.temp("t");
          R at = a.temp("at");
          a.set(t, 0);
          a.move(at, scratch);
          a.repeat(
              g.experts(),
              () -> {
                a.store32(at, 0, t);
                a.add(at, Integer.BYTES);
              });
          a.free(t, at);
          forEachChoice(
              a,
              g,
              descriptor,
              scratch,
              (count, place) -> {
                R n = a.temp("rows");
                a.load32(n, count, 0);
                a.add(n, 1);
                a.store32(count, 0, n);
                a.free(n);
              });
          groups(a, g, descriptor, scratch);
          forEachChoice(
              a,
              g,
              descriptor,
              scratch,
              (next, place) -> {
                R n = a.temp("row");
                a.load32(n, next, 0);
                a.store32(place, 0, n);
                a.add(n, 1);
                a.store32(next, 0, n);
                a.free(n);
              });
        });
  }

  private interface Choice {
    /** With the address of the chosen expert's number in scratch, and of the choice's place. */
    void emit(R number, R place);
  }

  private static void forEachChoice(
      LaneAssembler a, Group g, R descriptor, R scratch, Choice body) {
    int used = g.choice().width();
    R tokens = a.temp("tokens");
    R choice = a.temp("choice");
    R place = a.temp("place");
    a.load32(tokens, descriptor, Descriptor.ROWS);
    a.load64(choice, descriptor, Descriptor.IN);
    a.load64(place, descriptor, Descriptor.OUT);
    Place head = a.place("token");
    a.bind(head);
    a.repeat(
        used,
        () -> {
          R number = a.temp("number");
          a.load32(number, choice, 0);
          a.shiftLeft(number, 2);
          a.add(number, scratch);
          body.emit(number, place);
          a.add(choice, Integer.BYTES);
          a.add(place, Integer.BYTES);
          a.free(number);
        });
    a.add(choice, g.choice().rowBytes() - used * Integer.BYTES);
    a.add(place, g.place().rowBytes() - used * Integer.BYTES);
    a.add(tokens, -1);
    a.jumpIf(Compare.NE, tokens, 0, head);
    a.free(tokens, choice, place);
  }

  /** The list of groups; counts become the first row of each expert. */
  private static void groups(LaneAssembler a, Group g, R descriptor, R scratch) {
    R to = a.temp("groups");
    R at = a.temp("count");
    R expert = a.temp("expert");
    R row = a.temp("row");
    R n = a.temp("rows");
    a.load64(to, descriptor, Descriptor.GROUPS);
    a.move(at, scratch);
    a.set(expert, 0);
    a.set(row, 0);
    Place head = a.place("expert");
    Place none = a.place("no rows");
    a.bind(head);
    a.load32(n, at, 0);
    a.store32(at, 0, row);
    a.jumpIf(Compare.EQ, n, 0, none);
    a.store32(to, 0, expert);
    a.store32(to, 4, row);
    a.store32(to, 8, n);
    a.add(row, n);
    a.set(n, 0);
    a.store32(to, 12, n);
    a.add(to, Integer.BYTES * Group.FIELDS);
    a.bind(none);
    a.add(at, Integer.BYTES);
    a.add(expert, 1);
    a.jumpIf(Compare.LT, expert, g.experts(), head);
    // The rest of the list: products may look at min(experts, tokens · used) groups.
    R end = at;
    a.load64(end, descriptor, Descriptor.GROUPS);
    a.add(end, Integer.BYTES * Group.width(g.experts()));
    a.set(n, 0);
    Place rest = a.place("rest");
    Place done = a.place("done");
    a.bind(rest);
    a.jumpIf(Compare.GE, to, end, done);
    a.store64(to, 0, n);
    a.store64(to, 8, n);
    a.add(to, Integer.BYTES * Group.FIELDS);
    a.jump(rest);
    a.bind(done);
    a.free(to, at, expert, row, n);
  }

  /** Whole rows, padding included. */
  static void dispatch(LaneAssembler a, Dispatch d) {
    units(
        a,
        (descriptor, unit, scratch) -> {
          R place = a.temp("place");
          R from = a.temp("from");
          R to = a.temp("to");
          R x = a.temp("x");
          V v = a.vec("v");
          Descriptor.row(a, place, descriptor, Descriptor.PLACE, Descriptor.PLACE_STRIDE, unit);
          Descriptor.row(a, from, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, unit);
          R slots = a.kept("slots");
          a.set(slots, d.place().width());
          Place slot = a.place("slot");
          a.bind(slot);
          R index = a.temp("row");
          a.load32(index, place, 0);
          Descriptor.row(a, to, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, index);
          a.free(index);
          a.move(x, from);
          a.repeat(
              d.in().rowBytes() / LINE,
              () -> {
                a.load(v, x, 0);
                a.store(to, 0, v);
                a.add(x, LINE);
                a.add(to, LINE);
              });
          a.add(place, Integer.BYTES);
          a.add(slots, -1);
          a.jumpIf(Compare.NE, slots, 0, slot);
          a.free(v);
          a.free(place, from, to, x, slots);
        });
  }

  /** Sixteen columns at a time, all slots of a token ascending. */
  static void combine(LaneAssembler a, Combine c) {
    int used = c.place().width();
    units(
        a,
        (descriptor, unit, scratch) -> {
          R into = a.temp("into");
          R column = a.temp("column");
          R x = a.temp("x");
          R place = a.kept("place");
          V sum = a.vec("sum");
          V v = a.vec("v");
          Descriptor.row(a, into, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, unit);
          Descriptor.row(a, place, descriptor, Descriptor.PLACE, Descriptor.PLACE_STRIDE, unit);
          R weight = a.temp("weight");
          Descriptor.row(
              a, weight, descriptor, Descriptor.WEIGHT_OUT, Descriptor.WEIGHT_STRIDE, unit);
          a.set(column, 0);
          Place columns = a.place("columns");
          a.bind(columns);
          a.zero(sum);
          // place and weight run together over the slots, and are moved back.
          a.repeat(
              used,
              () -> {
                R index = a.temp("row");
                a.load32(index, place, 0);
                Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, index);
                a.free(index);
                a.add(x, column);
                a.load(v, x, 0);
                a.fma(sum, v, weight, 0);
                a.add(place, Integer.BYTES);
                a.add(weight, Float.BYTES);
              });
          a.add(place, -used * Integer.BYTES);
          a.add(weight, -used * Float.BYTES);
          a.load(v, into, 0);
          a.add(v, v, sum);
          a.store(into, 0, v);
          a.add(into, LINE);
          a.add(column, LINE);
          int end = Math.ceilDiv(c.into().width(), LANES) * LINE;
          a.jumpIf(Compare.LT, column, end, columns);
          a.free(sum, v);
          a.free(into, column, x, place, weight);
        });
  }
}
