package dev.vtc.machine.a64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.emulation.Emulation;
import dev.vtc.asm.emulation.Emulation.Cpu;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.RealModel;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** Every stored type, in models of odd sizes: threads 1 and 3, n = 1, 7 and 64. */
  private void agrees(Cpu cpu, String machine) {
    System.out.println(machine + " on " + cpu + ": -Dvtc.seed=" + SEED);
    TreeMap<String, TinyModel.Shape> shapes = new TreeMap<>();
    shapes.put("blocks", TinyModel.BLOCKS);
    shapes.put("dense", TinyModel.ODD_DENSE);
    shapes.put("super", TinyModel.SUPER_BLOCKS);
    TreeMap<String, DType> others = new TreeMap<>();
    others.put("qwen3moe", DType.F16);
    others.put("mistral3", DType.F32);
    StringBuilder expected = new StringBuilder();
    String[] arguments = new String[5 + shapes.size() + others.size()];
    List.of(machine, "" + PROMPT, "1,3", "1,7,64", "F16").toArray(arguments);
    int file = 5;
    for (var shape : shapes.entrySet()) {
      Path path = TinyModel.of(shape.getValue(), SEED).write(folder.resolve(shape.getKey()));
      arguments[file++] = path.toString();
      expect(expected, path, machine, PROMPT, new int[] {1, 3}, new int[] {1, 7, 64}, KvType.F16);
    }
    for (var other : others.entrySet()) {
      TinyArchitecture model = Objects.requireNonNull(TinyArchitecture.all().get(other.getKey()));
      Path path = model.write(folder.resolve(other.getKey()), other.getValue());
      arguments[file++] = path.toString();
      expect(expected, path, machine, PROMPT, new int[] {1, 3}, new int[] {1, 7, 64}, KvType.F16);
    }
    assertThat(Emulation.run(cpu, EmulatedMachines.class, arguments))
        .isEqualTo(expected.toString());
  }

  /** The lines of {@link EmulatedMachines}, all with the portable machine's hash on this CPU. */
  private static void expect(
      StringBuilder lines,
      Path file,
      String machine,
      int length,
      int[] threads,
      int[] chunks,
      KvType kv) {
    String hash;
    try (Rig.Loaded model = Rig.load(file, kv);
        Rig rig = new Rig(model, Machines.all().getLast(), 2, EmulatedMachines.limits(length))) {
      hash = Replay.hash(rig, EmulatedMachines.prompt(model, length), 64, 0);
    }
    for (int t : threads) {
      for (int chunk : chunks) {
        lines.append(EmulatedMachines.line(file, machine, t, chunk, hash)).append('\n');
      }
    }
  }

  @Test
  void plainNeon() {
    agrees(Cpu.NEON, "a64-neon");
  }

  @Test
  void signedDotProducts() {
    agrees(Cpu.DOTPROD, "a64-dotprod");
  }

  @Test
  void mixedDotProducts() {
    agrees(Cpu.I8MM, "a64-i8mm");
  }

  /** Keys and values in f32, over the end of a page, on the machine every ARM CPU has. */
  @Test
  void overTheEndOfAPage() {
    Path file = TinyModel.of(TinyModel.ODD_DENSE, SEED).write(folder.resolve("dense"));
    StringBuilder expected = new StringBuilder();
    expect(expected, file, "a64-neon", 259, new int[] {3}, new int[] {64}, KvType.F32);
    assertThat(
            Emulation.run(
                Cpu.NEON,
                EmulatedMachines.class,
                "a64-neon",
                "259",
                "3",
                "64",
                "F32",
                file.toString()))
        .isEqualTo(expected.toString());
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

  @Test
  void realModel() {
    Path file = RealModel.smollm2();
    assumeTrue(file != null, "skipped: " + RealModel.ABSENT);
    StringBuilder expected = new StringBuilder();
    Path model = Objects.requireNonNull(file);
    expect(expected, model, "a64-dotprod", 5, new int[] {2}, new int[] {64}, KvType.F16);
    assertThat(
            Emulation.run(
                Cpu.DOTPROD,
                EmulatedMachines.class,
                "a64-dotprod",
                "5",
                "2",
                "64",
                "F16",
                model.toString()))
        .isEqualTo(expected.toString());
  }
}
