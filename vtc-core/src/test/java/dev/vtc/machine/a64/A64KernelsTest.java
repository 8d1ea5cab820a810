package dev.vtc.machine.a64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.emulation.Emulation;
import dev.vtc.asm.emulation.Emulation.Cpu;
import dev.vtc.machine.ProfileTest;
import dev.vtc.testing.RunTests;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernel tests of x86-64, guard pages and all, once more on an emulated CPU for each AArch64
 * machine: random weights behind which nobody may read, every format, odd sizes. A random share of
 * them; all with {@code -Dvtc.long=true}.
 */
class A64KernelsTest {
  /** All of the tests, some minutes a machine, instead of a random share. */
  private static final boolean LONG = Boolean.getBoolean("vtc.long");

  private static final String ROOM = "dev.vtc.machine.lanes.";

  @BeforeEach
  void emulation() {
    Emulation.assume();
  }

  @ParameterizedTest
  @CsvSource({"NEON, a64-neon", "DOTPROD, a64-dotprod", "I8MM, a64-i8mm"})
  void kernelsAreThoseOfThePortableMachine(Cpu cpu, String machine) {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println(machine + " on " + cpu + ": -Dvtc.seed=" + seed);
    List<String> options =
        List.of("-Dvtc.machine=" + machine, "-Dvtc.seed=" + seed, "-Dvtc.brief=" + !LONG);
    String output =
        Emulation.run(
            cpu,
            options,
            RunTests.class,
            ROOM + "ProductKernelTest",
            ROOM + "RowKernelTest",
            ROOM + "AttentionKernelTest",
            ROOM + "ExpertKernelTest");
    assertThat(output)
        .contains("machine " + machine + " is tested")
        .containsPattern("passed \\d{3}, failed 0");
    output.lines().filter(l -> l.contains(" passed, ")).forEach(System.out::println);
  }

  /** The time stamp counter there is another one: what measures runs on all machines at once. */
  @Test
  void measuresAsOnThisCpu() {
    String output =
        Emulation.run(
            Cpu.I8MM,
            List.of("-Dvtc.brief=true"),
            RunTests.class,
            ProfileTest.class.getName(),
            ROOM + "YardstickTest");
    assertThat(output)
        .contains("machines [a64-i8mm, a64-dotprod, a64-neon, java]")
        .contains("passed 7, failed 0");
  }
}
