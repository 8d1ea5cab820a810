package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.LANES;
import static dev.vtc.machine.lanes.AttendFrame.LINE;

import dev.vtc.machine.lanes.AttendFrame.Tile;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.KvLayout;

/** What pages have left of each row becomes its result. */
final class AttendMerge {
  private final AttendFrame f;
  private final LaneAssembler a;
  private final Attend attend;
  private final KvLayout kv;
  private final int group;
  private final R descriptor;
  private final R scratch;

  AttendMerge(AttendFrame f) {
    this.f = f;
    a = f.a;
    attend = f.attend;
    kv = f.kv;
    group = f.group;
    descriptor = f.descriptor;
    scratch = f.scratch;
  }

  /**
   * Pages ascending: M, L, O, and O / L to where it is wanted. {@code part} stands behind the last
   * page.
   */
  void emit(Tile tile, R part) {
    int rows = tile.rows();
    R p = a.temp("p");
    R first = a.temp("first");
    a.move(first, scratch);
    a.add(first, AttendFrame.entries(tile));
    V sum = a.vec("sum");
    for (int r = 0; r < rows; r++) {
      V max = a.vec("max");
      V w = a.vec("w");
      a.constant(max, Float.NEGATIVE_INFINITY);
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.max(max, max, w);
          });
      Exp exp = new Exp(a);
      // From here on the page's weight stands where its maximum was.
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.sub(w, w, max);
            exp.exp(w);
            a.store(p, 0, w);
          });
      exp.free();
      a.zero(sum);
      V l = a.vec("page's sum");
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.load(l, p, LINE);
            a.fma(sum, l, w);
          });
      a.free(l, max, w);
      output(tile, r, p, first, part, sum);
    }
    a.free(sum);
    a.free(p, first);
  }

  private void eachPage(R p, R first, R end, int rows, int row, Runnable body) {
    a.move(p, first);
    if (row > 0) {
      a.add(p, row * f.entryBytes());
    }
    Place head = a.place("merge page");
    a.bind(head);
    body.run();
    a.add(p, rows * f.entryBytes());
    a.jumpIf(Compare.LT, p, end, head);
  }

  private void output(Tile tile, int row, R p, R first, R end, V sum) {
    int rows = tile.rows();
    int token = row / tile.heads();
    int dim = kv.headDim();
    R out = a.temp("out");
    R t = a.temp("t");
    V[] o = {a.vec("o"), a.vec("o")};
    for (int d = 0; d < dim; d += 2 * LANES) {
      int chunks = d + LANES < dim ? 2 : 1;
      int at = 2 * LINE + d * Float.BYTES;
      a.zero(o[0]);
      a.zero(o[1]);
      V l = a.vec("page's o");
      V w = a.vec("weight");
      eachPage(
          p,
          first,
          end,
          rows,
          row,
          () -> {
            a.load(w, p, 0);
            for (int c = 0; c < chunks; c++) {
              a.load(l, p, at + c * LINE);
              a.fma(o[c], l, w);
            }
          });
      a.free(l, w);
      for (int c = 0; c < chunks; c++) {
        a.div(o[c], o[c], sum);
      }
      // The row's place in a buffer: token · row bytes, and its head's columns.
      int column = (tile.firstHead() + row % tile.heads()) * dim + d;
      Buffer dense = attend.out();
      if (dense != null) {
        address(out, t, Descriptor.OUT, dense.rowBytes(), token, Float.BYTES);
        for (int c = 0; c < chunks; c++) {
          int count = Math.min(LANES, dim - d - c * LANES);
          a.storePart(out, (column + c * LANES) * Float.BYTES, o[c], count);
        }
      }
      Buffer quantized = attend.quantized();
      if (quantized != null) {
        quantize(quantized, token, column, o, out, t);
      }
    }
    a.free(o);
    a.free(out, t);
  }

  /** d = buffer + (AttendFrame.TOKEN + token) · row bytes + kvHead · group · headDim elements. */
  private void address(R d, R t, int base, int rowBytes, int token, int elementBytes) {
    a.load64(d, scratch, AttendFrame.TOKEN);
    if (token > 0) {
      a.add(d, token);
    }
    a.mul(d, d, rowBytes);
    a.load64(t, descriptor, base);
    a.add(d, t);
    a.load64(t, scratch, AttendFrame.KV_HEAD);
    a.mul(t, t, group * kv.headDim() * elementBytes);
    a.add(d, t);
  }

  private void quantize(Buffer buffer, int token, int column, V[] o, R q, R t) {
    R scales = a.temp("scales");
    R sums16 = a.temp("sums16");
    a.load64(scales, scratch, AttendFrame.TOKEN);
    if (token > 0) {
      a.add(scales, token);
    }
    a.mul(scales, scales, buffer.rowBytes());
    a.load64(t, descriptor, Descriptor.QUANTIZED);
    a.add(scales, t);
    // t = the row's first column of this kv head: a multiple of 32, as headDim is
    a.load64(t, scratch, AttendFrame.KV_HEAD);
    a.mul(t, t, group * kv.headDim());
    a.move(q, scales);
    a.move(sums16, scales);
    a.add(q, t);
    a.add(q, column);
    a.shiftRight(t, 3);
    a.add(scales, t);
    a.add(scales, column / 8);
    a.shiftLeft(t, 1);
    a.add(sums16, t);
    a.add(sums16, column / 4);
    QuantizeBlock block = new QuantizeBlock(a, buffer);
    block.emit(o[0], o[1], q, scales, sums16);
    block.free();
    a.free(scales, sums16);
  }
}
