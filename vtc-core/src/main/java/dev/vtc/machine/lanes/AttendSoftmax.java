package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.LANES;
import static dev.vtc.machine.lanes.AttendFrame.LINE;
import static dev.vtc.machine.lanes.AttendFrame.ROW;
import static dev.vtc.machine.lanes.AttendFrame.ROW_SCORES;
import static dev.vtc.machine.lanes.AttendFrame.ROW_TOKEN;
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

  /** Masked positions of each row to -inf, the maximum, exponentials and their sum. */
  void emit(Tile tile, R part, R length, R t) {
    R groups = a.temp("groups");
    R row = a.temp("row");
    R entry = a.temp("entry");
    V s = a.vec("s");
    V x = a.vec("x");
    V max = a.vec("max");
    Exp exp = new Exp(a);
    a.move(entry, part);
    a.move(row, scratch);
    a.add(row, SCORES);
    a.store64(scratch, ROW, row);
    f.eachRow(
        tile,
        () -> {
          R limit = a.temp("limit");
          f.limit(limit, t, AttendFrame.FIRST, 1);
          a.load64(t, scratch, ROW_TOKEN);
          a.add(limit, t);
          groups(groups, length);
          mask(row, groups, limit, t, s, x, max, exp);
          a.free(limit);
          a.foldMax(max, s);
          a.store(entry, 0, max);
          a.load64(row, scratch, ROW);
          groups(groups, length);
          V sum = x;
          exponentials(row, groups, s, max, sum, exp);
          a.fold(sum, s);
          a.store(entry, LINE, sum);
          a.add(entry, f.entryBytes());
          a.load64(row, scratch, ROW);
          a.add(row, ROW_SCORES);
          a.store64(scratch, ROW, row);
        });
    exp.free();
    a.free(s, x, max);
    a.free(groups, row, entry);
  }

  private void groups(R groups, R length) {
    a.move(groups, length);
    a.add(groups, LANES - 1);
    a.shiftRight(groups, 4);
  }

  /** Where it belongs, the soft cap; then -inf where a token does not look; max of the rest. */
  private void mask(R row, R groups, R limit, R t, V s, V x, V max, Exp exp) {
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
  }

  private void exponentials(R row, R groups, V s, V max, V sum, Exp exp) {
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
  }
}
