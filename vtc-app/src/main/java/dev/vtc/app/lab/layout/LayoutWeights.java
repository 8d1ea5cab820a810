package dev.vtc.app.lab.layout;

import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import dev.vtc.tvl.Packer;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The same random weights row by row and in panels: some rows that a larger matrix repeats, since a
 * product's time does not depend on the values.
 */
final class LayoutWeights {
  private static final float SPREAD = 0.02f;

  private final WeightFormat format;
  private final int rows;
  private final int columns;
  private final MemorySegment rowMajor;
  private final MemorySegment panels;

  /**
   * Makes them.
   *
   * @param rows a multiple of 16
   * @param columns a multiple of 64
   * @param seed of the random numbers
   */
  LayoutWeights(WeightFormat format, int rows, int columns, long seed, Arena arena) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    rowMajor = arena.allocate(format.bytes(Variant.ROW_SIMD, rows, columns), 64);
    panels = arena.allocate(format.bytes(Variant.TVL_SIMD, rows, columns), 64);
    SplittableRandom random = new SplittableRandom(seed);
    long rowBytes = format.rowMajor().rowBytes(columns);
    for (int row = 0; row < rows; row++) {
      float[] values = vector(columns, SPREAD, random);
      Quantizer.quantize(format.rowMajor(), values, 0, rowMajor, row * rowBytes, columns);
    }
    TvlFormat tvl = format.tvl();
    Packer.pack(tensor(), tvl, panels, tvl.panelBytes(columns), 0, TvlFormat.panels(rows));
  }

  /** Numbers of a normal distribution. */
  static float[] vector(int length, float spread, SplittableRandom random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (spread * random.nextGaussian());
    }
    return values;
  }

  /** The rows as they are stored. */
  Tensor tensor() {
    return new Tensor("w", format.rowMajor(), rows, columns, rowMajor, 0);
  }

  /** All rows in a variant's layout. */
  MemorySegment bytes(Variant variant) {
    return variant.tvl() ? panels : rowMajor;
  }

  /** Σ|w·x| of a row, with x as products with this format see it. */
  double magnitude(int row, Activations x) {
    float[] w = new float[columns];
    Decoder.decodeRow(tensor(), row, w, 0);
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += Math.abs((double) w[c] * (format.isDense() ? x.value(c) : x.quantizedValue(c)));
    }
    return sum;
  }

  /**
   * Fills a larger matrix with these rows, again and again.
   *
   * @param to a multiple of {@link #bytes} long
   */
  void repeat(Variant variant, MemorySegment to) {
    MemorySegment from = bytes(variant);
    for (long at = 0; at < to.byteSize(); at += from.byteSize()) {
      to.asSlice(at, from.byteSize()).copyFrom(from);
    }
  }
}
