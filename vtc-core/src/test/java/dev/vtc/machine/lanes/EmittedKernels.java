package dev.vtc.machine.lanes;

import dev.vtc.asm.MachineCode;
import dev.vtc.machine.ActivationMemory;
import dev.vtc.machine.Limits;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.KvLayout;
import dev.vtc.testing.Rig;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;

/** All kernels that a model needs, for any CPU: emitted, and neither loaded nor run. */
public final class EmittedKernels {
  private EmittedKernels() {}

  /**
   * The kernels of a model's program, with the time that each takes measured.
   *
   * @param backend makes an empty function with a name; called by one thread
   */
  public static List<MachineCode> of(
      Rig.Loaded model, Limits limits, Function<String, LaneAssembler> backend) {
    try (Arena arena = Arena.ofConfined();
        ThreadTeam team = new ThreadTeam(1);
        ActivationMemory activations = new ActivationMemory(model.program(), limits)) {
      Kernels kernels = new Kernels(backend::apply);
      kernels.emit(
          team,
          () ->
              new DescriptorTable(
                  model.program(),
                  model.weights(),
                  activations,
                  kernels,
                  backend::apply,
                  new LaneExecutable.RopeTables(model.program().ropes(), limits.positions(), arena),
                  arena.allocate(ValueLayout.JAVA_INT, limits.wanted()),
                  Math.ceilDiv(limits.positions(), KvLayout.PAGE_POSITIONS),
                  arena,
                  true));
      return kernels.codes();
    }
  }
}
