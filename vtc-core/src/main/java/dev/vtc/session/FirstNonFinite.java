package dev.vtc.session;

import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Operands;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rule 10 of the numerics: which instruction made the number that is not finite. Buffers share
 * memory, so that after a step most results are gone; the step is run again by the beginnings of
 * the program, whose last results are still there. A number that is not finite stays in the
 * residual from layer to layer, so that the beginnings can be halved: eight for a program of 270
 * instructions.
 */
public final class FirstNonFinite {
  private final Machine machine;
  private final Program program;
  private final Weights weights;
  private final Limits limits;
  private final ThreadTeam team;

  /** Of a program as it was compiled. */
  public FirstNonFinite(
      Machine machine, Program program, Weights weights, Limits limits, ThreadTeam team) {
    this.machine = machine;
    this.program = program;
    this.weights = weights;
    this.limits = limits;
    this.team = team;
  }

  /**
   * The instruction, as a line of the listing, or null if all results are finite.
   *
   * @param step one that was run, its pages as it left them: keys and values are written again
   */
  @Nullable String instruction(Step step) {
    List<Instruction> code = program.instructions();
    int last = code.size() - 1;
    if (!isBad(last, step)) {
      return null;
    }
    int first = 0;
    while (first < last) {
      int middle = (first + last) >>> 1;
      if (isBad(middle, step)) {
        last = middle;
      } else {
        first = middle + 1;
      }
    }
    Instruction found = code.get(first);
    return first + " " + found.mnemonic().toLowerCase(Locale.ROOT) + " " + Operands.of(found);
  }

  /** Whether the last numbers up to and with an instruction have one that is not finite. */
  private boolean isBad(int instruction, Step step) {
    List<Instruction> code = program.instructions().subList(0, instruction + 1);
    Program beginning =
        new Program(
            code,
            program.heads(),
            program.kv(),
            program.vocabulary(),
            program.logits(),
            program.tileMax());
    try (Executable executable = machine.compile(beginning, weights, limits, team)) {
      executable.run(step);
      for (int i = instruction; i >= 0; i--) {
        boolean numbers = false;
        for (Buffer b : code.get(i).writes()) {
          if (b.type() != Buffer.Type.I32 && b.rows() != Buffer.Rows.STEP) {
            numbers = true;
            if (hasNonFinite(executable, b, step)) {
              return true;
            }
          }
        }
        if (numbers) {
          return false;
        }
      }
      return false;
    }
  }

  private boolean hasNonFinite(Executable executable, Buffer b, Step step) {
    long rows = program.rows(b, step.tokens(), step.wanted());
    boolean quantized = b.type() == Buffer.Type.Q8;
    int from = quantized ? b.dOffset() : 0;
    int floats = quantized ? (b.sum16Offset() - from) / Float.BYTES : b.width();
    for (int row = 0; row < rows; row++) {
      MemorySegment r = executable.row(b, row);
      for (int i = 0; i < floats; i++) {
        if (!Float.isFinite(r.get(ValueLayout.JAVA_FLOAT, from + 4L * i))) {
          return true;
        }
      }
    }
    return false;
  }
}
