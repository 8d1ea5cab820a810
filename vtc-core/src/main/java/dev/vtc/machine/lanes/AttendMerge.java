package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.CHUNKS_LEFT;
import static dev.vtc.machine.lanes.AttendFrame.LANES;
import static dev.vtc.machine.lanes.AttendFrame.LINE;
import static dev.vtc.machine.lanes.AttendFrame.ROW;

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
    R p = a.temp("p");
    R first = a.temp("first");
    R column = a.temp("column");
    a.move(first, scratch);
    a.add(first, AttendFrame.entries(tile));
    a.set(column, tile.firstHead() * kv.headDim());
    a.store64(scratch, ROW, column);
    a.free(column);
    V sum = a.vec("sum");
    int pageBytes = tile.rows() * f.entryBytes();
    f.eachRow(
        tile,
        () -> {
          weights(p, first, part, pageBytes, sum);
          output(tile, p, first, part, pageBytes, sum);
          a.add(first, f.entryBytes());
        });
    a.free(sum);
    a.free(p, first);
  }

  /** A row's weights of its pages, where their maxima were, and the sum of all. */
  private void weights(R p, R first, R part, int pageBytes, V sum) {
    V max = a.vec("max");
    V w = a.vec("w");
    a.constant(max, Float.NEGATIVE_INFINITY);
    Place head = firstPage(p, first);
    a.load(w, p, 0);
    a.max(max, max, w);
    nextPage(head, p, part, pageBytes);
    Exp exp = new Exp(a);
    head = firstPage(p, first);
    a.load(w, p, 0);
    a.sub(w, w, max);
    exp.exp(w);
    a.store(p, 0, w);
    nextPage(head, p, part, pageBytes);
    exp.free();
    V l = max;
    a.zero(sum);
    head = firstPage(p, first);
    a.load(w, p, 0);
    a.load(l, p, LINE);
    a.fma(sum, l, w);
    nextPage(head, p, part, pageBytes);
    a.free(max, w);
  }

  private Place firstPage(R p, R first) {
    a.move(p, first);
    Place head = a.place("merge page");
    a.bind(head);
    return head;
  }

  private void nextPage(Place head, R p, R end, int pageBytes) {
    a.add(p, pageBytes);
    a.jumpIf(Compare.LT, p, end, head);
  }

  /** Where a row's results go: their element type decides how far a chunk moves on. */
  private record Out(R dense, R q, R scales, R sums16) {}

  private void output(Tile tile, R p, R first, R end, int pageBytes, V sum) {
    R dense = a.temp("out");
    R q = a.temp("q");
    R scales = a.temp("scales");
    R sums16 = a.temp("sums of 16");
    R values = a.temp("values");
    Out out = new Out(dense, q, scales, sums16);
    place(tile, out, values);
    int dim = kv.headDim();
    int chunk = 2 * LANES;
    int whole = dim / chunk;
    a.set(values, 2 * LINE);
    if (whole > 0) {
      R left = a.temp("chunks left");
      a.set(left, whole);
      a.store64(scratch, CHUNKS_LEFT, left);
      a.free(left);
      Place head = a.place("chunk");
      a.bind(head);
      chunk(out, p, first, end, pageBytes, values, sum, chunk);
      left = a.temp("chunks left");
      a.load64(left, scratch, CHUNKS_LEFT);
      a.add(left, -1);
      a.store64(scratch, CHUNKS_LEFT, left);
      a.jumpIf(Compare.NE, left, 0, head);
      a.free(left);
    }
    if (dim % chunk > 0) {
      chunk(out, p, first, end, pageBytes, values, sum, dim % chunk);
    }
    a.free(dense, q, scales, sums16, values);
  }

  /** Up to 32 dimensions of a row, those whose values lie {@code values} behind an entry. */
  private void chunk(Out out, R p, R first, R end, int pageBytes, R values, V sum, int dims) {
    V[] o = {a.vec("o"), a.vec("o")};
    a.zero(o[0]);
    a.zero(o[1]);
    V l = a.vec("page's o");
    V w = a.vec("weight");
    int lines = Math.ceilDiv(dims, LANES);
    R at = a.temp("page's values");
    Place head = firstPage(p, first);
    a.load(w, p, 0);
    a.move(at, p);
    a.add(at, values);
    for (int c = 0; c < lines; c++) {
      a.load(l, at, c * LINE);
      a.fma(o[c], l, w);
    }
    nextPage(head, p, end, pageBytes);
    a.free(at);
    a.free(l, w);
    a.add(values, 2 * LINE);
    for (int c = 0; c < lines; c++) {
      a.div(o[c], o[c], sum);
    }
    if (attend.out() != null) {
      for (int c = 0; c < lines; c++) {
        a.storePart(out.dense(), c * LINE, o[c], Math.min(LANES, dims - c * LANES));
      }
      a.add(out.dense(), 2 * LINE);
    }
    Buffer quantized = attend.quantized();
    if (quantized != null) {
      QuantizeBlock block = new QuantizeBlock(a, quantized);
      block.emit(o[0], o[1], out.q(), out.scales(), out.sums16());
      block.free();
      a.add(out.q(), 2 * LANES);
      a.add(out.scales(), Float.BYTES);
      a.add(out.sums16(), 2 * Integer.BYTES);
    }
    a.free(o);
  }

  /** The row's place in the buffers: token · row bytes, and its head's columns. */
  private void place(Tile tile, Out out, R column) {
    R t = out.sums16();
    // The first column of the row's head; ROW goes on to the next head's, or back to the first.
    a.load64(column, scratch, AttendFrame.KV_HEAD);
    a.mul(column, column, group * kv.headDim());
    a.load64(t, scratch, ROW);
    a.add(column, t);
    a.add(t, kv.headDim());
    Place sameToken = a.place("same token");
    a.jumpIf(Compare.LT, t, (tile.firstHead() + tile.heads()) * kv.headDim(), sameToken);
    a.set(t, tile.firstHead() * kv.headDim());
    a.bind(sameToken);
    a.store64(scratch, ROW, t);
    Buffer dense = attend.out();
    if (dense != null) {
      row(out.dense(), t, Descriptor.OUT, dense);
      a.move(t, column);
      a.shiftLeft(t, 2);
      a.add(out.dense(), t);
    }
    Buffer quantized = attend.quantized();
    if (quantized != null) {
      // Its columns are a multiple of 32, as headDim is.
      row(out.scales(), t, Descriptor.QUANTIZED, quantized);
      a.move(out.q(), out.scales());
      a.add(out.q(), column);
      a.shiftRight(column, 3);
      a.move(out.sums16(), out.scales());
      a.add(out.scales(), column);
      a.shiftLeft(column, 1);
      a.add(out.sums16(), column);
    }
  }

  /** d = buffer + token of the row · row bytes. */
  private void row(R d, R t, int base, Buffer buffer) {
    a.load64(d, scratch, AttendFrame.TOKEN);
    a.load64(t, scratch, AttendFrame.ROW_TOKEN);
    a.add(d, t);
    a.mul(d, d, buffer.rowBytes());
    a.load64(t, descriptor, base);
    a.add(d, t);
  }
}
