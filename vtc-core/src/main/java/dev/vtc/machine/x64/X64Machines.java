package dev.vtc.machine.x64;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.lanes.LaneMachine;
import java.util.List;

/** The x86-64 machines, fastest first. */
public final class X64Machines {
  private X64Machines() {}

  /** All of them, whatever CPU this is. */
  public static List<Machine> all() {
    return List.of(
        new LaneMachine("x64-avx512vnni", CpuFeatures::avx512Vnni, Avx512Lanes::new),
        new LaneMachine("x64-avxvnni", CpuFeatures::avxVnni, name -> new Avx2Lanes(name, true)),
        new LaneMachine("x64-avx2", CpuFeatures::avx2, name -> new Avx2Lanes(name, false)));
  }
}
