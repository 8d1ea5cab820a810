package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.LANES;
import static dev.vtc.machine.lanes.AttendFrame.LINE;
import static dev.vtc.machine.lanes.AttendFrame.ROW_SCORES;
import static dev.vtc.machine.lanes.AttendFrame.SCORES;

import dev.vtc.machine.lanes.AttendFrame.Tile;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Instruction.Attend;

/** A page's scores become exponentials, and leave their maximum and sum. */
final class AttendSoftmax {
  private final AttendFrame f;
  private final LaneAssembler a;
  private final Attend attend;
  private final R scratch;

  AttendSoftmax(AttendFrame f) {
    this.f = f;
    a = f.a;
    attend = f.attend;
    scratch = f.scratch;
  }

  /** Rows of one token: masked positions to -inf, the maximum, exponentials and their sum. */
  void emit(Tile tile, int token, R part, R length, R t) {
    R groups = a.temp("groups");
    R limit = a.temp("limit");
    R row = a.temp("row");
    V s = a.vec("s");
    V x = a.vec("x");
    V max = a.vec("max");
    Exp exp = new Exp(a);
    for (int h = 0; h < tile.heads(); h++) {
      int r = token * tile.heads() + h;
      a.move(row, scratch);
      a.add(row, SCORES + r * ROW_SCORES);
      f.limit(limit, t, AttendFrame.FIRST, 1 + token);
      a.move(groups, length);
      a.add(groups, LANES - 1);
      a.shiftRight(groups, 4);
      a.constant(max, Float.NEGATIVE_INFINITY);
      Place masks = a.place("mask");
      a.bind(masks);
      a.load(s, row, 0);
      if (attend.softcap() > 0) {
        a.constant(x, attend.softcap());
        a.div(s, s, x);
        exp.tanh(s);
        a.constant(x, attend.softcap());
        a.mul(s, s, x);
      }
      a.constant(x, Float.NEGATIVE_INFINITY);
      a.keepBelow(s, limit, x);
      if (attend.window() > 0) {
        // Positions below limit - window leave the window: those lanes become -inf.
        a.move(t, limit);
        a.add(t, -attend.window());
        a.keepBelow(x, t, s);
        a.move(s, x);
      }
      a.store(row, 0, s);
      a.max(max, max, s);
      a.add(row, LINE);
      a.add(limit, -LANES);
      a.add(groups, -1);
      a.jumpIf(Compare.NE, groups, 0, masks);
      a.foldMax(max, s);
      a.store(part, r * f.entryBytes(), max);

      a.move(row, scratch);
      a.add(row, SCORES + r * ROW_SCORES);
      a.move(groups, length);
      a.add(groups, LANES - 1);
      a.shiftRight(groups, 4);
      V sum = x;
      a.zero(sum);
      Place exps = a.place("exp");
      a.bind(exps);
      a.load(s, row, 0);
      a.sub(s, s, max);
      exp.exp(s);
      a.store(row, 0, s);
      a.add(sum, sum, s);
      a.add(row, LINE);
      a.add(groups, -1);
      a.jumpIf(Compare.NE, groups, 0, exps);
      a.fold(sum, s);
      a.store(part, r * f.entryBytes() + LINE, sum);
    }
    exp.free();
    a.free(s, x, max);
    a.free(groups, limit, row);
  }
}
