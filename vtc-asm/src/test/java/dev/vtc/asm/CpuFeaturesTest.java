package dev.vtc.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.CpuFeatures.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPUID against the kernel's own view, made-up CPUs, topologies. */
class CpuFeaturesTest {
  @Test
  void cpuidAgreesWithTheKernel() {
    assumeTrue(Platform.X64 && Platform.LINUX, "compares CPUID with /proc/cpuinfo");
    CpuFeatures cpu = CpuFeatures.detect();
    System.out.println(cpu);
    assertThat(cpu.source()).isEqualTo("cpuid");
    CpuFeatures kernel = CpuFeatures.fromCpuInfo(Topology.read("/proc/cpuinfo"), 1, 1);
    assertThat(cpu.features()).containsExactlyInAnyOrderElementsOf(kernel.features());
    assertThat(cpu.brand()).isEqualTo(kernel.brand());
    assertThat(cpu.physicalCores()).isBetween(1, cpu.logicalCpus());
  }

  /** Leaves of a CPU with every bit set. */
  private static int[] everything(int xcr0, int maxLeaf) {
    int[] w = new int[26];
    java.util.Arrays.fill(w, 0, 12, -1);
    w[4] = 2;
    byte[] brand = "Test CPU".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < brand.length; i++) {
      w[12 + i / 4] |= brand[i] << (8 * (i % 4));
    }
    w[24] = xcr0;
    w[25] = maxLeaf;
    return w;
  }

  @Test
  void featuresCountOnlyIfTheSystemSavesTheirRegisters() {
    CpuFeatures all = CpuFeatures.fromLeaves(everything(0xE7, 7), 2, 4);
    assertThat(all.avx512Vnni()).isTrue();
    assertThat(all.features())
        .containsExactlyInAnyOrderElementsOf(EnumSet.range(Feature.AVX2, Feature.GFNI));
    assertThat(all.toString()).startsWith("Test CPU, 2 cores, 4 threads: avx2 fma");
    CpuFeatures noZmm = CpuFeatures.fromLeaves(everything(0x7, 7), 1, 1);
    assertThat(noZmm.avx512()).isFalse();
    assertThat(noZmm.avxVnni()).isTrue();
    CpuFeatures noYmm = CpuFeatures.fromLeaves(everything(0x3, 7), 1, 1);
    assertThat(noYmm.features()).containsExactly(Feature.BMI2);
    CpuFeatures old = CpuFeatures.fromLeaves(everything(0xE7, 6), 1, 1);
    assertThat(old.features()).containsExactlyInAnyOrder(Feature.FMA, Feature.F16C);
  }

  @Test
  void hwcapBits() {
    CpuFeatures a76 = CpuFeatures.fromHwcap(1 << 1 | 1 << 9 | 1 << 10 | 1 << 20, 0, 1, 1);
    assertThat(a76.features())
        .containsExactlyInAnyOrder(Feature.ASIMD, Feature.FPHP, Feature.ASIMDHP, Feature.DOTPROD);
    assertThat(CpuFeatures.fromHwcap(0, 1 << 13, 1, 1).features()).containsExactly(Feature.I8MM);
  }

  @Test
  void cpuInfoOfAnArmMachine() {
    CpuFeatures cpu =
        CpuFeatures.fromCpuInfo("processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n", 1, 1);
    assertThat(cpu.features())
        .containsExactlyInAnyOrder(Feature.ASIMD, Feature.DOTPROD, Feature.I8MM);
    assertThat(CpuFeatures.fromCpuInfo("", 1, 1).features()).isEmpty();
  }

  @Test
  void coresAreCountedOncePerAllowedSiblingGroup(@TempDir Path folder) throws Exception {
    for (int cpu = 0; cpu < 8; cpu++) {
      Path topology = folder.resolve("cpu" + cpu + "/topology");
      Files.createDirectories(topology);
      Files.writeString(
          topology.resolve("thread_siblings_list"), cpu % 4 + "," + (cpu % 4 + 4) + "\n");
    }
    String[][] expected = {{"0-7", "4"}, {"0,4", "1"}, {"4-7", "4"}, {"1,2,5", "2"}, {"3", "1"}};
    for (String[] e : expected) {
      Path status = folder.resolve("status");
      Files.writeString(status, "Name:\tx\nCpus_allowed_list:\t" + e[0] + "\nX:\n");
      assertThat(Topology.physicalCores(status.toString(), folder + "/cpu", 8))
          .as(e[0])
          .isEqualTo(Integer.parseInt(e[1]));
    }
    assertThat(Topology.physicalCores(folder + "/status", folder + "/cpu", 1)).isEqualTo(1);
    assertThat(Topology.physicalCores(folder + "/none", folder + "/cpu", 3)).isEqualTo(3);
  }

  @Test
  void hostileCpuListsAreHarmless() {
    assertThat(Topology.parseList("0-99999999999,-1,5-2,x,3")).hasSize(4);
    assertThat(Topology.parseList("")).isEmpty();
  }
}
