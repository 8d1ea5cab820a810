package dev.vtc.app.command;

import dev.vtc.app.UserError;
import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.registry.Machines;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machine and the threads of measurements that do without a model. */
final class LabMachine {
  private LabMachine() {}

  /**
   * The machine of that name, else the one the environment names, else the fastest.
   *
   * @throws UserError where it emits no code
   */
  static LaneMachine choose(@Nullable String name, Map<String, String> env) {
    String wanted = name != null ? name : env.get(Machines.VARIABLE);
    try {
      if (Machines.choose(wanted, CpuFeatures.detect()) instanceof LaneMachine lanes) {
        return lanes;
      }
    } catch (IllegalArgumentException e) {
      throw UserError.usage(String.valueOf(e.getMessage()));
    }
    throw new UserError(
        "The kernels measured here are machine code, which the machine java does not emit; choose"
            + " another with --machine, on x86-64 with AVX2 or on AArch64.");
  }

  /** As many threads as models use. */
  static int threads() {
    return CpuFeatures.detect().physicalCores();
  }
}
