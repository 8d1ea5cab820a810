package dev.vtc.app.lab.layout;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The vector x of a product in the forms that kernels read, made once and not part of what is
 * timed.
 *
 * <pre>
 * dense row      x as f32                                                        (a row of an F32 buffer)
 * quantized row  q, d and sums of blocks by rule 3 of docs/numerics.md           (a row of a Q8 buffer)
 * pairs          for each 64 columns: q, 64 bytes; Σ of each 4 q, 16 × int32;
 *                d of the first block 8 times, d of the second 8 times, f32      (192 bytes)
 * </pre>
 *
 * The pairs are for the row-major SIMD kernel of quantized weights: what it needs of two blocks, in
 * the lanes where it needs it.
 */
final class Activations {
  /** Bytes of the pairs' form for 64 columns. */
  static final int PAIR_BYTES = 192;

  static final int PAIR_SUMS = 64;
  static final int PAIR_SCALES = 128;

  private static final int BLOCK = 32;
  private static final int PAIR = 64;

  /** Below this the largest magnitude counts as nothing: rule 3. */
  private static final float LEAST = 0x1p-100f;

  private final MemorySegment dense;
  private final MemorySegment quantized;
  private final MemorySegment pairs;

  /**
   * Quantizes x.
   *
   * @param x a multiple of 64 numbers
   */
  Activations(float[] x, Arena arena) {
    if (x.length == 0 || x.length % PAIR != 0) {
      throw new IllegalArgumentException("A multiple of 64 columns is needed, not " + x.length);
    }
    Buffer row = quantizedRow(x.length);
    dense = arena.allocate(denseRow(x.length).rowBytes(), PAIR);
    quantized = arena.allocate(row.rowBytes(), PAIR);
    pairs = arena.allocate((long) x.length / PAIR * PAIR_BYTES, PAIR);
    MemorySegment.copy(x, 0, dense, JAVA_FLOAT, 0, x.length);
    for (int block = 0; block < x.length / BLOCK; block++) {
      quantize(x, block, row);
    }
  }

  static Buffer denseRow(int columns) {
    return new Buffer("x", Type.F32, Rows.TOKENS, columns);
  }

  static Buffer quantizedRow(int columns) {
    return new Buffer("q", Type.Q8, Rows.TOKENS, columns);
  }

  private void quantize(float[] x, int block, Buffer row) {
    float most = 0;
    for (int i = 0; i < BLOCK; i++) {
      most = Math.max(most, Math.abs(x[block * BLOCK + i]));
    }
    boolean nothing = most < LEAST;
    float d = nothing ? 0 : most / 127;
    float inverse = nothing ? 0 : 127 / most;
    long pair = (long) block / 2 * PAIR_BYTES;
    int half = block % 2;
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      int q = (int) Math.rint(x[block * BLOCK + i] * inverse);
      quantized.set(JAVA_BYTE, (long) block * BLOCK + i, (byte) q);
      pairs.set(JAVA_BYTE, pair + (long) half * BLOCK + i, (byte) q);
      sum += q;
      add(pairs, pair + PAIR_SUMS + 4L * ((half * BLOCK + i) / 4), -q);
      add(quantized, row.sum16Offset() + 4L * (2 * block + i / 16), -q);
    }
    quantized.set(JAVA_FLOAT, row.dOffset() + 4L * block, d);
    quantized.set(JAVA_FLOAT, row.sOffset() + 4L * block, d * sum);
    for (int shift : new int[] {Buffer.OFFSET_8, Buffer.OFFSET_128}) {
      quantized.set(JAVA_INT, row.offsetSums(shift) + 4L * block, -sum << shift);
    }
    for (int i = 0; i < 8; i++) {
      pairs.set(JAVA_FLOAT, pair + PAIR_SCALES + 4L * (half * 8 + i), d);
    }
  }

  private static void add(MemorySegment m, long at, int value) {
    m.set(JAVA_INT, at, m.get(JAVA_INT, at) + value);
  }

  /** What the kernel of a variant takes as x. */
  MemorySegment of(WeightFormat format, Variant variant) {
    return format.isDense() ? dense : variant == Variant.ROW_SIMD ? pairs : quantized;
  }

  /** The numbers that a product with quantized weights sees instead of x: q · d of each column. */
  float quantizedValue(int column) {
    float d = quantized.get(JAVA_FLOAT, quantizedRow(columns()).dOffset() + 4L * (column / BLOCK));
    return d * quantized.get(JAVA_BYTE, column);
  }

  float value(int column) {
    return dense.getAtIndex(JAVA_FLOAT, column);
  }

  private int columns() {
    return (int) (pairs.byteSize() / PAIR_BYTES) * PAIR;
  }
}
