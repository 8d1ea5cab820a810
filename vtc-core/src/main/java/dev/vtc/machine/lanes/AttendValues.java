package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.FIRST;
import static dev.vtc.machine.lanes.AttendFrame.LANES;
import static dev.vtc.machine.lanes.AttendFrame.LINE;
import static dev.vtc.machine.lanes.AttendFrame.PAGE;
import static dev.vtc.machine.lanes.AttendFrame.ROW_SCORES;
import static dev.vtc.machine.lanes.AttendFrame.SCORES;

import dev.vtc.machine.lanes.AttendFrame.Tile;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;

/**
 * A page's values, weighted by the exponentials. No row meets a value that is masked for it: zero
 * times what overflowed there would not be zero.
 */
final class AttendValues {
  private final AttendFrame f;
  private final LaneAssembler a;
  private final KvLayout kv;
  private final int window;

  AttendValues(AttendFrame f) {
    this.f = f;
    a = f.a;
    kv = f.kv;
    window = f.attend.window();
  }

  /**
   * o[row][d] = fma over positions of e · v[d], 16 dimensions at a time, as many such groups as
   * registers allow.
   *
   * @param values the page's values of the kv head
   * @param length positions of the page up to the last token's
   */
  void emit(Tile tile, R values, R part, R length, R t) {
    int chunks = kv.paddedDim() / LANES;
    int most = Math.max(1, a.vectors() / (tile.rows() + 1));
    for (int first = 0; first < chunks; first += most) {
      chunks(tile, first, Math.min(most, chunks - first), values, part, length, t);
    }
  }

  private void chunks(Tile tile, int first, int wide, R values, R part, R length, R t) {
    int rows = tile.rows();
    R v = a.temp("v");
    R e = a.temp("e");
    V[][] acc = new V[wide][rows];
    V[] x = new V[wide];
    for (int w = 0; w < wide; w++) {
      x[w] = a.vec("values");
      for (int r = 0; r < rows; r++) {
        acc[w][r] = a.vec("o");
        a.zero(acc[w][r]);
      }
    }
    a.move(v, values);
    a.move(e, f.scratch);
    a.add(e, SCORES);
    R seen = a.temp("positions that all rows see");
    a.move(seen, length);
    if (window > 0) {
      skipBeforeWindow(v, e, seen, t);
    }
    if (tile.tokens() > 1) {
      Place inPage = a.place("first token's page");
      f.limit(seen, t, FIRST, 1);
      a.jumpIf(Compare.LE, seen, PAGE, inPage);
      a.set(seen, PAGE);
      a.bind(inPage);
    }
    a.move(t, seen);
    Place head = a.place("positions");
    a.bind(head);
    position(acc, x, first, 0, v, e);
    a.add(t, -1);
    a.jumpIf(Compare.NE, t, 0, head);
    if (tile.tokens() > 1) {
      // A tile ends before its page does, so fewer positions than the page has are left only in
      // the tile's own page: those of its later tokens, which earlier ones do not see.
      Place end = a.place("positions end");
      a.jumpIf(Compare.GE, seen, length, end);
      for (int token = 1; token < tile.tokens(); token++) {
        position(acc, x, first, token * tile.heads(), v, e);
      }
      a.bind(end);
    }
    for (int w = 0; w < wide; w++) {
      for (int r = 0; r < rows; r++) {
        a.store(part, r * f.entryBytes() + 2 * LINE + (first + w) * LINE, acc[w][r]);
      }
      a.free(acc[w]);
    }
    a.free(x);
    a.free(v, e, seen);
  }

  /** v, e and seen go on to the window's first position, where that lies in this page. */
  private void skipBeforeWindow(R v, R e, R seen, R t) {
    Place whole = a.place("window begins before");
    R skip = a.temp("positions before the window");
    f.limit(skip, t, FIRST, 1 - window);
    a.jumpIf(Compare.LE, skip, 0, whole);
    a.sub(seen, skip);
    a.mul(t, skip, kv.paddedDim() * kv.type().bytes());
    a.add(v, t);
    a.shiftLeft(skip, 2);
    a.add(e, skip);
    a.bind(whole);
    a.free(skip);
  }

  /** One position's values to the rows from {@code fromRow} on. */
  private void position(V[][] acc, V[] x, int first, int fromRow, R v, R e) {
    int bytes = kv.type().bytes();
    for (int w = 0; w < x.length; w++) {
      load(x[w], v, (first + w) * LANES * bytes);
    }
    for (int r = fromRow; r < acc[0].length; r++) {
      for (int w = 0; w < x.length; w++) {
        a.fma(acc[w][r], x[w], e, r * ROW_SCORES);
      }
    }
    a.add(v, kv.paddedDim() * bytes);
    a.add(e, Float.BYTES);
  }

  private void load(V d, R base, int disp) {
    if (kv.type() == KvType.F16) {
      a.loadHalf(d, base, disp);
    } else {
      a.load(d, base, disp);
    }
  }
}
