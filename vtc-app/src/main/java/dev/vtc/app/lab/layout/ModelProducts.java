package dev.vtc.app.lab.layout;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.tvl.PagedMemory;
import dev.vtc.tvl.TvlFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * All products with weights of one step of a model, one after the other, in F32 by one variant: a
 * step without what is between the products (attention, norms, the choice of the token). Each
 * matrix has memory of its own, in huge pages where they are to be had, and random weights.
 *
 * <p>Owns the memory; used by one thread.
 */
public final class ModelProducts implements AutoCloseable {
  /** A matrix; rows are outputs. */
  public record Shape(int rows, int columns) {
    /** Whether there are kernels for it. */
    public boolean possible() {
      return columns % TvlFormat.GROUP_COLUMNS == 0;
    }

    private int paddedRows() {
      return TvlFormat.panels(rows) * TvlFormat.PANEL_ROWS;
    }
  }

  private static final int POOL = 1 << 14;

  private final LaneMachine machine;
  private final Variant variant;
  private final Arena arena = Arena.ofShared();
  private final ThreadTeam team;
  private final PagedMemory memory;
  private final List<Runnable> products = new ArrayList<>();
  private final Map<Shape, LayoutKernel> kernels = new HashMap<>();
  private final Map<Integer, Activations> inputs = new HashMap<>();

  /**
   * Allocates and fills the matrices.
   *
   * @param shapes in the order of a step, all {@link Shape#possible}
   * @throws IOException where there is no room
   */
  public ModelProducts(LaneMachine machine, Variant variant, List<Shape> shapes, int threads)
      throws IOException {
    this.machine = machine;
    this.variant = variant;
    long bytes = shapes.stream().mapToLong(s -> bytes(variant, s)).sum();
    memory = new PagedMemory(bytes, true);
    team = new ThreadTeam(threads);
    fill(memory.bytes());
    long at = 0;
    for (Shape shape : shapes) {
      MemorySegment matrix = memory.bytes().asSlice(at, bytes(variant, shape));
      at += matrix.byteSize();
      LayoutKernel kernel = kernels.computeIfAbsent(shape, this::kernel);
      Activations x = inputs.computeIfAbsent(shape.columns(), this::input);
      MemorySegment y = arena.allocate(kernel.resultBytes(), 64);
      products.add(() -> kernel.runAll(team, matrix, x, y));
    }
  }

  private static long bytes(Variant variant, Shape shape) {
    return WeightFormat.F32.bytes(variant, shape.paddedRows(), shape.columns());
  }

  private LayoutKernel kernel(Shape shape) {
    return new LayoutKernel(
        machine, WeightFormat.F32, variant, shape.paddedRows(), shape.columns());
  }

  private Activations input(int columns) {
    return new Activations(LayoutWeights.vector(columns, 1, new SplittableRandom(columns)), arena);
  }

  private void fill(MemorySegment to) {
    float[] pool = LayoutWeights.vector(POOL, 0.02f, new SplittableRandom(1));
    MemorySegment.copy(pool, 0, to, JAVA_FLOAT, 0, (int) Math.min(POOL, to.byteSize() / 4));
    // Doubling what is there.
    for (long done = 4L * POOL; done < to.byteSize(); done *= 2) {
      long count = Math.min(done, to.byteSize() - done);
      MemorySegment.copy(to, JAVA_BYTE, 0, to, JAVA_BYTE, done, count);
    }
  }

  /** One step: every product once. */
  public void step() {
    products.forEach(Runnable::run);
  }

  /** Bytes of weights that a step reads. */
  public long bytes() {
    return memory.bytes().byteSize();
  }

  /** Bytes of them that lie in pages of 2 MiB, or -1 where the system does not say. */
  public long hugeBytes() {
    return memory.hugeBytes();
  }

  @Override
  public void close() {
    team.close();
    kernels.values().forEach(LayoutKernel::close);
    memory.close();
    arena.close();
  }
}
