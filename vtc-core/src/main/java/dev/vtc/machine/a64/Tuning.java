package dev.vtc.machine.a64;

import dev.vtc.asm.ArmCore;
import dev.vtc.machine.lanes.LaneAssembler.Fetching;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between cores of one instruction set: when weights are asked for, and how far loops
 * are unrolled. Results do not depend on it.
 *
 * <p>No row was measured, for want of the hardware. The distance follows Little's law: what a core
 * reads in the time of one access to memory, bandwidth times latency, rounded up to a power of two
 * and doubled, as requests come late where a loop is uneven. The step is the cache line. The
 * columns of a dense round are what llvm-mca finds no slower than more of them
 * (docs/arm-throughput.md).
 *
 * @param fetching when weights are asked for
 * @param denseColumns of a round of the loop over a dense format
 */
record Tuning(Fetching fetching, int denseColumns) {
  /** Families of cores that want the same: a row of {@link Fetching}, then the dense columns. */
  enum Family {
    /**
     * Apple M1 and later: lines of 128 bytes, so every other request would be for nothing. About 60
     * GB/s · 100 ns = 6 kB.
     */
    APPLE(16384, 128, 8, 32),
    /**
     * Neoverse N1 and N2, Cortex-A76 to A78: two vector pipes and two load pipes. About 20 GB/s ·
     * 100 ns = 2 kB. A request takes the place of a load, of which F32 has the fewest to spare.
     */
    NEOVERSE_N(4096, 64, 8, 16),
    /** Neoverse V1 to V3, Cortex-X: four vector pipes. About 35 GB/s · 110 ns = 4 kB. */
    NEOVERSE_V(8192, 64, 8, 32),
    /**
     * All others, such as Cortex-A72 and the in-order A53 and A55: about 5 GB/s · 150 ns = 750
     * bytes; a small first-level cache, which larger tiles fill with activations.
     */
    OTHER(2048, 64, 4, 16);

    private final int ahead;
    private final int step;
    private final int tokens;
    private final int denseColumns;

    Family(int ahead, int step, int tokens, int denseColumns) {
      this.ahead = ahead;
      this.step = step;
      this.tokens = tokens;
      this.denseColumns = denseColumns;
    }

    Tuning tuning() {
      return new Tuning(new Fetching(ahead, step, tokens), denseColumns);
    }

    /** The name that {@link #SETTING} takes. */
    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The environment variable that forces a family, and the system property before it. */
  static final String VARIABLE = "VTC_TUNING";

  static final String SETTING = "vtc.tuning";

  private static final int ARM = 0x41;
  private static final int APPLE = 0x61;

  private static volatile @Nullable Tuning chosen;

  /**
   * The row of this CPU, or the one that the user has set; chosen once.
   *
   * @throws IllegalArgumentException when the user has set one that there is not
   */
  static Tuning ofThisCpu() {
    Tuning tuning = chosen;
    if (tuning == null) {
      tuning = choose(setting(), ArmCore.detect());
      chosen = tuning;
    }
    return tuning;
  }

  private static String setting() {
    String set = System.getProperty(SETTING);
    String variable = set == null ? System.getenv(VARIABLE) : set;
    return variable == null ? "" : variable;
  }

  /**
   * The row for a core.
   *
   * @param name of the family that is asked for; empty for the core's own
   * @throws IllegalArgumentException when there is no such family
   */
  static Tuning choose(String name, ArmCore core) {
    if (name.isEmpty()) {
      return family(core).tuning();
    }
    for (Family family : Family.values()) {
      if (family.id().equals(name)) {
        return family.tuning();
      }
    }
    throw new IllegalArgumentException(
        "There is no tuning named "
            + name
            + "; "
            + VARIABLE
            + " takes "
            + Arrays.stream(Family.values()).map(Family::id).collect(Collectors.joining(", "))
            + ".");
  }

  /**
   * The family of a core, by the implementer and the part number of its MIDR_EL1. Part numbers are
   * those of the cores' Technical Reference Manuals, as Linux has them in
   * arch/arm64/include/asm/cputype.h.
   */
  static Family family(ArmCore core) {
    if (core.implementer() == APPLE) {
      return Family.APPLE;
    }
    if (core.implementer() != ARM) {
      return Family.OTHER;
    }
    return switch (core.part()) {
      case 0xd0b, 0xd0e -> Family.NEOVERSE_N; // Cortex-A76, A76AE
      case 0xd0c, 0xd49, 0xd8e -> Family.NEOVERSE_N; // Neoverse N1, N2, N3
      case 0xd0d, 0xd41, 0xd42 -> Family.NEOVERSE_N; // Cortex-A77, A78, A78AE
      case 0xd40, 0xd4f, 0xd84 -> Family.NEOVERSE_V; // Neoverse V1, V2, V3
      case 0xd44, 0xd48, 0xd4e, 0xd82 -> Family.NEOVERSE_V; // Cortex-X1, X2, X3, X4
      default -> Family.OTHER;
    };
  }
}
