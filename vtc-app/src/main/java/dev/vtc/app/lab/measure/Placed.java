package dev.vtc.app.lab.measure;

import dev.vtc.program.Cost;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Matrix;
import dev.vtc.program.Operands;
import dev.vtc.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * An instruction, or several of one sort together, in a measured step: what it must do, and what it
 * took.
 *
 * @param phase decode or prefill
 * @param index of the instruction in the program; of several, of the first
 * @param count how many instructions these are
 * @param sort what it does, for the legend
 * @param instruction mnemonic
 * @param weights types of its weights, or of the keys and values; empty for none
 * @param operands as the listing shows them
 * @param bytes it must move, as the listing counts them
 * @param operations as the listing counts them
 * @param nanos from the end of the instruction before to its own
 * @param waiting part of that which the average thread spends outside kernels
 * @param roofNanos what the roofs would allow
 */
public record Placed(
    String phase,
    int index,
    int count,
    Sort sort,
    String instruction,
    String weights,
    String operands,
    long bytes,
    long operations,
    double nanos,
    double waiting,
    double roofNanos) {
  /** Parts of a model's work. */
  public enum Sort {
    WEIGHTS("products"),
    ATTENTION("attention"),
    REST("the rest");

    final String label;

    Sort(String label) {
      this.label = label;
    }

    /** What an instruction belongs to. */
    static Sort of(Instruction i) {
      return switch (i) {
        case MatMul _ -> WEIGHTS;
        case Attend _, RopeStoreKv _ -> ATTENTION;
        default -> REST;
      };
    }
  }

  /** All instructions of a program in order. */
  static List<Placed> of(String phase, Program program, StepTimes times, Roofs roofs) {
    List<Placed> list = new ArrayList<>();
    for (int i = 0; i < program.instructions().size(); i++) {
      Instruction instruction = program.instructions().get(i);
      Cost cost = Cost.of(program, instruction, times.tokens(), times.position());
      boolean quantized =
          instruction instanceof MatMul m
              && m.parts().stream().noneMatch(p -> p.matrix().format().isDense());
      list.add(
          new Placed(
              phase,
              i,
              1,
              Sort.of(instruction),
              instruction.mnemonic().toLowerCase(Locale.ROOT),
              weights(program, instruction),
              Operands.of(instruction),
              cost.bytes(),
              cost.operations(),
              times.nanos()[i],
              times.waiting()[i],
              roofs.nanos(cost.bytes(), cost.operations(), quantized)));
    }
    return list;
  }

  private static String weights(Program program, Instruction instruction) {
    TreeSet<String> types = new TreeSet<>();
    for (Matrix m : instruction.matrices()) {
      types.add(m.format().toString());
    }
    switch (instruction) {
      case Embed e -> types.add(e.table().format().toString());
      case Attend _, RopeStoreKv _ -> types.add(program.kv().type().toString());
      default -> {}
    }
    return String.join("+", types);
  }

  private boolean alike(Placed other) {
    return phase.equals(other.phase)
        && instruction.equals(other.instruction)
        && weights.equals(other.weights);
  }

  private Placed plus(Placed other) {
    return new Placed(
        phase,
        index,
        count + other.count,
        sort,
        instruction,
        weights,
        "",
        bytes + other.bytes,
        operations + other.operations,
        nanos + other.nanos,
        waiting + other.waiting,
        roofNanos + other.roofNanos);
  }

  /** Those of one mnemonic and one type of weights together, the longest first. */
  static List<Placed> grouped(List<Placed> all) {
    List<Placed> groups = new ArrayList<>();
    for (Placed p : all) {
      int i = 0;
      while (i < groups.size() && !groups.get(i).alike(p)) {
        i++;
      }
      if (i == groups.size()) {
        groups.add(p);
      } else {
        groups.set(i, groups.get(i).plus(p));
      }
    }
    groups.sort((a, b) -> Double.compare(b.nanos, a.nanos));
    return groups;
  }

  /** Operations per byte; infinite where no byte is counted. */
  double intensity() {
    return (double) operations / bytes;
  }
}
