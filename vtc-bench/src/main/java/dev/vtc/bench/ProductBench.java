package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.tvl.TvlFormat;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Matrix products by themselves, each as a program of a machine: one token over weights larger than
 * the caches against a plain read of the same bytes, and 512 tokens against the core's peak.
 *
 * <p>Prints Markdown. Arguments: none.
 */
public final class ProductBench {
  private static final int COLUMNS = 576;
  private static final long GEMV_BYTES = 256L << 20;
  private static final int GEMM_ROWS = 1536;
  private static final int GEMM_PRODUCTS = 8;
  private static final int GEMM_TOKENS = 512;
  private static final int RUNS = 7;

  private final PrintStream out;
  private final Machine machine = Machines.choose(null, CpuFeatures.detect());

  private ProductBench(PrintStream out) {
    this.out = out;
  }

  /** Prints both tables. */
  public static void main(String[] args) {
    ProductBench bench = new ProductBench(System.out);
    try (Yardsticks yardsticks = new Yardsticks()) {
      bench.vectors(yardsticks);
      bench.tiles(yardsticks);
    }
  }

  private void vectors(Yardsticks yardsticks) {
    out.printf(
        Locale.ROOT,
        "## One token over weights larger than the caches (%s)%n%n"
            + "| format | threads | MB | plain read, GB/s | product, GB/s | share | target |%n"
            + "|---|--:|--:|--:|--:|--:|---|%n",
        machine.name());
    for (TvlFormat format :
        List.of(
            TvlFormat.Q4M,
            TvlFormat.Q4,
            TvlFormat.Q8,
            TvlFormat.F16,
            TvlFormat.BF16,
            TvlFormat.F32)) {
      int rows = (int) (GEMV_BYTES / format.panelBytes(COLUMNS)) * TvlFormat.PANEL_ROWS;
      for (int threads = 1; threads <= 2; threads++) {
        try (ThreadTeam team = new ThreadTeam(threads);
            BenchProgram product =
                BenchProgram.product(machine, format, rows, COLUMNS, 1, 1, team)) {
          // In turn, so that both meet the same minutes of the machine.
          double read = 0;
          double seconds = Double.MAX_VALUE;
          for (int i = 0; i < 3; i++) {
            read = Math.max(read, yardsticks.readRate(product.weights(), team));
            seconds = Math.min(seconds, Seconds.best(RUNS, product));
          }
          double rate = product.weights().byteSize() / seconds;
          out.printf(
              Locale.ROOT,
              "| %s | %d | %d | %.1f | %.1f | %.0f %% | 90 %%: %s |%n",
              format,
              threads,
              product.weights().byteSize() >> 20,
              read / 1e9,
              rate / 1e9,
              100 * rate / read,
              Mark.of(rate >= 0.9 * read));
        }
      }
    }
  }

  private void tiles(Yardsticks yardsticks) {
    double peak = yardsticks.peak();
    out.printf(
        Locale.ROOT,
        "%n## 512 tokens, one thread (%s)%n%nvpdpbusd on registers, independent accumulators: %.0f"
            + " GOPS; with one factor broadcast from the cache: %.0f GOPS.%n%n| format | shape |"
            + " GOPS | share of the peak | target |%n|---|---|--:|--:|---|%n",
        machine.name(),
        peak / 1e9,
        yardsticks.peakWithBroadcast() / 1e9);
    for (TvlFormat format :
        List.of(
            TvlFormat.Q8,
            TvlFormat.Q4M,
            TvlFormat.Q4,
            TvlFormat.F16,
            TvlFormat.BF16,
            TvlFormat.F32)) {
      try (ThreadTeam team = new ThreadTeam(1);
          BenchProgram product =
              BenchProgram.product(
                  machine, format, GEMM_ROWS, COLUMNS, GEMM_PRODUCTS, GEMM_TOKENS, team)) {
        double seconds = Seconds.best(RUNS, product);
        double rate = 2.0 * GEMM_ROWS * COLUMNS * GEMM_TOKENS * GEMM_PRODUCTS / seconds;
        boolean dense = format.isDense();
        out.printf(
            Locale.ROOT,
            "| %s | %d × %d | %.0f | %s | %s |%n",
            format,
            GEMM_ROWS,
            COLUMNS,
            rate / 1e9,
            dense ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * rate / peak),
            dense ? "" : "55 %: " + Mark.of(rate >= 0.55 * peak));
      }
    }
  }
}
