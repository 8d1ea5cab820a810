package dev.vtc.machine.java;

import dev.vtc.machine.Step;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.KvLayout;
import dev.vtc.program.Numerics;
import dev.vtc.program.PageTable;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Rules 7 and 8: positions turned into queries and keys, the KV cache written and read. One
 * instance a thread.
 */
final class Attention {
  private static final int PAGE = KvLayout.PAGE_POSITIONS;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final Program program;
  private final KvLayout kv;
  private final float[] query;
  private final float[] scores = new float[PAGE];
  private final float[] lanes = new float[16];
  // Of each page: largest score, sum of exponentials, and weighted sum of values.
  private final float[] pageMax;
  private final float[] pageSum;
  private final float[][] pageOut;
  private final float[] result;

  Attention(Program program, int maxPositions) {
    this.program = program;
    kv = program.kv();
    int pages = Math.ceilDiv(maxPositions, PAGE);
    query = new float[kv.headDim()];
    pageMax = new float[pages];
    pageSum = new float[pages];
    pageOut = new float[pages][kv.headDim()];
    result = new float[kv.headDim()];
  }

  /** Rule 7 for one token, then its keys and values into their page. */
  void ropeAndStore(RopeStoreKv r, Step step, int token, PageTable pages, JavaExecutable memory) {
    int position = step.position(token);
    if (r.rope() != null) {
      rotate(r.rope(), r.q(), memory.memory(r.q()), token, position);
      rotate(r.rope(), r.k(), memory.memory(r.k()), token, position);
    }
    MemorySegment page = pages.page(position / PAGE);
    int inPage = position % PAGE;
    MemorySegment k = memory.memory(r.k());
    MemorySegment v = memory.memory(r.v());
    long kRow = (long) token * r.k().rowBytes();
    long vRow = (long) token * r.v().rowBytes();
    for (int head = 0; head < kv.kvHeads(); head++) {
      long keys = kv.keyOffset(r.layer(), head);
      long values = kv.valueOffset(r.layer(), head);
      for (int d = 0; d < kv.headDim(); d++) {
        int column = head * kv.headDim() + d;
        put(page, keys, keyIndex(inPage, d), k.get(FLOAT, kRow + 4L * column));
        put(page, values, valueIndex(inPage, d), v.get(FLOAT, vRow + 4L * column));
      }
    }
  }

  private void rotate(Rope rope, Buffer buffer, MemorySegment memory, int token, int position) {
    int pairs = rope.pairs();
    int heads = buffer.width() / kv.headDim();
    for (int i = 0; i < pairs; i++) {
      float c = rope.cos(position, i);
      float s = rope.sin(position, i);
      boolean adjacent = rope.style() == Rope.Style.ADJACENT;
      int first = adjacent ? 2 * i : i;
      int second = adjacent ? 2 * i + 1 : i + pairs;
      for (int head = 0; head < heads; head++) {
        long at = (long) token * buffer.rowBytes() + 4L * head * kv.headDim();
        float x0 = memory.get(FLOAT, at + 4L * first);
        float x1 = memory.get(FLOAT, at + 4L * second);
        memory.set(FLOAT, at + 4L * first, Math.fma(x0, c, -(x1 * s)));
        memory.set(FLOAT, at + 4L * second, Math.fma(x0, s, x1 * c));
      }
    }
  }

  /** Rule 8 for one token and one query head. */
  void attend(Attend a, Step step, int token, int head, PageTable pages, JavaExecutable memory) {
    int kvHead = head / program.headsPerKvHead();
    int dim = kv.headDim();
    int end = step.position(token) + 1;
    int begin = a.window() > 0 ? Math.max(0, end - a.window()) : 0;
    MemorySegment q = memory.memory(a.q());
    MemorySegment.copy(q, FLOAT, (long) token * a.q().rowBytes() + 4L * head * dim, query, 0, dim);
    int firstPage = begin / PAGE;
    int lastPage = (end - 1) / PAGE;
    for (int j = firstPage; j <= lastPage; j++) {
      int from = Math.max(0, begin - j * PAGE);
      int to = Math.min(PAGE, end - j * PAGE);
      page(a, pages.page(j), kvHead, from, to, j);
    }
    float max = pageMax[firstPage];
    for (int j = firstPage + 1; j <= lastPage; j++) {
      max = Math.max(max, pageMax[j]);
    }
    float sum = 0;
    Arrays.fill(result, 0);
    for (int j = firstPage; j <= lastPage; j++) {
      float w = Numerics.exp(pageMax[j] - max);
      sum = Math.fma(pageSum[j], w, sum);
      for (int d = 0; d < dim; d++) {
        result[d] = Math.fma(pageOut[j][d], w, result[d]);
      }
    }
    for (int d = 0; d < dim; d++) {
      result[d] = result[d] / sum;
    }
    if (a.out() != null) {
      MemorySegment.copy(
          result,
          0,
          memory.memory(a.out()),
          FLOAT,
          (long) token * a.out().rowBytes() + 4L * head * dim,
          dim);
    }
    if (a.quantized() != null) {
      Vectors.quantize(
          result, 0, dim, a.quantized(), memory.memory(a.quantized()), token, head * dim);
    }
  }

  /** Positions from … to of one page. */
  private void page(Attend a, MemorySegment page, int kvHead, int from, int to, int j) {
    int dim = kv.headDim();
    long keys = kv.keyOffset(a.layer(), kvHead);
    long values = kv.valueOffset(a.layer(), kvHead);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      float s = 0;
      for (int d = 0; d < dim; d++) {
        s = Math.fma(query[d], get(page, keys, keyIndex(i, d)), s);
      }
      s *= a.scale();
      if (a.softcap() > 0) {
        s = a.softcap() * Numerics.tanh(s / a.softcap());
      }
      scores[i] = s;
      max = Math.max(max, s);
    }
    Arrays.fill(lanes, 0);
    float[] out = pageOut[j];
    Arrays.fill(out, 0);
    for (int i = from; i < to; i++) {
      float e = Numerics.exp(scores[i] - max);
      lanes[i % 16] += e;
      for (int d = 0; d < dim; d++) {
        out[d] = Math.fma(e, get(page, values, valueIndex(i, d)), out[d]);
      }
    }
    pageMax[j] = max;
    pageSum[j] = Numerics.fold16(lanes);
  }

  private int keyIndex(int position, int d) {
    return (position / 16 * kv.headDim() + d) * 16 + position % 16;
  }

  private int valueIndex(int position, int d) {
    return position * kv.paddedDim() + d;
  }

  private float get(MemorySegment page, long base, int index) {
    return switch (kv.type()) {
      case F16 -> Float.float16ToFloat(page.get(ValueLayout.JAVA_SHORT, base + 2L * index));
      case F32 -> page.get(FLOAT, base + 4L * index);
    };
  }

  private void put(MemorySegment page, long base, int index, float x) {
    switch (kv.type()) {
      case F16 -> page.set(ValueLayout.JAVA_SHORT, base + 2L * index, Float.floatToFloat16(x));
      case F32 -> page.set(FLOAT, base + 4L * index, x);
    }
  }
}
