package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
            Product product = new Product(machine, format, rows, 1, 1, team)) {
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
          Product product =
              new Product(machine, format, GEMM_ROWS, GEMM_PRODUCTS, GEMM_TOKENS, team)) {
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

  /** A program of a quantization and some products with the same matrix, and a step for it. */
  private static final class Product implements Runnable, AutoCloseable {
    private static final int VOCABULARY = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment weights;
    private final PagePool pool;
    private final SequencePages pages;
    private final Executable executable;
    private final Step step;

    Product(
        Machine machine, TvlFormat format, int rows, int products, int tokens, ThreadTeam team) {
      PackedTensor w = tensor("w", format, rows);
      PackedTensor table = tensor("table", TvlFormat.F32, VOCABULARY);
      weights = w.data();
      Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, COLUMNS);
      Buffer q = new Buffer("q", Type.Q8, Rows.TOKENS, COLUMNS);
      Buffer y = new Buffer("y", Type.F32, Rows.TOKENS, rows);
      List<Instruction> code = new ArrayList<>();
      code.add(new Embed(Matrix.of(table), x, 1));
      if (!format.isDense()) {
        code.add(new Quantize(x, q));
      }
      Part part = new Part(Matrix.of(w), format.isDense() ? x : q, y, null);
      for (int i = 0; i < products; i++) {
        code.add(MatMul.of(Epilogue.STORE, part));
      }
      KvLayout kv = new KvLayout(1, 1, 64, KvType.F16);
      Program program = new Program(code, 1, kv, VOCABULARY, y, y);
      Map<String, PackedTensor> tensors = Map.of("w", w, "table", table);
      Weights source =
          new Weights() {
            @Override
            public PackedTensor matrix(String name) {
              PackedTensor t = tensors.get(name);
              if (t == null) {
                throw new IllegalArgumentException("There is no matrix " + name + ".");
              }
              return t;
            }

            @Override
            public MemorySegment vector(String name) {
              throw new IllegalArgumentException("There is no vector " + name + ".");
            }
          };
      Limits limits = new Limits(tokens, 1, 1, GEMM_TOKENS);
      executable = machine.compile(program, source, limits, team);
      pool = new PagePool(kv, 1L << 30);
      pages = new SequencePages(pool);
      pages.reserve(tokens);
      step = new Step(limits);
      step.add(new int[tokens], 0, tokens, 0, pages, tokens);
    }

    /** Every byte the same: 1.06 as f16, 0.0115 as f32; nothing underflows or overflows. */
    private PackedTensor tensor(String name, TvlFormat format, int rows) {
      MemorySegment data = arena.allocate(format.bytes(rows, COLUMNS), 1 << 21).fill((byte) 0x3c);
      return new PackedTensor(name, format, rows, COLUMNS, format.panelBytes(COLUMNS), data);
    }

    MemorySegment weights() {
      return weights;
    }

    @Override
    public void run() {
      executable.run(step);
    }

    @Override
    public void close() {
      executable.close();
      pages.close();
      pool.close();
      arena.close();
    }
  }
}
