package dev.vtc.machine.lanes;

import static dev.vtc.machine.lanes.AttendFrame.END;
import static dev.vtc.machine.lanes.AttendFrame.FIRST;
import static dev.vtc.machine.lanes.AttendFrame.KV_HEAD;
import static dev.vtc.machine.lanes.AttendFrame.LAST;
import static dev.vtc.machine.lanes.AttendFrame.PAGE;
import static dev.vtc.machine.lanes.AttendFrame.PAGES;
import static dev.vtc.machine.lanes.AttendFrame.PAGE_NUMBER;
import static dev.vtc.machine.lanes.AttendFrame.ROW_SCORES;
import static dev.vtc.machine.lanes.AttendFrame.SCORES;
import static dev.vtc.machine.lanes.AttendFrame.TOKEN;
import static dev.vtc.machine.lanes.AttendFrame.TOKENS_LEFT;
import static dev.vtc.machine.lanes.AttendFrame.UNIT;

import dev.vtc.machine.lanes.AttendFrame.Tile;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.KvLayout;

/**
 * Rule 8. A unit is a tile of neighbouring tokens of one sequence, times one key/value head: its
 * query heads and tokens are the rows that meet each key and value while it is in a register, so
 * that every line of the cache is read once a tile.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. unit = kvHead · tiles + tile
 * </pre>
 */
final class AttendKernel {
  private final AttendFrame f;
  private final LaneAssembler a;
  private final Attend attend;
  private final KvLayout kv;
  private final int group;
  private final R scratch;
  private final AttendScores scores;
  private final AttendSoftmax softmax;
  private final AttendValues values;
  private final AttendMerge merge;

  private AttendKernel(AttendFrame f) {
    this.f = f;
    a = f.a;
    attend = f.attend;
    kv = f.kv;
    group = f.group;
    scratch = f.scratch;
    scores = new AttendScores(f);
    softmax = new AttendSoftmax(f);
    values = new AttendValues(f);
    merge = new AttendMerge(f);
  }

  /**
   * Rows that a machine takes at a time: accumulators of the scores and of two value registers must
   * fit.
   */
  static int maxRows(int vectors) {
    return vectors >= 26 ? 12 : 4;
  }

  /** Query heads of one kv head that are taken at a time: all, or the largest divisor that fits. */
  static int rowsOfToken(int group, int vectors) {
    int rows = Math.min(group, maxRows(vectors));
    while (group % rows != 0) {
      rows--;
    }
    return rows;
  }

  /** Tokens of a full tile. */
  static int tileTokens(Attend attend, int group, int vectors) {
    int rows = rowsOfToken(group, vectors);
    return rows == group && attend.window() == 0 ? Math.max(1, maxRows(vectors) / group) : 1;
  }

  /** Bytes of scratch for a context of {@code positions}. */
  static int scratchBytes(KvLayout kv, int positions, int vectors) {
    int rows = maxRows(vectors);
    int pages = Math.ceilDiv(positions, PAGE) + 1;
    return Math.addExact(
        SCORES + rows * ROW_SCORES, Math.multiplyExact(pages * rows, AttendFrame.entryBytes(kv)));
  }

  static void emit(LaneAssembler a, Attend attend, KvLayout kv, int group) {
    new AttendKernel(new AttendFrame(a, attend, kv, group)).emit();
  }

  private void emit() {
    int full = tileTokens(attend, group, a.vectors());
    int rows = rowsOfToken(group, a.vectors());
    Place unitHead = a.place("unit");
    Place singles = a.place("single tokens");
    Place unitEnd = a.place("unit end");
    a.bind(unitHead);
    splitUnit();
    if (full > 1) {
      R n = a.temp("tokens");
      a.load64(n, scratch, TOKENS_LEFT);
      a.jumpIf(Compare.NE, n, full, singles);
      a.free(n);
      body(new Tile(full, group, 0));
      a.jump(unitEnd);
    }
    a.bind(singles);
    for (int head = 0; head < group; head += rows) {
      body(new Tile(1, rows, head));
    }
    R n = a.temp("tokens");
    R t = a.temp("token");
    a.load64(t, scratch, TOKEN);
    a.add(t, 1);
    a.store64(scratch, TOKEN, t);
    a.load64(n, scratch, TOKENS_LEFT);
    a.add(n, -1);
    a.store64(scratch, TOKENS_LEFT, n);
    a.jumpIf(Compare.GT, n, 0, singles);
    a.bind(unitEnd);
    a.load64(n, scratch, UNIT);
    a.load64(t, scratch, END);
    a.add(n, 1);
    a.store64(scratch, UNIT, n);
    a.jumpIf(Compare.LT, n, t, unitHead);
    a.free(n, t);
    a.leave();
  }

  /** unit = kvHead · tiles + tile; then the tile's token and number of tokens. */
  private void splitUnit() {
    R tile = a.temp("tile");
    R tiles = a.temp("tiles");
    R head = a.temp("kv head");
    a.load64(tile, scratch, UNIT);
    a.load32(tiles, f.descriptor, Descriptor.ROWS);
    a.set(head, 0);
    Place divide = a.place("divide");
    Place divided = a.place("divided");
    a.bind(divide);
    a.jumpIf(Compare.LT, tile, tiles, divided);
    a.sub(tile, tiles);
    a.add(head, 1);
    a.jump(divide);
    a.bind(divided);
    a.store64(scratch, KV_HEAD, head);
    a.load64(tiles, f.context, Context.TILES);
    a.shiftLeft(tile, 4);
    a.add(tiles, tile);
    a.load32(head, tiles, 0);
    a.store64(scratch, TOKEN, head);
    a.load32(head, tiles, 4);
    a.store64(scratch, TOKENS_LEFT, head);
    a.free(tile, tiles, head);
  }

  /** Attention of a tile of tokens from TOKEN on. */
  private void body(Tile tile) {
    int rows = tile.rows();
    R q = a.kept("q");
    R part = a.kept("partial results");
    R t = a.temp("t");
    R u = a.temp("u");
    // q = first row's query
    a.load64(t, scratch, TOKEN);
    a.load64(q, f.descriptor, Descriptor.IN);
    a.mul(u, t, attend.q().rowBytes());
    a.add(q, u);
    a.load64(u, scratch, KV_HEAD);
    a.mul(u, u, group * kv.headDim() * Float.BYTES);
    a.add(q, u);
    if (tile.firstHead() > 0) {
      a.add(q, tile.firstHead() * kv.headDim() * Float.BYTES);
    }
    // PAGES = the list of the layer's pages
    a.shiftLeft(t, 3);
    a.load64(u, f.context, Context.PAGES);
    a.add(u, t);
    a.load64(u, u, 0);
    R list = a.temp("list");
    a.load64(list, f.descriptor, Descriptor.KV_PAGES);
    a.add(u, list);
    a.free(list);
    a.store64(scratch, PAGES, u);
    // FIRST = position of the first token, LAST = of the last
    a.shiftRight(t, 1);
    a.load64(u, f.context, Context.POSITIONS);
    a.add(u, t);
    a.load32(u, u, 0);
    a.store64(scratch, FIRST, u);
    if (tile.tokens() > 1) {
      a.add(u, tile.tokens() - 1);
    }
    a.store64(scratch, LAST, u);
    firstPage(t, u);
    a.store64(scratch, PAGE_NUMBER, t);
    a.free(t, u);
    a.move(part, scratch);
    a.add(part, AttendFrame.entries(tile));

    Place page = a.place("page");
    Place pagesEnd = a.place("pages end");
    a.bind(page);
    page(tile, q, part);
    R number = a.temp("page");
    R last = a.temp("last");
    a.load64(number, scratch, PAGE_NUMBER);
    a.add(number, 1);
    a.store64(scratch, PAGE_NUMBER, number);
    a.add(part, rows * f.entryBytes());
    a.load64(last, scratch, LAST);
    a.shiftRight(last, 8);
    a.jumpIf(Compare.GT, number, last, pagesEnd);
    a.jump(page);
    a.bind(pagesEnd);
    a.free(number, last);
    merge.emit(tile, part);
    a.free(q, part);
  }

  /** t = first page that the window of position u reaches. */
  private void firstPage(R t, R u) {
    if (attend.window() == 0) {
      a.set(t, 0);
      return;
    }
    Place positive = a.place("window begins inside");
    a.move(t, u);
    a.add(t, 1 - attend.window());
    a.jumpIf(Compare.GE, t, 0, positive);
    a.set(t, 0);
    a.bind(positive);
    a.shiftRight(t, 8);
  }

  /**
   * One page: scores of all rows, their maxima and exponentials, and the weighted sum of the
   * values.
   */
  private void page(Tile tile, R q, R part) {
    R keys = a.temp("keys");
    R pageValues = a.temp("values");
    R length = a.temp("length");
    R t = a.temp("t");
    // keys = pages[number] + layer + kv head; the values follow them
    a.load64(keys, scratch, PAGES);
    a.load64(t, scratch, PAGE_NUMBER);
    a.shiftLeft(t, 3);
    a.add(keys, t);
    a.load64(keys, keys, 0);
    a.load64(t, f.descriptor, Descriptor.KV);
    a.add(keys, t);
    a.load64(t, scratch, KV_HEAD);
    a.mul(t, t, Math.toIntExact(kv.keyBytes() + kv.valueBytes()));
    a.add(keys, t);
    a.move(pageValues, keys);
    a.add(pageValues, Math.toIntExact(kv.keyBytes()));
    // length = positions of this page up to the last token's
    f.limit(length, t, LAST, 1);
    Place fits = a.place("fits");
    a.jumpIf(Compare.LE, length, PAGE, fits);
    a.set(length, PAGE);
    a.bind(fits);
    scores.emit(tile, q, keys, length, t);
    a.free(keys);
    softmax.emit(tile, part, length, t);
    values.emit(tile, pageValues, part, length, t);
    a.free(pageValues, length, t);
  }
}
