package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.kv.SequencePages;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.tensor.DType;
import dev.vtc.testing.RealModel;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What docs/numerics.md promises: the same logits, to the last bit, whatever the machine, the
 * threads, the chunks and the company.
 */
class InvarianceTest {
  private static final int[] THREADS = {1, 2, 3};
  private static final int[] CHUNKS = {1, 7, 64, 512};

  /** Longer than a page of 256 positions. */
  private static final int PROMPT = 273;

  @TempDir Path folder;

  private static Limits limits(int positions) {
    // 512 tokens of the prompt and what its company brings.
    return new Limits(512 + 16, 512 + 16, 8, positions);
  }

  private record Case(String machine, int threads, int chunk, int companions) {}

  /** Hash of every way to compute a prompt's logits. */
  private static Map<String, List<Case>> hashes(
      Rig.Loaded model, List<Machine> machines, int[] prompt, int[] chunks, int[] companions) {
    Map<String, List<Case>> seen = new TreeMap<>();
    for (Machine machine : machines) {
      for (int threads : THREADS) {
        try (Rig rig = new Rig(model, machine, threads, limits(prompt.length * 3 + 3))) {
          for (int chunk : chunks) {
            for (int with : companions) {
              String hash = Replay.hash(rig, prompt, chunk, with);
              seen.computeIfAbsent(hash, h -> new ArrayList<>())
                  .add(new Case(machine.name(), threads, chunk, with));
            }
          }
        }
      }
    }
    return seen;
  }

  private void sameBits(TinyModel.Shape shape, String name) {
    Path file = TinyModel.of(shape, 7).write(folder.resolve(name + ".gguf"));
    sameBits(file, name, shape.vocabulary());
  }

  private static void sameBits(Path file, String name, int vocabulary) {
    List<Machine> machines = Rig.machines("invariance " + name);
    assertThat(machines).isNotEmpty();
    try (Rig.Loaded model = Rig.load(file, KvType.F16)) {
      int[] prompt = Replay.prompt(1, PROMPT, vocabulary);
      Map<String, List<Case>> seen = hashes(model, machines, prompt, CHUNKS, new int[] {0, 3});
      // Once more, and nothing of the first time may be left.
      hashes(model, machines, prompt, new int[] {64}, new int[] {3, 0})
          .forEach((h, cases) -> seen.computeIfAbsent(h, x -> new ArrayList<>()).addAll(cases));
      assertThat(seen).as("hashes and who got them").hasSize(1);
    }
  }

  @Test
  void denseModelOfOddSizes() {
    sameBits(TinyModel.ODD_DENSE, "dense");
  }

  @Test
  void blocksOf32() {
    sameBits(TinyModel.BLOCKS, "blocks");
  }

  @Test
  void superBlocks() {
    sameBits(TinyModel.SUPER_BLOCKS, "super-blocks");
  }

  @ParameterizedTest
  @CsvSource({"qwen3moe-wide, Q4_0", "llama-experts, F16", "mistral3, F32"})
  void expertsAndGrowingQueries(String name, DType type) {
    TinyArchitecture model = Objects.requireNonNull(TinyArchitecture.all().get(name));
    sameBits(model.write(folder.resolve(name + ".gguf"), type), name, 50);
  }

  /**
   * Layers that give back the pages behind their window, against the same program that keeps them
   * all.
   */
  @ParameterizedTest
  @CsvSource({
    "gemma2, 6, F16",
    "gemma3, 300, F16",
    "gemma3-wide, 70, F32",
    "olmo2-sliding, 5, F32"
  })
  void windowsThatGiveBackPages(String name, int window, DType type) {
    TinyArchitecture model = Objects.requireNonNull(TinyArchitecture.all().get(name));
    String key = model.metadata().get("general.architecture") + ".attention.sliding_window";
    Path file = model.with(key, (long) window).write(folder.resolve(name + ".gguf"), type);
    int[] prompt = Replay.prompt(1, 1100, 50);
    List<Machine> machines = Rig.machines("windows of " + name);
    try (Rig.Loaded loaded = Rig.load(file, KvType.F16, 3 * prompt.length + 3)) {
      Program program = loaded.program();
      assertThat(program.kv().groups()).isEqualTo(2);
      List<Machine> fast = machines.stream().filter(m -> !isPortable(m)).toList();
      Map<String, List<Case>> seen =
          hashes(loaded, fast, prompt, new int[] {1, 64, 512}, new int[] {0, 3});
      for (Machine machine : machines) {
        try (Rig all = new Rig(loaded.weights(), all(program), machine, 2, limits(1200));
            Rig few = new Rig(loaded, machine, 2, limits(1200))) {
          for (Rig rig : List.of(all, few)) {
            seen.computeIfAbsent(Replay.hash(rig, prompt, 64, 0), h -> new ArrayList<>())
                .add(new Case(machine.name(), 2, 64, 0));
          }
          assertThat(few.pool().allocatedBytes())
              .isLessThan(all.pool().allocatedBytes())
              .isLessThanOrEqualTo(SequencePages.mostBytes(program.kv(), prompt.length, 64));
        }
      }
      assertThat(seen).as("hashes and who got them").hasSize(1);
    }
  }

  /** The program with a cache that keeps all positions for all layers. */
  private static Program all(Program p) {
    KvLayout kv = p.kv();
    KvLayout all = new KvLayout(kv.layers(), kv.kvHeads(), kv.headDim(), kv.type());
    return new Program(p.instructions(), p.heads(), all, p.vocabulary(), p.logits(), p.tileMax());
  }

  /** The check itself: another order of the same additions must be noticed. */
  @Test
  void anotherOrderOfAdditionsIsNoticed() {
    TinyModel.Shape shape = new TinyModel.Shape(1, 60, 172, 6, 3, 173, 600, List.of(DType.F32));
    TinyModel tiny = TinyModel.of(shape, 7);
    Path a = tiny.write(folder.resolve("a.gguf"));
    Path b = tiny.withReversedFeedForward().write(folder.resolve("b.gguf"));
    int[] prompt = Replay.prompt(1, 20, shape.vocabulary());
    for (Machine machine : Rig.machines("order of additions")) {
      try (Rig.Loaded one = Rig.load(a, KvType.F16);
          Rig.Loaded two = Rig.load(b, KvType.F16);
          Rig first = new Rig(one, machine, 1, limits(64));
          Rig second = new Rig(two, machine, 1, limits(64))) {
        assertThat(Replay.hash(first, prompt, 7, 0))
            .isNotEqualTo(Replay.hash(second, prompt, 7, 0));
        // It is the same function but for rounding: sums of 172 products, each within 2^-24.
        float[][] x = Replay.logits(first, prompt, 7);
        float[][] y = Replay.logits(second, prompt, 7);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
          for (int j = 0; j < x[i].length; j++) {
            worst = Math.max(worst, Math.abs(x[i][j] - y[i][j]));
          }
        }
        assertThat(worst).isPositive().isLessThan(0.02);
      }
    }
  }

  @Test
  void realModel() {
    List<Path> files = RealModel.files();
    assumeTrue(!files.isEmpty(), RealModel.ABSENT);
    for (Path file : files) {
      realModel(file);
    }
  }

  private static void realModel(Path file) {
    List<Machine> machines = Rig.machines("invariance of " + file.getFileName());
    boolean onlyPortable = machines.size() == 1;
    try (Rig.Loaded model = Rig.load(file, KvType.F16)) {
      // The portable machine is slow: with it alone, a prompt of two steps will do.
      int[] prompt = Replay.prompt(3, onlyPortable ? 10 : 80, model.program().vocabulary());
      int[] chunks = onlyPortable ? new int[] {7, 64} : CHUNKS;
      Map<String, List<Case>> seen =
          hashes(
              model,
              machines.stream().filter(m -> onlyPortable || !isPortable(m)).toList(),
              prompt,
              chunks,
              new int[] {0, 3});
      if (!onlyPortable) {
        try (Rig rig = new Rig(model, Machines.all().getLast(), 2, limits(3 * prompt.length))) {
          seen.computeIfAbsent(Replay.hash(rig, prompt, 64, 0), h -> new ArrayList<>())
              .add(new Case("java", 2, 64, 0));
        }
      }
      assertThat(seen).as(file + ": hashes and who got them").hasSize(1);
      seen.forEach((hash, cases) ->
          System.out.println(file.getFileName() + ": " + cases.size() + " ways, all " + hash));
    }
  }

  private static boolean isPortable(Machine m) {
    return m.name().equals("java");
  }
}
