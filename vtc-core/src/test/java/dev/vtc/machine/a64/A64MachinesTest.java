package dev.vtc.machine.a64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.asm.emulation.Emulation;
import dev.vtc.asm.emulation.Emulation.Cpu;
import dev.vtc.machine.Machine;
import dev.vtc.machine.a64.Tuning.Family;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.RealModel;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyCheckpoint;
import dev.vtc.testing.TinyModel;
import dev.vtc.tvl.PackedModel;
import dev.vtc.tvl.TvlFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The AArch64 machines, each on an emulated CPU that has just what it asks for, give the portable
 * machine's logits to the last bit. An instruction that the machine does not ask for ends the
 * process with SIGILL.
 */
class A64MachinesTest {
  private static final long SEED = Long.getLong("vtc.seed", 20261122);

  /** One chunk of 64, and two tokens more. */
  private static final int PROMPT = 66;

  @TempDir Path folder;

  @BeforeEach
  void emulation() {
    Emulation.assume();
  }

  /**
   * Every TVL format, in models of odd sizes, and checkpoints of llama2.c: threads 1 and 3, n = 1,
   * 7 and 64.
   */
  private void agrees(Cpu cpu, String machine) throws IOException {
    System.out.println(machine + " on " + cpu + ": -Dvtc.seed=" + SEED);
    List<Path> files = new ArrayList<>();
    files.add(TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")));
    files.add(TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense")));
    files.add(TinyModel.of(TinyModel.SUPER_BLOCKS, SEED).write(folder.resolve("super")));
    files.add(architecture("qwen3moe", DType.F16));
    files.add(architecture("mistral3", DType.F32));
    files.add(TinyCheckpoint.write(folder.resolve("shared.bin"), true));
    files.add(TinyCheckpoint.write(folder.resolve("unshared.bin"), false));
    EnumSet<TvlFormat> formats = EnumSet.noneOf(TvlFormat.class);
    for (Path file : files) {
      formats.addAll(formats(file));
    }
    assertThat(formats).as("formats that were tested").containsExactly(TvlFormat.values());
    agrees(cpu, machine, PROMPT, new int[] {1, 3}, new int[] {1, 7, 64}, KvType.F16, files);
  }

  private Path architecture(String name, DType type) {
    return Objects.requireNonNull(TinyArchitecture.all().get(name))
        .write(folder.resolve(name), type);
  }

  private static EnumSet<TvlFormat> formats(Path file) {
    EnumSet<TvlFormat> formats = EnumSet.noneOf(TvlFormat.class);
    try (Rig.Loaded model = Rig.load(file, KvType.F16)) {
      PackedModel packed = model.weights().packed();
      for (String name : packed.matrices()) {
        formats.add(packed.matrix(name).format());
      }
    }
    return formats;
  }

  /** Files on an emulated CPU, compared with the portable machine on this one. */
  private static void agrees(
      Cpu cpu,
      String machine,
      int length,
      int[] threads,
      int[] chunks,
      KvType kv,
      List<Path> files) {
    agrees(cpu, List.of(), machine, length, threads, chunks, kv, files);
  }

  /** As above, with options of the emulated JVM. */
  private static void agrees(
      Cpu cpu,
      List<String> options,
      String machine,
      int length,
      int[] threads,
      int[] chunks,
      KvType kv,
      List<Path> files) {
    StringBuilder expected = new StringBuilder();
    List<String> arguments =
        new ArrayList<>(List.of(machine, "" + length, list(threads), list(chunks), kv.name()));
    for (Path file : files) {
      arguments.add(file.toString());
      expect(expected, file, machine, length, threads, chunks, kv);
    }
    String actual =
        Emulation.run(cpu, options, EmulatedMachines.class, arguments.toArray(new String[0]));
    assertThat(actual).isEqualTo(expected.toString());
  }

  private static String list(int[] values) {
    return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  /**
   * The lines of {@link EmulatedMachines}, with the hash that all machines of this CPU agree on.
   */
  private static void expect(
      StringBuilder lines,
      Path file,
      String machine,
      int length,
      int[] threads,
      int[] chunks,
      KvType kv) {
    TreeMap<String, String> hashes = new TreeMap<>();
    try (Rig.Loaded model = Rig.load(file, kv)) {
      for (Machine m : Machines.supported(CpuFeatures.detect())) {
        try (Rig rig = new Rig(model, m, 2, EmulatedMachines.limits(length))) {
          int[] prompt = EmulatedMachines.prompt(model, length);
          hashes.put(m.name(), Replay.hash(rig, prompt, 64, 0));
        }
      }
    }
    assertThat(new TreeSet<>(hashes.values())).as(file + ": " + hashes).hasSize(1);
    for (int t : threads) {
      for (int chunk : chunks) {
        String hash = hashes.firstEntry().getValue();
        lines.append(EmulatedMachines.line(file, machine, t, chunk, hash)).append('\n');
      }
    }
  }

  @Test
  void plainNeon() throws IOException {
    agrees(Cpu.NEON, "a64-neon");
  }

  @Test
  void signedDotProducts() throws IOException {
    agrees(Cpu.DOTPROD, "a64-dotprod");
  }

  @Test
  void mixedDotProducts() throws IOException {
    agrees(Cpu.I8MM, "a64-i8mm");
  }

  /** Every row of the table of tuning values gives the same bits. */
  @ParameterizedTest
  @EnumSource
  void tuningChangesNoResult(Family family) throws IOException {
    List<Path> files =
        List.of(
            TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks")),
            TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense")),
            TinyModel.of(TinyModel.SUPER_BLOCKS, SEED).write(folder.resolve("super")));
    List<String> options = List.of("-D" + Tuning.SETTING + "=" + family.id());
    int[] chunks = {1, 6};
    agrees(Cpu.DOTPROD, options, "a64-dotprod", 14, new int[] {2}, chunks, KvType.F16, files);
  }

  /** Keys and values in f32, over the end of a page, on the machine every ARM CPU has. */
  @Test
  void overTheEndOfAPage() {
    Path file = TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense"));
    int[] threads = {3};
    agrees(Cpu.NEON, "a64-neon", 259, threads, new int[] {64}, KvType.F32, List.of(file));
  }

  /** A CPU is offered only what it has. */
  @Test
  void missingFeaturesAreSeen() {
    Path file = TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks"));
    String[][] refused = {
      {"NEON", "a64-dotprod"}, {"NEON", "a64-i8mm"}, {"DOTPROD", "a64-i8mm"},
    };
    for (String[] r : refused) {
      Emulation.Result result =
          Emulation.attempt(
              Cpu.valueOf(r[0]),
              EmulatedMachines.class,
              r[1],
              "2",
              "1",
              "1",
              "F16",
              file.toString());
      assertThat(result.exit()).as(result.output()).isNotZero();
      assertThat(result.output()).contains("does not support the machine " + r[1]);
    }
  }

  /** What stands between a user and SIGILL is that check: without it the process is lost. */
  @Test
  void withoutTheCheckTheProcessEnds() {
    Path file = TinyModel.of(TinyModel.BLOCKS, SEED).write(folder.resolve("blocks"));
    String[][] unchecked = {{"NEON", "a64-dotprod"}, {"DOTPROD", "a64-i8mm"}};
    for (String[] u : unchecked) {
      Emulation.Result result =
          Emulation.attempt(
              Cpu.valueOf(u[0]),
              EmulatedMachines.class,
              EmulatedMachines.UNCHECKED + u[1],
              "2",
              "1",
              "1",
              "F16",
              file.toString());
      assertThat(result.exit()).as(result.output()).isNotZero();
      assertThat(result.output()).contains("SIGILL");
    }
  }

  /** SmolLM2; with {@code -Dvtc.long=true} in all ways, else in one. */
  @ParameterizedTest
  @CsvSource({"NEON, a64-neon", "DOTPROD, a64-dotprod", "I8MM, a64-i8mm"})
  void realModel(Cpu cpu, String machine) {
    Path file = RealModel.smollm2();
    assumeTrue(file != null, "skipped: " + RealModel.ABSENT);
    boolean all = Boolean.getBoolean("vtc.long");
    int[] threads = all ? new int[] {1, 3} : new int[] {3};
    int[] chunks = all ? new int[] {1, 7, 64} : new int[] {7};
    List<Path> files = List.of(Objects.requireNonNull(file));
    agrees(cpu, machine, all ? PROMPT : 8, threads, chunks, KvType.F16, files);
  }
}
