package dev.vtc.machine.a64;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.asm.CpuFeatures.Feature;
import dev.vtc.machine.Machine;
import dev.vtc.machine.a64.NeonLanes.Dots;
import dev.vtc.machine.lanes.LaneMachine;
import java.util.List;
import java.util.function.Predicate;

/** The AArch64 machines, fastest first. */
public final class A64Machines {
  private A64Machines() {}

  /** All of them, whatever CPU this is. */
  public static List<Machine> all() {
    return List.of(
        machine("a64-i8mm", cpu -> has(cpu, Feature.DOTPROD) && has(cpu, Feature.I8MM), Dots.I8MM),
        machine("a64-dotprod", cpu -> has(cpu, Feature.DOTPROD), Dots.DOTPROD),
        machine("a64-neon", cpu -> cpu.has(Feature.ASIMD), Dots.PLAIN));
  }

  private static Machine machine(String name, Predicate<CpuFeatures> needs, Dots dots) {
    return new LaneMachine(name, needs, kernel -> new NeonLanes(kernel, dots, Tuning.ofThisCpu()));
  }

  private static boolean has(CpuFeatures cpu, Feature feature) {
    return cpu.has(Feature.ASIMD) && cpu.has(feature);
  }
}
