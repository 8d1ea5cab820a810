package dev.vtc.tvl;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Tensors of random stored bytes, and the shapes and types that tests run over. */
final class TestTensors {
  static final List<DType> WEIGHT_TYPES =
      Arrays.stream(DType.values()).filter(DType::isWeight).toList();

  static final int[] ROWS = {1, 15, 16, 17, 63, 65, 172, 576};

  /** Numbers of columns that the type allows, with awkward tails for tile, unit and group. */
  static int[] columns(DType type) {
    return switch (type.blockSize()) {
      case 1 -> new int[] {1, 32, 63, 172, 257, 1025};
      case 32 -> new int[] {32, 96, 256, 576, 768, 1056, 2080};
      default -> new int[] {256, 768, 1280};
    };
  }

  private TestTensors() {}

  /** Every bit random: extreme scales, infinities and NaNs among them. */
  static Tensor random(Random random, DType type, int rows, int columns) {
    return random(random, "t", type, rows, columns);
  }

  static Tensor random(Random random, String name, DType type, int rows, int columns) {
    byte[] data = new byte[Math.toIntExact(rows * type.rowBytes(columns))];
    random.nextBytes(data);
    return new Tensor(name, type, rows, columns, MemorySegment.ofArray(data), 0);
  }

  static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  /** Seed of this run: -Dvtc.seed=… repeats one that failed. */
  static Random seeded(String test) {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println(test + ": -Dvtc.seed=" + seed);
    return new Random(seed);
  }
}
