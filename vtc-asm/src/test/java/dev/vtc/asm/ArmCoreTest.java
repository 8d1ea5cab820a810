package dev.vtc.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MIDR_EL1 as Linux shows it. */
class ArmCoreTest {
  /** A Raspberry Pi 5: four Cortex-A76, in the words of /proc/cpuinfo. */
  private static final String PI_5 =
      """
      processor\t: 3
      BogoMIPS\t: 108.00
      Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp asimddp
      CPU implementer\t: 0x41
      CPU architecture: 8
      CPU variant\t: 0x4
      CPU part\t: 0xd0b
      CPU revision\t: 1

      """;

  @Test
  void cpuInfo() {
    assertThat(ArmCore.fromCpuInfo(PI_5)).isEqualTo(new ArmCore(0x41, 0xd0b));
    // Small cores first, as on phones: the last counts.
    String small = PI_5.replace("0xd0b", "0xd05");
    assertThat(ArmCore.fromCpuInfo(small + PI_5)).isEqualTo(new ArmCore(0x41, 0xd0b));
    assertThat(ArmCore.fromCpuInfo("")).isEqualTo(ArmCore.UNKNOWN);
    assertThat(ArmCore.fromCpuInfo("CPU implementer : x\nCPU part : 0x1"))
        .isEqualTo(ArmCore.UNKNOWN);
    assertThat(ArmCore.fromCpuInfo("CPU implementer : 0x41")).isEqualTo(ArmCore.UNKNOWN);
  }

  /** A Neoverse N1 r3p1, whose register is 0x413fd0c1. */
  @Test
  void registerOfTheLastCore(@TempDir Path folder) throws Exception {
    String cpus = folder + "/";
    Path info = Files.writeString(folder.resolve("cpuinfo"), PI_5);
    assertThat(ArmCore.detect(cpus, info.toString())).isEqualTo(new ArmCore(0x41, 0xd0b));
    Files.writeString(folder.resolve("online"), "0-1,3\n");
    for (int cpu : new int[] {0, 1, 3}) {
      Path registers = folder.resolve("cpu" + cpu + "/regs/identification");
      Files.createDirectories(registers);
      String midr = cpu == 3 ? "0x00000000413fd0c1\n" : "0x00000000410fd034\n";
      Files.writeString(registers.resolve("midr_el1"), midr);
    }
    assertThat(ArmCore.detect(cpus, info.toString())).isEqualTo(new ArmCore(0x41, 0xd0c));
    Files.writeString(folder.resolve("cpu3/regs/identification/midr_el1"), "none");
    assertThat(ArmCore.detect(cpus, info.toString())).isEqualTo(new ArmCore(0x41, 0xd0b));
    assertThat(ArmCore.detect(cpus, folder + "/none")).isEqualTo(ArmCore.UNKNOWN);
  }

  @Test
  void otherArchitecturesHaveNone() {
    if (!Platform.AARCH64) {
      assertThat(ArmCore.detect()).isEqualTo(ArmCore.UNKNOWN);
    }
  }
}
