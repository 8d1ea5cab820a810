package dev.vtc.machine.lanes;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Profile;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine whose code is emitted when a program is compiled.
 *
 * @param name by which users force it
 * @param needs what the CPU must have
 * @param backend makes an empty function with a name
 */
public record LaneMachine(
    String name, Predicate<CpuFeatures> needs, Function<String, LaneAssembler> backend)
    implements Machine {
  @Override
  public boolean supported(CpuFeatures cpu) {
    return needs.test(cpu);
  }

  @Override
  public Executable compile(
      Program program, Weights weights, Limits limits, ThreadTeam team, @Nullable Profile profile) {
    return new LaneExecutable(program, weights, limits, team, backend::apply, profile);
  }
}
