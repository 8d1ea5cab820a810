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
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;

/** A page's keys against the queries of a tile. */
final class AttendScores {
  private final LaneAssembler a;
  private final Attend attend;
  private final KvLayout kv;
  private final R scratch;

  AttendScores(AttendFrame f) {
    a = f.a;
    attend = f.attend;
    kv = f.kv;
    scratch = f.scratch;
  }

  private int queryDisp(Tile tile, int row) {
    return row / tile.heads() * attend.q().rowBytes()
        + row % tile.heads() * kv.headDim() * Float.BYTES;
  }

  /**
   * scores[row][i] = (fma over d of q · k) · scale, 16 positions at a time, several such groups
   * side by side where registers allow.
   */
  void emit(Tile tile, R q, R keys, R length, R t) {
    int rows = tile.rows();
    int most = Math.clamp(a.vectors() / (rows + 1), 1, 4);
    R groups = a.temp("groups");
    R to = a.temp("scores");
    a.move(groups, length);
    a.add(groups, LANES - 1);
    a.shiftRight(groups, 4);
    a.move(to, scratch);
    a.add(to, SCORES);
    int keyBytes = kv.headDim() * LANES * kv.type().bytes();
    for (int wide = most; wide >= 1; wide = wide == 1 ? 0 : 1) {
      Place head = a.place("groups");
      Place end = a.place("groups end");
      a.bind(head);
      a.jumpIf(Compare.LT, groups, wide, end);
      groups(tile, wide, q, keys, to, t);
      a.add(keys, wide * keyBytes);
      a.add(to, wide * LINE);
      a.add(groups, -wide);
      a.jump(head);
      a.bind(end);
    }
    a.free(groups, to);
  }

  private void groups(Tile tile, int wide, R q, R keys, R to, R t) {
    int rows = tile.rows();
    int dim = kv.headDim();
    int bytes = kv.type().bytes();
    V[][] acc = new V[wide][rows];
    V[] k = new V[wide];
    for (int w = 0; w < wide; w++) {
      k[w] = a.vec("keys");
      for (int r = 0; r < rows; r++) {
        acc[w][r] = a.vec("scores");
        a.zero(acc[w][r]);
      }
    }
    int unroll = dim % 8 == 0 ? 8 : dim % 4 == 0 ? 4 : 1;
    R x = a.temp("q");
    R y = a.temp("k");
    a.move(x, q);
    a.move(y, keys);
    a.set(t, dim / unroll);
    Place head = a.place("dimensions");
    a.bind(head);
    for (int d = 0; d < unroll; d++) {
      for (int w = 0; w < wide; w++) {
        loadKv(k[w], y, (w * dim + d) * LANES * bytes);
      }
      for (int r = 0; r < rows; r++) {
        for (int w = 0; w < wide; w++) {
          a.fma(acc[w][r], k[w], x, queryDisp(tile, r) + d * Float.BYTES);
        }
      }
    }
    a.add(x, unroll * Float.BYTES);
    a.add(y, unroll * LANES * bytes);
    a.add(t, -1);
    a.jumpIf(Compare.NE, t, 0, head);
    a.free(x, y);
    V scale = k[0];
    a.constant(scale, attend.scale());
    for (int w = 0; w < wide; w++) {
      for (int r = 0; r < rows; r++) {
        a.mul(acc[w][r], acc[w][r], scale);
        a.store(to, r * ROW_SCORES + w * LINE, acc[w][r]);
      }
      a.free(acc[w]);
    }
    a.free(k);
  }

  private void loadKv(V d, R base, int disp) {
    if (kv.type() == KvType.F16) {
      a.loadHalf(d, base, disp);
    } else {
      a.load(d, base, disp);
    }
  }
}
