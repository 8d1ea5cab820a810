package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.format.Metadata;
import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.PlainRead;
import dev.vtc.machine.registry.Machines;
import dev.vtc.model.Architectures;
import dev.vtc.model.ModelConfig;
import dev.vtc.model.ModelWeights;
import dev.vtc.model.PackedWeights;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.tvl.PackOptions;
import dev.vtc.tvl.PackProgress;
import dev.vtc.tvl.PackedCache;
import dev.vtc.tvl.PackedModel;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whole steps of a model: compilation and the first step of a cold process, steps of several tokens
 * and of several sequences against that of one, and what a step spends outside the products.
 *
 * <p>Prints Markdown. Arguments: model file, threads. To be started in a process of its own: the
 * first lines are about a cold one.
 */
public final class StepBench {
  private static final int POSITION = 32;
  private static final int RUNS = 41;

  /** More than any cache holds. */
  private static final long OTHER_BYTES = 1L << 30;

  private static final int HUNDREDTH = 100;
  private static final Limits LIMITS = new Limits(512, 32, 16, 1024);

  private final PrintStream out = System.out;
  private final ModelWeights weights;
  private final Program program;
  private final Machine machine = Machines.choose(null, CpuFeatures.detect());
  private final ThreadTeam team;

  private StepBench(PackedModel packed, int threads) {
    weights = new PackedWeights(packed);
    Metadata metadata = packed.metadata();
    ModelConfig config = ModelConfig.read(metadata, packed.matrix("token_embd.weight").rows());
    program = Architectures.build(config, metadata, weights, KvType.F16, config.trainedContext());
    team = new ThreadTeam(threads);
  }

  /** Prints the table. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    int threads = Integer.parseInt(args[1]);
    try (PackedModel packed =
        PackedCache.ofUser().open(file, PackOptions.defaults(), PackProgress.SILENT)) {
      packed.prefault(() -> true); // as a Model does, beside its other preparations
      new StepBench(packed, threads).run(file);
    }
  }

  private void run(Path file) {
    out.printf(
        Locale.ROOT,
        "%n## Steps of %s, %d thread(s) (%s)%n%n| what | measured | target |%n|---|--:|---|%n",
        file.getFileName(),
        team.threads(),
        machine.name());
    long start = System.nanoTime();
    Executable executable = machine.compile(program, weights, LIMITS, team);
    double compile = (System.nanoTime() - start) / 1e6;
    line("all kernels emitted and placed, cold process, ms", compile, "≤ 30", compile <= 30);
    try (executable;
        PagePool pool = new PagePool(program.kv(), 1L << 32)) {
      first(executable, pool);
      double one = batches(executable, pool, "", StepBench::warm);
      products(pool, one);
      cold(executable, pool);
    }
    team.close();
  }

  private void line(String what, double value, String target, boolean reached) {
    out.printf(Locale.ROOT, "| %s | %.2f | %s: %s |%n", what, value, target, Mark.of(reached));
  }

  /** The first step of the process against the median of those around the hundredth. */
  private void first(Executable executable, PagePool pool) {
    try (SequencePages pages = new SequencePages(pool)) {
      int steps = HUNDREDTH + 10;
      pages.reserve(0, steps);
      double[] seconds = new double[steps];
      Step step = new Step(LIMITS);
      int[] ids = {1};
      for (int i = 0; i < steps; i++) {
        long start = System.nanoTime();
        step.clear();
        step.add(ids, 0, 1, i, pages, 0);
        executable.run(step);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      double[] late = Arrays.copyOfRange(seconds, HUNDREDTH - 10, steps);
      Arrays.sort(late);
      double hundredth = late[late.length / 2];
      double ratio = seconds[0] / hundredth;
      line("first step against the hundredth", ratio, "≤ 1.2", ratio <= 1.2);
      out.printf(
          Locale.ROOT, "| second step against the hundredth | %.2f | |%n", seconds[1] / hundredth);
    }
  }

  /** Steps of several tokens and sequences against that of one, whose seconds it returns. */
  private double batches(
      Executable executable, PagePool pool, String where, ToDoubleFunction<Runnable> timing) {
    double one = step(executable, pool, 1, 1, timing);
    out.printf(Locale.ROOT, "| %sstep of 1 token, ms | %.3f | |%n", where, 1e3 * one);
    double four = step(executable, pool, 1, 4, timing) / one;
    line(where + "step of 4 tokens against 1", four, "≤ 1.25", four <= 1.25);
    double eight = step(executable, pool, 1, 8, timing) / one;
    line(where + "step of 8 tokens against 1", eight, "≤ 1.6", eight <= 1.6);
    double gain = 8 * one / step(executable, pool, 8, 1, timing);
    String together = "8 sequences together, times the tokens per second of one";
    line(where + together, gain, "≥ 5", gain >= 5);
    return one;
  }

  /**
   * The same when the caches hold other data, so that weights come from memory, as on a computer
   * whose last cache is smaller than the model; and what that alone does to a first step, and to a
   * plain read of the same weights by the same threads.
   */
  private void cold(Executable executable, PagePool pool) {
    try (Arena arena = Arena.ofShared();
        Yardsticks yardsticks = new Yardsticks()) {
      MemorySegment other = arena.allocate(OTHER_BYTES, 1 << 21).fill((byte) 1);
      Runnable evict = yardsticks.reading(slices(other), team);
      ToDoubleFunction<Runnable> cold = work -> afterEviction(work, evict);
      batches(executable, pool, "weights from memory: ", cold);
      List<MemorySegment> model = new ArrayList<>();
      for (Instruction i : program.instructions()) {
        if (i instanceof MatMul m) {
          for (Part part : m.parts()) {
            model.addAll(slices(weights.matrix(part.matrix().name()).data()));
          }
        }
      }
      Runnable read = yardsticks.reading(model, team);
      double step =
          step(executable, pool, 1, 1, cold) / step(executable, pool, 1, 1, StepBench::warm);
      double plain = cold.applyAsDouble(read) / warm(read);
      out.printf(
          Locale.ROOT, "| weights from memory against weights in caches: step | %.2f | |%n", step);
      out.printf(Locale.ROOT, "| the same, plain read | %.2f | |%n", plain);
    }
  }

  private static double warm(Runnable work) {
    return Seconds.median(RUNS, work);
  }

  private static double afterEviction(Runnable work, Runnable evict) {
    double[] seconds = new double[11];
    for (int i = 0; i < seconds.length; i++) {
      evict.run();
      long start = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }

  /** A segment in pieces that a plain read takes; what is left over at its end is left out. */
  private static List<MemorySegment> slices(MemorySegment segment) {
    List<MemorySegment> slices = new ArrayList<>();
    for (long at = 0; at + PlainRead.ROUND <= segment.byteSize(); at += Yardsticks.SLICE) {
      long bytes = Math.min(Yardsticks.SLICE, segment.byteSize() - at);
      slices.add(segment.asSlice(at, bytes / PlainRead.ROUND * PlainRead.ROUND));
    }
    return slices;
  }

  /**
   * Seconds of a step of {@code tokens} tokens, all of them wanted, of each of {@code sequences}.
   */
  private double step(
      Executable executable,
      PagePool pool,
      int sequences,
      int tokens,
      ToDoubleFunction<Runnable> timing) {
    List<SequencePages> all = new ArrayList<>();
    Step step = new Step(LIMITS);
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = 100 + i;
    }
    for (int s = 0; s < sequences; s++) {
      SequencePages pages = new SequencePages(pool);
      pages.reserve(0, POSITION + tokens);
      all.add(pages);
      step.add(ids, 0, tokens, POSITION, pages, 0);
    }
    double seconds = timing.applyAsDouble(() -> executable.run(step));
    all.forEach(SequencePages::close);
    return seconds;
  }

  /** The same program with nothing but its products: what is missing is the cost of the rest. */
  private void products(PagePool pool, double before) {
    List<Instruction> only = new ArrayList<>();
    for (Instruction i : program.instructions()) {
      if (i instanceof Embed || i instanceof MatMul) {
        only.add(i);
      }
    }
    Program bare =
        new Program(
            only,
            program.heads(),
            program.kv(),
            program.vocabulary(),
            program.logits(),
            program.tileMax());
    try (Executable products = machine.compile(bare, weights, LIMITS, team);
        Executable whole = machine.compile(program, weights, LIMITS, team)) {
      double seconds = step(products, pool, 1, 1, StepBench::warm);
      double one = Math.min(before, step(whole, pool, 1, 1, StepBench::warm));
      double share = 1 - seconds / one;
      line("outside the products, % of a step", 100 * share, "< 12", share < 0.12);
    }
  }
}
