package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Rope;

/** RopeStoreKv: rule 7, and keys and values into their page. A unit is a token. */
final class AttentionKernels {
  private static final int LANES = 16;
  private static final int LINE = 64;

  private AttentionKernels() {}

  /** Bytes of the cos/sin table of one position; two runs of floats, see {@link #fillRope}. */
  static int ropeBytes(Rope rope) {
    return Math.ceilDiv(rope.pairs() * 2 * Float.BYTES, LINE) * LINE * 2;
  }

  /**
   * The table of a position as kernels read it. Adjacent pairs: first run c₀ s₀ c₁ s₁ …, second run
   * -s₀ c₀ -s₁ c₁ …, so that y = even · first + odd · second. Halves: first run c, second run s.
   */
  static void fillRope(Rope rope, int position, java.lang.foreign.MemorySegment row) {
    int half = ropeBytes(rope) / 2;
    for (int i = 0; i < rope.pairs(); i++) {
      float c = rope.cos(position, i);
      float s = rope.sin(position, i);
      if (rope.style() == Rope.Style.ADJACENT) {
        put(row, 8L * i, c);
        put(row, 8L * i + 4, s);
        put(row, half + 8L * i, -s);
        put(row, half + 8L * i + 4, c);
      } else {
        put(row, 4L * i, c);
        put(row, half + 4L * i, s);
      }
    }
  }

  private static void put(java.lang.foreign.MemorySegment row, long at, float x) {
    row.set(java.lang.foreign.ValueLayout.JAVA_FLOAT, at, x);
  }

  static void ropeAndStore(LaneAssembler a, RopeStoreKv r, KvLayout kv, int heads) {
    a.enter();
    R descriptor = a.kept("descriptor");
    R unit = a.kept("token");
    R end = a.kept("end");
    R context = a.kept("context");
    R a0 = a.arg(0);
    R a1 = a.arg(1);
    R a2 = a.arg(2);
    R a3 = a.arg(3);
    a.move(descriptor, a0);
    a.move(unit, a1);
    a.move(end, a2);
    a.move(context, a3);
    a.free(a0, a1, a2, a3);
    Place head = a.place("token");
    a.bind(head);
    R position = a.temp("position");
    a.load64(position, context, Context.POSITIONS);
    R t = a.temp("t");
    a.move(t, unit);
    a.shiftLeft(t, 2);
    a.add(position, t);
    a.load32(position, position, 0);
    Rope rope = r.rope();
    if (rope != null) {
      R table = a.temp("cos and sin");
      a.mul(table, position, ropeBytes(rope));
      a.load64(t, descriptor, Descriptor.QUERY_ROPE);
      a.add(table, t);
      rotate(
          a,
          rope,
          descriptor,
          Descriptor.IN,
          Descriptor.IN_STRIDE,
          unit,
          table,
          heads,
          kv.headDim());
      a.mul(table, position, ropeBytes(rope));
      a.load64(t, descriptor, Descriptor.ROPE);
      a.add(table, t);
      rotate(
          a,
          rope,
          descriptor,
          Descriptor.K_IN,
          Descriptor.K_STRIDE,
          unit,
          table,
          kv.kvHeads(),
          kv.headDim());
      a.free(table);
    }
    // t = the page's address + where the layer begins
    R page = a.temp("page");
    a.move(t, unit);
    a.shiftLeft(t, 3);
    a.load64(page, context, Context.PAGES);
    a.add(page, t);
    a.load64(page, page, 0);
    a.load64(t, descriptor, Descriptor.KV_PAGES);
    a.add(page, t);
    a.move(t, position);
    a.shiftRight(t, 8);
    a.shiftLeft(t, 3);
    a.add(page, t);
    a.load64(page, page, 0);
    a.load64(t, descriptor, Descriptor.KV);
    a.add(page, t);
    a.and(position, KvLayout.PAGE_POSITIONS - 1);
    storeKeys(a, kv, descriptor, unit, context, page, position);
    storeValues(a, kv, descriptor, unit, page, position);
    a.free(position, t, page);
    a.add(unit, 1);
    a.jumpIf(Compare.LT, unit, end, head);
    a.leave();
  }

  private static void rotate(
      LaneAssembler a,
      Rope rope,
      R descriptor,
      int base,
      int stride,
      R unit,
      R table,
      int heads,
      int headDim) {
    R x = a.temp("x");
    R n = a.temp("heads");
    Descriptor.row(a, x, descriptor, base, stride, unit);
    a.set(n, heads);
    Place head = a.place("head");
    a.bind(head);
    V x0 = a.vec("x0");
    V x1 = a.vec("x1");
    V c = a.vec("c");
    V s = a.vec("s");
    V y = a.vec("y");
    int half = ropeBytes(rope) / 2;
    if (rope.style() == Rope.Style.ADJACENT) {
      int dims = 2 * rope.pairs();
      for (int d = 0; d < dims; d += LANES) {
        int count = Math.min(LANES, dims - d);
        a.loadPart(y, x, 4 * d, count);
        a.duplicateEven(x0, y);
        a.duplicateOdd(x1, y);
        a.load(c, table, 4 * d);
        a.load(s, table, half + 4 * d);
        a.mul(y, x1, s);
        a.fma(y, x0, c);
        a.storePart(x, 4 * d, y, count);
      }
    } else {
      int pairs = rope.pairs();
      for (int i = 0; i < pairs; i += LANES) {
        int count = Math.min(LANES, pairs - i);
        a.loadPart(x0, x, 4 * i, count);
        a.loadPart(x1, x, 4 * (pairs + i), count);
        a.load(c, table, 4 * i);
        a.load(s, table, half + 4 * i);
        a.mul(y, x1, s);
        a.fms(y, x0, c);
        a.storePart(x, 4 * i, y, count);
        a.mul(y, x1, c);
        a.fma(y, x0, s);
        a.storePart(x, 4 * (pairs + i), y, count);
      }
    }
    a.free(x0, x1, c, s, y);
    a.add(x, headDim * Float.BYTES);
    a.add(n, -1);
    a.jumpIf(Compare.NE, n, 0, head);
    a.free(x, n);
  }

  /** Keys stand with 16 positions side by side: each element goes to a line of its own. */
  private static void storeKeys(
      LaneAssembler a, KvLayout kv, R descriptor, R unit, R context, R page, R position) {
    int bytes = kv.type().bytes();
    R x = a.temp("k");
    R to = a.temp("to");
    R from = a.temp("from");
    R w = a.temp("element");
    R n = a.temp("heads");
    Descriptor.row(a, x, descriptor, Descriptor.K_IN, Descriptor.K_STRIDE, unit);
    // to = page + (position / 16 · headDim · 16 + position % 16) elements
    a.move(to, position);
    a.shiftRight(to, 4);
    a.mul(to, to, kv.headDim() * LANES * bytes);
    a.add(to, page);
    a.move(w, position);
    a.and(w, LANES - 1);
    a.mul(w, w, bytes);
    a.add(to, w);
    a.set(n, kv.kvHeads());
    Place head = a.place("head");
    a.bind(head);
    V v = a.vec("k");
    for (int d = 0; d < kv.headDim(); d += LANES) {
      int count = Math.min(LANES, kv.headDim() - d);
      a.loadPart(v, x, 4 * d, count);
      a.load64(from, context, Context.SCRATCH);
      if (kv.type() == KvType.F16) {
        a.storeHalf(from, 0, v);
      } else {
        a.store(from, 0, v);
      }
      for (int i = 0; i < count; i++) {
        if (kv.type() == KvType.F16) {
          a.load16(w, from, 2 * i);
          a.store16(to, (d + i) * LANES * bytes, w);
        } else {
          a.load32(w, from, 4 * i);
          a.store32(to, (d + i) * LANES * bytes, w);
        }
      }
    }
    a.free(v);
    a.add(x, kv.headDim() * Float.BYTES);
    a.add(to, Math.toIntExact(kv.keyBytes() + kv.valueBytes()));
    a.add(n, -1);
    a.jumpIf(Compare.NE, n, 0, head);
    a.free(x, to, from, w, n);
  }

  private static void storeValues(
      LaneAssembler a, KvLayout kv, R descriptor, R unit, R page, R position) {
    int bytes = kv.type().bytes();
    R x = a.temp("v");
    R to = a.temp("to");
    R n = a.temp("heads");
    Descriptor.row(a, x, descriptor, Descriptor.V_IN, Descriptor.V_STRIDE, unit);
    a.mul(to, position, kv.paddedDim() * bytes);
    a.add(to, page);
    a.add(to, Math.toIntExact(kv.keyBytes()));
    a.set(n, kv.kvHeads());
    Place head = a.place("head");
    a.bind(head);
    V v = a.vec("v");
    for (int d = 0; d < kv.headDim(); d += LANES) {
      a.loadPart(v, x, 4 * d, Math.min(LANES, kv.headDim() - d));
      if (kv.type() == KvType.F16) {
        a.storeHalf(to, d * bytes, v);
      } else {
        a.store(to, d * bytes, v);
      }
    }
    a.free(v);
    a.add(x, kv.headDim() * Float.BYTES);
    a.add(to, Math.toIntExact(kv.keyBytes() + kv.valueBytes()));
    a.add(n, -1);
    a.jumpIf(Compare.NE, n, 0, head);
    a.free(x, to, n);
  }
}
