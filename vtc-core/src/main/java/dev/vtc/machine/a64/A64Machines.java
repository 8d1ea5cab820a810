package dev.vtc.machine.a64;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.asm.CpuFeatures.Feature;
import dev.vtc.machine.Machine;
import dev.vtc.machine.lanes.LaneMachine;
import java.util.List;

/** The AArch64 machines, fastest first. */
public final class A64Machines {
  private A64Machines() {}

  /** All of them, whatever CPU this is. */
  public static List<Machine> all() {
    return List.of(
        new LaneMachine(
            "a64-i8mm",
            cpu -> has(cpu, Feature.DOTPROD) && has(cpu, Feature.I8MM),
            name -> new NeonLanes(name, NeonLanes.Dots.I8MM)),
        new LaneMachine(
            "a64-dotprod",
            cpu -> has(cpu, Feature.DOTPROD),
            name -> new NeonLanes(name, NeonLanes.Dots.DOTPROD)),
        new LaneMachine(
            "a64-neon",
            cpu -> cpu.has(Feature.ASIMD),
            name -> new NeonLanes(name, NeonLanes.Dots.PLAIN)));
  }

  private static boolean has(CpuFeatures cpu, Feature feature) {
    return cpu.has(Feature.ASIMD) && cpu.has(feature);
  }
}
