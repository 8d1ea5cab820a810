package dev.vtc.machine;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import org.jspecify.annotations.Nullable;

/** A kind of machine that can run programs. Stateless. */
public interface Machine {
  /**
   * The name by which users force it: {@code java}, {@code x64-avx2}, {@code x64-avx512vnni},
   * {@code a64-neon}, …
   */
  String name();

  /** True when this CPU has what the machine's code needs. */
  boolean supported(CpuFeatures cpu);

  /**
   * Makes a program ready to run. Everything that a step needs is allocated here.
   *
   * @param weights must outlive the executable
   * @param team runs the steps; may be shared by several executables, one step at a time
   */
  default Executable compile(Program program, Weights weights, Limits limits, ThreadTeam team) {
    return compile(program, weights, limits, team, null);
  }

  /**
   * As {@link #compile(Program, Weights, Limits, ThreadTeam)}, and every step adds what each thread
   * spends in each instruction to a profile. Results are the same to the last bit.
   *
   * @param profile of this program and this team, in no other executable yet; null measures nothing
   *     and costs nothing
   * @throws IllegalArgumentException when the profile is not of this program or this team
   * @throws IllegalStateException when another executable writes to the profile
   */
  Executable compile(
      Program program, Weights weights, Limits limits, ThreadTeam team, @Nullable Profile profile);
}
