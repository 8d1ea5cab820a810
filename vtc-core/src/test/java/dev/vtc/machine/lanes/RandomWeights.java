package dev.vtc.machine.lanes;

import dev.vtc.program.Matrix;
import dev.vtc.program.Weights;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.Packer;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Random weights of every format, with finite scales, in guarded memory. */
final class RandomWeights implements Weights {
  private final Random random;
  private final GuardedMemory memory;
  private final Map<String, PackedTensor> matrices = new HashMap<>();
  private final Map<String, MemorySegment> vectors = new HashMap<>();

  RandomWeights(Random random, GuardedMemory memory) {
    this.random = random;
    this.memory = memory;
  }

  /** A matrix of random codes. */
  Matrix matrix(TvlFormat format, int rows, int columns) {
    return matrix(format, rows, columns, 0);
  }

  /** A matrix whose panels lie {@code gap} lines apart. */
  Matrix matrix(TvlFormat format, int rows, int columns, int gap) {
    DType type = format.source();
    byte[] stored = new byte[Math.toIntExact(rows * type.rowBytes(columns))];
    random.nextBytes(stored);
    MemorySegment data = MemorySegment.ofArray(stored);
    for (int at = 0; at < stored.length; at += type.blockBytes()) {
      tame(type, data, at);
    }
    return pack(new Tensor(name(), type, rows, columns, data, 0), format, gap);
  }

  /** An F32 matrix [rows, columns] of these values. */
  Matrix matrix(float[] values, int columns) {
    MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    Tensor t = new Tensor(name(), DType.F32, values.length / columns, columns, data, 0);
    return pack(t, TvlFormat.F32, 0);
  }

  private String name() {
    return "w" + matrices.size();
  }

  private Matrix pack(Tensor t, TvlFormat format, int gap) {
    int columns = (int) t.columns();
    int panels = TvlFormat.panels((int) t.rows());
    long panel = format.panelBytes(columns);
    long stride = panel + (long) gap * TvlFormat.LINE_BYTES;
    MemorySegment data = memory.allocate((panels - 1) * stride + panel);
    Packer.pack(t, format, data, stride, 0, panels);
    PackedTensor packed = new PackedTensor(t.name(), format, (int) t.rows(), columns, stride, data);
    matrices.put(t.name(), packed);
    return Matrix.of(packed);
  }

  /** Makes the scales of a block of random bytes moderate numbers. */
  private void tame(DType type, MemorySegment data, int at) {
    switch (type) {
      case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, weight());
      case F16, Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> half(data, at);
      case BF16 ->
          data.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              at,
              (short) (Float.floatToRawIntBits(weight()) >>> 16));
      case Q4_1, Q5_1, Q4_K, Q5_K -> {
        half(data, at);
        half(data, at + 2);
      }
      case Q2_K -> {
        half(data, at + 80);
        half(data, at + 82);
      }
      case Q3_K -> half(data, at + 108);
      case Q6_K -> half(data, at + 208);
      case MXFP4 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(110, 130));
      default -> throw new IllegalArgumentException(type.name());
    }
  }

  private void half(MemorySegment data, int at) {
    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(weight()));
  }

  private float weight() {
    return (float) random.nextGaussian() * 0.1f;
  }

  /** A vector of numbers about 1. */
  String vector(int length) {
    String name = "v" + vectors.size();
    MemorySegment v = memory.allocate(4L * length);
    for (int i = 0; i < length; i++) {
      v.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1 + weight());
    }
    vectors.put(name, v);
    return name;
  }

  @Override
  public PackedTensor matrix(String name) {
    return java.util.Objects.requireNonNull(matrices.get(name));
  }

  @Override
  public MemorySegment vector(String name) {
    return java.util.Objects.requireNonNull(vectors.get(name));
  }
}
