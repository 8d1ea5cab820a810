package dev.vtc.machine.java;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Profile;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import org.jspecify.annotations.Nullable;

/** Plain Java, on every CPU. */
public final class JavaMachine implements Machine {
  @Override
  public String name() {
    return "java";
  }

  @Override
  public boolean supported(CpuFeatures cpu) {
    return true;
  }

  @Override
  public Executable compile(
      Program program, Weights weights, Limits limits, ThreadTeam team, @Nullable Profile profile) {
    return new JavaExecutable(program, weights, limits, team, profile);
  }
}
