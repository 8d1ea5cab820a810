package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.Select;
import org.jspecify.annotations.Nullable;

/**
 * The kernels that go over rows of a buffer: RmsNorm, Quantize, Add, Select.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. A unit is a row; a run of tiles of one row in Select.
 * </pre>
 */
final class RowKernels {
  private static final int BLOCK = 32;
  private static final int LANES = 16;
  private static final int LINE = 64;

  /** Tiles of a unit of Select. */
  static final int SELECT_TILES = 64;

  private RowKernels() {}

  /** For each unit: body, with its number in a register. */
  private static void units(LaneAssembler a, java.util.function.BiConsumer<R, R> body) {
    a.enter();
    R descriptor = a.arg(0);
    R unit = a.arg(1);
    R end = a.arg(2);
    Place head = a.place("unit");
    a.bind(head);
    body.accept(descriptor, unit);
    a.add(unit, 1);
    a.jumpIf(Compare.LT, unit, end, head);
    a.leave();
  }

  private static void loadUpTo(LaneAssembler a, V d, R base, int disp, int count) {
    if (count >= LANES) {
      a.load(d, base, disp);
    } else if (count > 0) {
      a.loadPart(d, base, disp, count);
    } else {
      a.zero(d);
    }
  }

  /** Rules 2 and 3. */
  static void norm(LaneAssembler a, RmsNorm norm, boolean gather) {
    int group = norm.group();
    int groups = norm.in().width() / group;
    units(
        a,
        (descriptor, unit) -> {
          R x = a.temp("x");
          R from = a.kept("row read");
          a.move(from, unit);
          if (gather) {
            R list = a.temp("list");
            a.load64(list, descriptor, Descriptor.GATHER);
            a.shiftLeft(from, 2);
            a.add(list, from);
            a.load32(from, list, 0);
            a.free(list);
          }
          Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, from);
          a.free(from);
          R out = a.temp("out");
          if (norm.out() != null) {
            Descriptor.row(a, out, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, unit);
          }
          R q = a.kept("q");
          R scales = a.kept("scales");
          R sums16 = a.kept("sums16");
          if (norm.quantized() != null) {
            Descriptor.row(
                a, q, descriptor, Descriptor.QUANTIZED, Descriptor.QUANTIZED_STRIDE, unit);
            a.move(scales, q);
            a.move(sums16, q);
          }
          a.repeat(groups, () -> normGroup(a, norm, group, descriptor, x, out, q, scales, sums16));
          a.free(x, out, q, scales, sums16);
        });
  }

  private static void normGroup(
      LaneAssembler a, RmsNorm norm, int group, R descriptor, R x, R out, R q, R scales, R sums16) {
    V sum = a.vec("sum of squares");
    V y0 = a.vec("y");
    R p = a.temp("p");
    a.zero(sum);
    a.move(p, x);
    a.repeat(
        group / LANES,
        () -> {
          a.load(y0, p, 0);
          a.fma(sum, y0, y0);
          a.add(p, LINE);
        });
    if (group % LANES > 0) {
      a.loadPart(y0, p, 0, group % LANES);
      a.fma(sum, y0, y0);
    }
    a.fold(sum, y0);
    a.constant(y0, (float) group);
    a.div(sum, sum, y0);
    a.constant(y0, norm.eps());
    a.add(sum, sum, y0);
    a.sqrt(sum, sum);
    a.constant(y0, 1f);
    V r = sum;
    a.div(r, y0, sum);
    V y1 = a.vec("y");
    @Nullable Buffer quantized = norm.quantized();
    R weight = p;
    a.load64(weight, descriptor, Descriptor.WEIGHT);
    QuantizeBlock block = quantized == null ? null : new QuantizeBlock(a, quantized);
    V w = block == null ? a.vec("weight") : block.spare();
    int full = group / BLOCK;
    int rest = group % BLOCK;
    a.repeat(
        full,
        () -> {
          normBlock(a, norm, BLOCK, x, weight, out, y0, y1, w, r);
          if (block != null) {
            block.emit(y0, y1, q, scales, sums16);
          }
          a.add(x, 2 * LINE);
          a.add(weight, 2 * LINE);
          a.add(out, 2 * LINE);
          a.add(q, BLOCK);
          a.add(scales, Float.BYTES);
          a.add(sums16, 2 * Integer.BYTES);
        });
    if (rest > 0) {
      normBlock(a, norm, rest, x, weight, out, y0, y1, w, r);
      if (block != null) {
        block.emit(y0, y1, q, scales, sums16);
      }
      a.add(x, rest * Float.BYTES);
      a.add(out, rest * Float.BYTES);
    }
    if (block != null) {
      block.free();
    } else {
      a.free(w);
    }
    a.free(sum, y0, y1);
    a.free(p);
  }

  /** y = (x · r) · w in {@code count} columns, stored or added where the norm has an f32 output. */
  private static void normBlock(
      LaneAssembler a, RmsNorm norm, int count, R x, R weight, R out, V y0, V y1, V w, V r) {
    for (int i = 0; i < 2; i++) {
      V y = i == 0 ? y0 : y1;
      int n = Math.clamp(count - LANES * i, 0, LANES);
      loadUpTo(a, y, x, i * LINE, n);
      if (n == 0) {
        continue;
      }
      a.mul(y, y, r);
      loadUpTo(a, w, weight, i * LINE, n);
      a.mul(y, y, w);
      if (norm.out() != null) {
        if (norm.addToOut()) {
          loadUpTo(a, w, out, i * LINE, n);
          a.add(y, w, y);
        }
        a.storePart(out, i * LINE, y, n);
      }
    }
  }

  /** Rule 3. */
  static void quantize(LaneAssembler a, Quantize quantize) {
    int width = quantize.in().width();
    units(
        a,
        (descriptor, unit) -> {
          R x = a.temp("x");
          R q = a.temp("q");
          R scales = a.temp("scales");
          R sums16 = a.temp("sums16");
          V y0 = a.vec("y");
          V y1 = a.vec("y");
          QuantizeBlock block = new QuantizeBlock(a, quantize.out());
          Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, unit);
          Descriptor.row(a, q, descriptor, Descriptor.QUANTIZED, Descriptor.QUANTIZED_STRIDE, unit);
          a.move(scales, q);
          a.move(sums16, q);
          a.repeat(
              width / BLOCK,
              () -> {
                a.load(y0, x, 0);
                a.load(y1, x, LINE);
                block.emit(y0, y1, q, scales, sums16);
                a.add(x, 2 * LINE);
                a.add(q, BLOCK);
                a.add(scales, Float.BYTES);
                a.add(sums16, 2 * Integer.BYTES);
              });
          int rest = width % BLOCK;
          if (rest > 0) {
            loadUpTo(a, y0, x, 0, rest);
            loadUpTo(a, y1, x, LINE, rest - LANES);
            block.emit(y0, y1, q, scales, sums16);
          }
          block.free();
          a.free(y0, y1);
          a.free(x, q, scales, sums16);
        });
  }

  /** into += in; rows are padded with zeros, so whole registers do. */
  static void add(LaneAssembler a, Add add) {
    units(
        a,
        (descriptor, unit) -> {
          R x = a.temp("x");
          R y = a.temp("y");
          V vx = a.vec("x");
          V vy = a.vec("y");
          Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, unit);
          Descriptor.row(a, y, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, unit);
          a.repeat(
              Math.ceilDiv(add.in().width(), LANES),
              () -> {
                a.load(vx, x, 0);
                a.load(vy, y, 0);
                a.add(vy, vy, vx);
                a.store(y, 0, vy);
                a.add(x, LINE);
                a.add(y, LINE);
              });
          a.free(vx, vy);
          a.free(x, y);
        });
  }

  /** Units of Select in one row. */
  static int selectUnits(Select select) {
    return Math.ceilDiv(Math.ceilDiv(select.logits().width(), Select.TILE), SELECT_TILES);
  }

  /**
   * Rule 9's first half, and rule 10: the largest of each 64 logits, NaN where one is not finite.
   */
  static void select(LaneAssembler a, Select select) {
    int width = select.logits().width();
    int tiles = Math.ceilDiv(width, Select.TILE);
    int unitsOfRow = selectUnits(select);
    units(
        a,
        (descriptor, unit) -> {
          R row = a.temp("row");
          R run = a.temp("run");
          R x = a.temp("x");
          R max = a.kept("max");
          // unit = row · unitsOfRow + run, taken apart by counting down: there are few rows.
          a.set(row, 0);
          a.move(run, unit);
          Place divide = a.place("divide");
          Place divided = a.place("divided");
          a.bind(divide);
          a.jumpIf(Compare.LT, run, unitsOfRow, divided);
          a.add(run, -unitsOfRow);
          a.add(row, 1);
          a.jump(divide);
          a.bind(divided);
          Descriptor.row(a, x, descriptor, Descriptor.IN, Descriptor.IN_STRIDE, row);
          Descriptor.row(a, max, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, row);
          R n = row;
          a.set(n, tiles);
          R first = a.kept("first");
          a.mul(first, run, SELECT_TILES);
          a.sub(n, first);
          a.shiftLeft(first, 2);
          a.add(max, first);
          a.shiftLeft(first, 6);
          a.add(x, first);
          a.free(first);
          // n = tiles left in the row; at most SELECT_TILES belong to this unit.
          R here = a.kept("tiles here");
          a.move(here, n);
          Place fits = a.place("fits");
          a.jumpIf(Compare.LE, here, SELECT_TILES, fits);
          a.set(here, SELECT_TILES);
          a.bind(fits);
          Place tile = a.place("tile");
          a.bind(tile);
          selectTile(a, select, x, max, n, width - (tiles - 1) * Select.TILE);
          a.add(x, Select.TILE * Float.BYTES);
          a.add(max, Float.BYTES);
          a.add(n, -1);
          a.add(here, -1);
          a.jumpIf(Compare.NE, here, 0, tile);
          a.free(row, run, x, max, here);
        });
  }

  private static void selectTile(
      LaneAssembler a, Select select, R x, R max, R tilesLeft, int lastWidth) {
    V best = a.vec("best");
    V magnitude = a.vec("largest magnitude");
    V v = a.vec("logits");
    Exp exp = select.softcap() > 0 ? new Exp(a) : null;
    V t = exp == null ? a.vec("temp") : exp.spare();
    Place last = a.place("last tile");
    Place end = a.place("tile end");
    a.zero(magnitude);
    a.constant(best, Float.NEGATIVE_INFINITY);
    if (lastWidth < Select.TILE) {
      a.jumpIf(Compare.EQ, tilesLeft, 1, last);
    }
    selectLanes(a, select, exp, x, best, magnitude, v, t, Select.TILE);
    if (lastWidth < Select.TILE) {
      a.jump(end);
      a.bind(last);
      selectLanes(a, select, exp, x, best, magnitude, v, t, lastWidth);
      a.bind(end);
    }
    a.foldMax(best, t);
    a.foldMaxInt(magnitude, t);
    // As integers, infinity and NaN are the magnitudes from 7f800000 up: those tiles get NaN.
    a.constantInt(t, 0x7f7f_ffff);
    a.subInt(t, t, magnitude);
    a.shiftRightSigned(t, t, 31);
    a.or(best, best, t);
    a.storeLane0(max, 0, best);
    if (exp != null) {
      exp.free();
    } else {
      a.free(t);
    }
    a.free(best, magnitude, v);
  }

  private static void selectLanes(
      LaneAssembler a,
      Select select,
      @Nullable Exp exp,
      R x,
      V best,
      V magnitude,
      V v,
      V t,
      int count) {
    for (int i = 0; i < count; i += LANES) {
      int n = Math.min(LANES, count - i);
      loadUpTo(a, v, x, 4 * i, n);
      if (exp != null) {
        a.constant(t, select.softcap());
        a.div(v, v, t);
        exp.tanh(v);
        a.constant(t, select.softcap());
        a.mul(v, v, t);
        a.storePart(x, 4 * i, v, n);
      }
      a.constantInt(t, 0x7fff_ffff);
      a.and(t, v, t);
      a.maxInt(magnitude, magnitude, t);
      if (n < LANES) {
        a.constant(t, Float.NEGATIVE_INFINITY);
        R k = a.temp("lanes");
        a.set(k, n);
        a.keepBelow(v, k, t);
        a.free(k);
      }
      a.max(best, best, v);
    }
  }
}
