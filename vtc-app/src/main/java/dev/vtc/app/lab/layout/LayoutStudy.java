package dev.vtc.app.lab.layout;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.vtc.app.Samples;
import dev.vtc.app.lab.HardwareCounters;
import dev.vtc.app.lab.Steps;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.PlainRead;
import dev.vtc.tvl.PagedMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Times all variants of a product over matrices of one size, each beside a plain read of the same
 * bytes by the same threads, and checks their results against each other.
 */
public final class LayoutStudy implements AutoCloseable {
  private static final long SLICE_BYTES = 256 << 10;
  private static final int BASE_ROWS = 128;
  private static final long SEED = 1;

  /** The unit roundoff of f32. */
  private static final double ROUNDOFF = 0x1p-24;

  /**
   * What was measured of one variant.
   *
   * @param hugeShare share of the matrix that lay in pages of 2 MiB, NaN where the system does not
   *     say
   * @param seconds of a product
   * @param readSeconds of a plain read of the same bytes, in turn with the products
   * @param counts of the hardware for one product, where it has counters
   */
  public record Timing(
      WeightFormat format,
      boolean hugePages,
      double hugeShare,
      Variant variant,
      long bytes,
      long weights,
      Samples seconds,
      Samples readSeconds,
      @Nullable Map<String, Long> counts) {
    /** Bytes of weights per second, by the median. */
    public double rate() {
      return bytes / seconds.median();
    }

    /** Bytes per second of the plain read, by the median. */
    public double readRate() {
      return bytes / readSeconds.median();
    }

    /** Speed as a share of the plain read's. */
    public double shareOfRead() {
      return readSeconds.median() / seconds.median();
    }
  }

  private final LaneMachine machine;
  private final ThreadTeam team;
  private final PlainRead reader;
  private final int columns;
  private final long sizeBytes;
  private final int runs;

  /**
   * Prepares a study.
   *
   * @param sizeBytes of each matrix, about
   * @param columns of each matrix, a multiple of 64
   * @param runs that are measured, after one that is not
   */
  public LayoutStudy(LaneMachine machine, int threads, long sizeBytes, int columns, int runs) {
    this.machine = machine;
    this.columns = columns;
    this.sizeBytes = sizeBytes;
    this.runs = runs;
    reader = new PlainRead(machine);
    team = new ThreadTeam(threads);
  }

  /** Rows of the matrix of a format: whole repetitions of the base, about the wanted size. */
  int rows(WeightFormat format) {
    long base = format.bytes(Variant.ROW_SIMD, BASE_ROWS, columns);
    return Math.toIntExact(Math.max(1, Math.round((double) sizeBytes / base)) * BASE_ROWS);
  }

  /** The steps that {@link #measure} reports for a format and size of page. */
  public long steps() {
    return (long) Variant.values().length * (runs + 1);
  }

  /**
   * Measures all variants of a format.
   *
   * @param hugePages whether pages of 2 MiB are asked for, or those of the usual size
   * @return what was measured before the user stopped it
   * @throws IllegalStateException where two variants disagree
   */
  public List<Timing> measure(
      WeightFormat format, boolean hugePages, HardwareCounters counters, Steps steps)
      throws IOException, InterruptedException {
    List<Timing> timings = new ArrayList<>();
    int rows = rows(format);
    try (Arena arena = Arena.ofShared()) {
      LayoutWeights base = new LayoutWeights(format, BASE_ROWS, columns, SEED, arena);
      Activations x =
          new Activations(LayoutWeights.vector(columns, 1, new SplittableRandom(SEED + 1)), arena);
      float[] expected = new float[0];
      for (Variant variant :
          List.of(Variant.TVL_SIMD, Variant.TVL_SCALAR, Variant.ROW_SIMD, Variant.ROW_SCALAR)) {
        if (!steps.goOn()) {
          break;
        }
        long bytes = format.bytes(variant, rows, columns);
        try (PagedMemory memory = new PagedMemory(bytes, hugePages);
            LayoutKernel kernel = new LayoutKernel(machine, format, variant, rows, columns)) {
          base.repeat(variant, memory.bytes());
          MemorySegment y = arena.allocate(kernel.resultBytes(), 64);
          Timing timing = time(format, hugePages, memory, kernel, x, y, rows, counters, steps);
          float[] result = new float[BASE_ROWS];
          MemorySegment.copy(y, JAVA_FLOAT, 0, result, 0, BASE_ROWS);
          if (variant == Variant.TVL_SIMD) {
            expected = result;
          }
          check(format, variant, base, x, result, expected);
          if (timing != null) {
            timings.add(timing);
          }
        }
      }
    }
    return timings;
  }

  private @Nullable Timing time(
      WeightFormat format,
      boolean hugePages,
      PagedMemory memory,
      LayoutKernel kernel,
      Activations x,
      MemorySegment y,
      int rows,
      HardwareCounters counters,
      Steps steps)
      throws IOException, InterruptedException {
    MemorySegment matrix = memory.bytes();
    Runnable product = () -> kernel.runAll(team, matrix, x, y);
    double[] seconds = new double[runs];
    double[] reading = new double[runs];
    for (int r = -1; r < runs; r++) {
      if (r >= 0 && !steps.goOn()) {
        return null;
      }
      // In turn, so that both meet the same minutes of the machine.
      double read = seconds(() -> read(matrix));
      double computed = seconds(product);
      if (r >= 0) {
        reading[r] = read;
        seconds[r] = computed;
      }
      steps.step();
    }
    long huge = memory.hugeBytes();
    return new Timing(
        format,
        hugePages,
        huge < 0 ? Double.NaN : (double) huge / matrix.byteSize(),
        kernel.variant(),
        matrix.byteSize(),
        (long) rows * columns,
        new Samples(seconds),
        new Samples(reading),
        counters.work() ? counters.count(product) : null);
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private void read(MemorySegment matrix) {
    int slices = Math.toIntExact(Math.ceilDiv(matrix.byteSize(), SLICE_BYTES));
    AtomicInteger next = new AtomicInteger();
    team.run(_ -> {
      for (int s; (s = next.getAndIncrement()) < slices; ) {
        long from = s * SLICE_BYTES;
        long count = Math.min(SLICE_BYTES, matrix.byteSize() - from);
        reader.read(matrix.asSlice(from, count / PlainRead.ROUND * PlainRead.ROUND));
      }
    });
  }

  /**
   * All but the row-major vectors have one order of additions; theirs is another, and each order is
   * within γ(n)·Σ|w·x| of the exact sum, γ(n) = n·u / (1 - n·u) with n the roundings that a term
   * may meet (N. Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
   */
  private void check(
      WeightFormat format,
      Variant variant,
      LayoutWeights base,
      Activations x,
      float[] result,
      float[] expected) {
    double n = (columns + 3) * ROUNDOFF;
    double gamma = n / (1 - n);
    for (int r = 0; r < BASE_ROWS; r++) {
      double bound = variant == Variant.ROW_SIMD ? 2 * gamma * base.magnitude(r, x) : 0;
      if (!(Math.abs((double) result[r] - expected[r]) <= bound)) {
        throw new IllegalStateException(
            variant.title()
                + " and "
                + Variant.TVL_SIMD.title()
                + " of "
                + format
                + " on "
                + machine.name()
                + " disagree in row "
                + r
                + ": "
                + result[r]
                + " and "
                + expected[r]
                + "; please report it.");
      }
    }
  }

  @Override
  public void close() {
    team.close();
    reader.close();
  }
}
