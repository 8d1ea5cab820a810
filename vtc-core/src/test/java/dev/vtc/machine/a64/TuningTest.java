package dev.vtc.machine.a64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.asm.ArmCore;
import dev.vtc.machine.a64.Tuning.Family;
import dev.vtc.machine.lanes.LaneAssembler.Fetching;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which row of the table a core gets. */
class TuningTest {
  @Test
  void familiesByImplementerAndPart() {
    int[][] cores = {{0x41, 0xd0c}, {0x41, 0xd0b}, {0x41, 0xd41}};
    for (int[] c : cores) {
      assertThat(Tuning.family(new ArmCore(c[0], c[1]))).isEqualTo(Family.NEOVERSE_N);
    }
    assertThat(Tuning.family(new ArmCore(0x41, 0xd40))).isEqualTo(Family.NEOVERSE_V);
    assertThat(Tuning.family(new ArmCore(0x41, 0xd4f))).isEqualTo(Family.NEOVERSE_V);
    assertThat(Tuning.family(new ArmCore(0x61, 0x022))).isEqualTo(Family.APPLE);
    assertThat(Tuning.family(new ArmCore(0x61, 0))).isEqualTo(Family.APPLE);
    // A Cortex-A53, a ThunderX2 whose part number another maker uses, and nothing at all.
    assertThat(Tuning.family(new ArmCore(0x41, 0xd03))).isEqualTo(Family.OTHER);
    assertThat(Tuning.family(new ArmCore(0x43, 0xd0c))).isEqualTo(Family.OTHER);
    assertThat(Tuning.family(ArmCore.UNKNOWN)).isEqualTo(Family.OTHER);
  }

  @ParameterizedTest
  @EnumSource
  void everyRowCanBeForced(Family family) {
    assertThat(Tuning.choose(family.id(), ArmCore.UNKNOWN)).isEqualTo(family.tuning());
    assertThat(family.tuning().denseColumns() % 16).isZero();
    assertThat(64 % family.tuning().denseColumns()).isZero();
  }

  @Test
  void namesAreChecked() {
    assertThatThrownBy(() -> Tuning.choose("pentium", ArmCore.UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "There is no tuning named pentium; VTC_TUNING takes apple, neoverse-n, neoverse-v,"
                + " other.");
    assertThatThrownBy(() -> new Fetching(100, 64, 1)).hasMessageContaining("whole lines");
    assertThatThrownBy(() -> new Fetching(128, 32, 1)).hasMessageContaining("whole lines");
  }
}
