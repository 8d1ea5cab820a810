package dev.vtc.testing;

import dev.vtc.program.Matrix;
import dev.vtc.program.Weights;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.Packer;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Random weights for programs that a test writes by hand. Its memory is the collector's. */
public final class TestWeights implements Weights {
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, PackedTensor> matrices = new HashMap<>();

  /** A matrix of a type, packed. */
  public Matrix matrix(Random random, String name, DType type, int rows, int columns) {
    byte[] data = RandomBlocks.of(random, type, rows * columns, (float) (1.5 / Math.sqrt(columns)));
    Tensor t = new Tensor(name, type, rows, columns, MemorySegment.ofArray(data), 0);
    TvlFormat format = TvlFormat.of(type);
    MemorySegment packed = Arena.ofAuto().allocate(format.bytes(rows, columns), 64);
    long stride = format.panelBytes(columns);
    Packer.pack(t, format, packed, stride, 0, TvlFormat.panels(rows));
    PackedTensor matrix = new PackedTensor(name, format, rows, columns, stride, packed);
    tensors.put(name, t);
    matrices.put(name, matrix);
    return Matrix.of(matrix);
  }

  /** A vector of f32. */
  public void vector(Random random, String name, int length) {
    byte[] data = RandomBlocks.of(random, DType.F32, length, 1);
    MemorySegment memory = Arena.ofAuto().allocate(data.length, 64);
    memory.copyFrom(MemorySegment.ofArray(data));
    tensors.put(name, new Tensor(name, DType.F32, 1, length, memory, 0));
  }

  /** What was stored. */
  public Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @Override
  public PackedTensor matrix(String name) {
    return Objects.requireNonNull(matrices.get(name), name);
  }

  @Override
  public MemorySegment vector(String name) {
    return tensor(name).data();
  }
}
