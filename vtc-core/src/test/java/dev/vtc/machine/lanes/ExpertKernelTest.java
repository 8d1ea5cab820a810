package dev.vtc.machine.lanes;

import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.Experts;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Matrix;
import dev.vtc.tvl.TvlFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mixtures of experts on every native machine of this CPU against the portable one, weights in
 * guarded memory, what the router says at random and with ties.
 */
class ExpertKernelTest {
  private static final int[] TOKENS = {1, 2, 5, 12, 13, 31};

  @ParameterizedTest
  @EnumSource
  void mixturesAreThoseOfThePortableMachine(TvlFormat format) {
    Random random = Rig.seeded("experts in " + format);
    try (ThreadTeam team = new ThreadTeam(2)) {
      for (int i = 0; i < Amount.times(3); i++) {
        check(random, team, format);
      }
    }
  }

  private static void check(Random random, ThreadTeam team, TvlFormat format) {
    int experts = random.nextInt(1, 70);
    int used = random.nextInt(1, Math.min(experts, 20) + 1);
    int columns = format.source().blockSize() == 256 ? 256 : 96;
    int rows = 16 * random.nextInt(1, 5);
    String what = format + ", " + experts + " experts, " + used + " used, rows " + rows;
    try (Rig rig = new Rig(random)) {
      rig.content((buffer, row) -> {
        if (buffer.name().equals("router")) {
          for (int i = 0; i < row.length; i++) {
            // Ties, and zeros of both signs.
            row[i] = Math.copySign(Math.round(2 * row[i]) / 2f, row[i]);
          }
        }
      });
      Buffer router = rig.input("router", experts);
      Buffer choice = rig.output("choice", Type.I32, used);
      Buffer weight = rig.output("weight", Type.F32, used);
      Buffer place = rig.output("place", Type.I32, used);
      Buffer groups = new Buffer("groups", Type.I32, Rows.STEP, Group.width(experts));
      rig.add(new Route(router, choice, weight, random.nextBoolean(), 1.25f));
      rig.add(new Group(choice, place, groups, experts));
      Buffer x = rig.input("x", columns);
      Buffer in = x;
      if (!format.isDense()) {
        in = rig.output("x.q8", Type.Q8, columns);
        rig.add(new Quantize(x, in));
      }
      Buffer sent = rig.output("sent", in.type(), Rows.SLOTS, columns);
      rig.add(new Dispatch(in, place, sent));
      Experts stacks = new Experts(groups, experts);
      Matrix gate = stack(rig, format, experts, rows, columns, 0);
      Matrix up = stack(rig, format, experts, rows, columns, 3);
      List<Part> parts = List.of(new Part(gate, sent, null, null), new Part(up, sent, null, null));
      Buffer gated = rig.output("gated", Type.F32, Rows.SLOTS, rows);
      Buffer quantized = rig.output("gated.q8", Type.Q8, Rows.SLOTS, rows);
      rig.add(new MatMul(parts, Epilogue.GEGLU, gated, quantized, 0.5f, stacks));
      Buffer made = rig.output("made", Type.F32, Rows.SLOTS, rows);
      List<Part> one = List.of(new Part(up, sent, made, null));
      rig.add(new MatMul(one, Epilogue.STORE, null, null, 1, stacks));
      Buffer into = rig.inOut("into", rows);
      rig.add(new Combine(made, place, weight, into));
      rig.add(new Combine(gated, place, weight, into));
      try {
        rig.check(team, Amount.some(random, TOKENS));
      } catch (AssertionError e) {
        throw new AssertionError(what + ": " + e.getMessage(), e);
      }
    }
  }

  private static Matrix stack(
      Rig rig, TvlFormat format, int experts, int rows, int columns, int gap) {
    Matrix all = rig.weights.matrix(format, experts * rows, columns, gap);
    return new Matrix(all.name(), all.format(), rows, columns);
  }
}
