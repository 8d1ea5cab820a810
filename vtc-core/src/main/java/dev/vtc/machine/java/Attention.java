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
import org.jspecify.annotations.Nullable;

/**
 * Rules 7 and 8: positions turned into queries and keys, the KV cache written and read. One
 * instance a thread.
 */
final class Attention {
  private static final int PAGE = KvLayout.PAGE_POSITIONS;
  private static final int TILE = 16;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;

  private final Program program;
  private final KvLayout kv;

  // One kv head of one page, as f32. Keys as [d][position], so that a loop over positions is one
  // over an array.
  private final float[][] keys;
  private final float[][] values;
  private final short[] halves;

  private final float[] query;
  private final float[] scores = new float[PAGE];
  private final float[] lanes = new float[16];
  // Of each query head of the group and each page: largest score, sum of exponentials, weighted sum
  // of values.
  private final float[][] pageMax;
  private final float[][] pageSum;
  private final float[][][] pageOut;
  private final float[] result;

  Attention(Program program, int maxPositions) {
    this.program = program;
    kv = program.kv();
    int pages = Math.ceilDiv(maxPositions, PAGE);
    int group = program.headsPerKvHead();
    int dim = kv.headDim();
    keys = new float[dim][PAGE];
    values = new float[PAGE][dim];
    halves = new short[Math.max(PAGE, dim)];
    query = new float[dim];
    pageMax = new float[group][pages];
    pageSum = new float[group][pages];
    pageOut = new float[group][pages][dim];
    result = new float[dim];
  }

  /** Rule 7 for one token, then its keys and values into their page. */
  void ropeAndStore(
      RopeStoreKv r,
      Step step,
      int token,
      PageTable pages,
      @Nullable RopeAngles queryAngles,
      @Nullable RopeAngles angles,
      JavaExecutable memory) {
    int position = step.position(token);
    if (queryAngles != null && angles != null) {
      rotate(r.q(), memory.memory(r.q()), token, position, queryAngles);
      rotate(r.k(), memory.memory(r.k()), token, position, angles);
    }
    MemorySegment page = pages.page(kv.group(r.layer()), position / PAGE);
    int inPage = position % PAGE;
    MemorySegment k = memory.memory(r.k());
    MemorySegment v = memory.memory(r.v());
    long kRow = (long) token * r.k().rowBytes();
    long vRow = (long) token * r.v().rowBytes();
    for (int head = 0; head < kv.kvHeads(); head++) {
      long keyBase = kv.keyOffset(r.layer(), head);
      long valueBase = kv.valueOffset(r.layer(), head);
      for (int d = 0; d < kv.headDim(); d++) {
        int column = head * kv.headDim() + d;
        put(page, keyBase, keyIndex(inPage, d), k.get(FLOAT, kRow + 4L * column));
        put(page, valueBase, valueIndex(inPage, d), v.get(FLOAT, vRow + 4L * column));
      }
    }
  }

  private void rotate(
      Buffer buffer, MemorySegment memory, int token, int position, RopeAngles angles) {
    Rope rope = angles.rope();
    int pairs = rope.pairs();
    int heads = buffer.width() / kv.headDim();
    boolean adjacent = rope.style() == Rope.Style.ADJACENT;
    for (int i = 0; i < pairs; i++) {
      float c = angles.cos(position, i);
      float s = angles.sin(position, i);
      int first = adjacent ? 2 * i : i;
      int second = adjacent ? 2 * i + 1 : i + pairs;
      for (int head = 0; head < heads; head++) {
        long row = (long) token * buffer.rowBytes() + 4L * head * kv.headDim();
        float x0 = memory.get(FLOAT, row + 4L * first);
        float x1 = memory.get(FLOAT, row + 4L * second);
        memory.set(FLOAT, row + 4L * first, Math.fma(x0, c, -(x1 * s)));
        memory.set(FLOAT, row + 4L * second, Math.fma(x0, s, x1 * c));
      }
    }
  }

  /** Rule 8 for one token and the query heads that share one kv head. */
  void attend(Attend a, Step step, int token, int kvHead, PageTable pages, JavaExecutable memory) {
    int end = step.position(token) + 1;
    int begin = a.window() > 0 ? Math.max(0, end - a.window()) : 0;
    int firstPage = begin / PAGE;
    int lastPage = (end - 1) / PAGE;
    int group = program.headsPerKvHead();
    int layers = kv.group(a.layer());
    for (int j = firstPage; j <= lastPage; j++) {
      int from = Math.max(0, begin - j * PAGE);
      int to = Math.min(PAGE, end - j * PAGE);
      load(pages.page(layers, j), a.layer(), kvHead, from, to);
      for (int g = 0; g < group; g++) {
        page(a, token, kvHead * group + g, g, from, to, j, memory);
      }
    }
    for (int g = 0; g < group; g++) {
      merge(g, firstPage, lastPage);
      store(a, token, kvHead * group + g, memory);
    }
  }

  /** Pages ascending: each counts by its own maximum, relative to the largest. */
  private void merge(int g, int firstPage, int lastPage) {
    float max = pageMax[g][firstPage];
    for (int j = firstPage + 1; j <= lastPage; j++) {
      max = Math.max(max, pageMax[g][j]);
    }
    float sum = 0;
    Arrays.fill(result, 0);
    for (int j = firstPage; j <= lastPage; j++) {
      float w = Numerics.exp(pageMax[g][j] - max);
      sum = Math.fma(pageSum[g][j], w, sum);
      float[] out = pageOut[g][j];
      for (int d = 0; d < result.length; d++) {
        result[d] = Math.fma(out[d], w, result[d]);
      }
    }
    for (int d = 0; d < result.length; d++) {
      result[d] = result[d] / sum;
    }
  }

  private void store(Attend a, int token, int head, JavaExecutable memory) {
    int dim = kv.headDim();
    if (a.out() != null) {
      long at = (long) token * a.out().rowBytes() + 4L * head * dim;
      MemorySegment.copy(result, 0, memory.memory(a.out()), FLOAT, at, dim);
    }
    if (a.quantized() != null) {
      Vectors.quantize(
          result, 0, dim, a.quantized(), memory.memory(a.quantized()), token, head * dim);
    }
  }

  /** Positions from … to of the page that was loaded last, for one query head. */
  private void page(
      Attend a, int token, int head, int g, int from, int to, int j, JavaExecutable memory) {
    int dim = kv.headDim();
    long at = (long) token * a.q().rowBytes() + 4L * head * dim;
    MemorySegment.copy(memory.memory(a.q()), FLOAT, at, query, 0, dim);
    Arrays.fill(scores, 0);
    for (int d = 0; d < dim; d++) {
      float q = query[d];
      float[] k = keys[d];
      for (int i = from; i < to; i++) {
        scores[i] = Math.fma(q, k[i], scores[i]);
      }
    }
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      float s = scores[i] * a.scale();
      if (a.softcap() > 0) {
        s = a.softcap() * Numerics.tanh(s / a.softcap());
      }
      scores[i] = s;
      max = Math.max(max, s);
    }
    Arrays.fill(lanes, 0);
    float[] out = pageOut[g][j];
    Arrays.fill(out, 0);
    for (int i = from; i < to; i++) {
      float e = Numerics.exp(scores[i] - max);
      lanes[i % 16] += e;
      float[] v = values[i];
      for (int d = 0; d < dim; d++) {
        out[d] = Math.fma(e, v[d], out[d]);
      }
    }
    pageMax[g][j] = max;
    pageSum[g][j] = Numerics.fold16(lanes);
  }

  /** Keys and values of positions from … to, as they are stored, into plain arrays of f32. */
  private void load(MemorySegment page, int layer, int kvHead, int from, int to) {
    long keyBase = kv.keyOffset(layer, kvHead);
    long valueBase = kv.valueOffset(layer, kvHead);
    int firstTile = from / TILE * TILE;
    int end = Math.ceilDiv(to, TILE) * TILE;
    for (int d = 0; d < kv.headDim(); d++) {
      switch (kv.type()) {
        case F16 -> {
          for (int i = firstTile; i < end; i += TILE) {
            MemorySegment.copy(page, SHORT, keyBase + 2L * keyIndex(i, d), halves, i, TILE);
          }
          widen(halves, keys[d], firstTile, end);
        }
        case F32 -> {
          for (int i = firstTile; i < end; i += TILE) {
            MemorySegment.copy(page, FLOAT, keyBase + 4L * keyIndex(i, d), keys[d], i, TILE);
          }
        }
      }
    }
    int dim = kv.headDim();
    for (int i = from; i < to; i++) {
      switch (kv.type()) {
        case F16 -> {
          MemorySegment.copy(page, SHORT, valueBase + 2L * valueIndex(i, 0), halves, 0, dim);
          widen(halves, values[i], 0, dim);
        }
        case F32 ->
            MemorySegment.copy(page, FLOAT, valueBase + 4L * valueIndex(i, 0), values[i], 0, dim);
      }
    }
  }

  private static void widen(short[] halves, float[] into, int from, int to) {
    for (int i = from; i < to; i++) {
      into[i] = Float.float16ToFloat(halves[i]);
    }
  }

  private int keyIndex(int position, int d) {
    return (position / TILE * kv.headDim() + d) * TILE + position % TILE;
  }

  private int valueIndex(int position, int d) {
    return position * kv.paddedDim() + d;
  }

  private void put(MemorySegment page, long base, int index, float x) {
    switch (kv.type()) {
      case F16 -> page.set(SHORT, base + 2L * index, Float.floatToFloat16(x));
      case F32 -> page.set(FLOAT, base + 4L * index, x);
    }
  }
}
