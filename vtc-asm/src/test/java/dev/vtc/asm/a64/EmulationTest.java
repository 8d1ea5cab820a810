package dev.vtc.asm.a64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.emulation.Emulation;
import dev.vtc.asm.emulation.Emulation.Cpu;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Emitted code runs on emulated CPUs that have just the features it needs. */
class EmulationTest {
  private static final String SEED = Long.toString(Long.getLong("vtc.seed", 20261122));

  @BeforeEach
  void emulation() {
    Emulation.assume();
  }

  private static void agree(Cpu cpu, String... kernels) {
    List<String> arguments = new ArrayList<>(List.of(SEED));
    arguments.addAll(List.of(kernels));
    String output = Emulation.run(cpu, EmulatedKernels.class, arguments.toArray(new String[0]));
    System.out.println(cpu + ", seed " + SEED + ": " + output.replace('\n', ' '));
    for (String kernel : kernels) {
      assertThat(output).contains("ok " + kernel + " ");
    }
  }

  @Test
  void plainNeon() {
    agree(Cpu.NEON, "fmla", "half", "round", "calls", "cache", "exclusive");
  }

  @Test
  void dotProducts() {
    agree(Cpu.DOTPROD, "sdot", "lse", "fmla", "half");
  }

  @Test
  void matrixProducts() {
    agree(Cpu.I8MM, "usdot", "smmla", "ummla", "usmmla", "sdot", "lse", "cache");
  }

  /** The emulated CPUs really lack what they should lack; otherwise a missing check goes unseen. */
  @Test
  void missingFeaturesTrap() {
    for (String[] c : new String[][] {{"NEON", "sdot"}, {"NEON", "lse"}, {"DOTPROD", "usdot"}}) {
      Emulation.Result result =
          Emulation.attempt(Cpu.valueOf(c[0]), EmulatedKernels.class, SEED, c[1]);
      assertThat(result.exit()).as(result.output()).isNotZero();
      assertThat(result.output()).contains("SIGILL").doesNotContain("ok " + c[1]);
    }
  }

  /** The comparisons notice one wrong bit: FMLS for FMLA, UDOT for SDOT, SUDOT for USDOT. */
  @Test
  void wrongEncodingsAreFound() {
    for (String[] c : new String[][] {{"NEON", "fmla"}, {"DOTPROD", "sdot"}, {"I8MM", "usdot"}}) {
      Emulation.Result result =
          Emulation.attempt(
              Cpu.valueOf(c[0]), EmulatedKernels.class, SEED, EmulatedKernels.WRONG + c[1]);
      assertThat(result.exit()).as(result.output()).isNotZero();
      assertThat(result.output())
          .containsPattern("[1-9]\\d* instructions are wrong on purpose")
          .contains("AssertionError")
          .doesNotContain("ok ");
    }
  }
}
