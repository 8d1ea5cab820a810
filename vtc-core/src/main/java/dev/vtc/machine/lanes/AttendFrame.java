package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.KvLayout;

/**
 * What the parts of an attention kernel share: the registers that last, sizes, and the thread's
 * scratch.
 *
 * <pre>
 * scratch  : locals | scores f32 [row][256] | of each page and row: max (16 lanes), sum (16 lanes), o[paddedDim]
 * </pre>
 */
final class AttendFrame {
  static final int LANES = 16;
  static final int LINE = 64;
  static final int PAGE = KvLayout.PAGE_POSITIONS;
  static final int ROW_SCORES = PAGE * Float.BYTES;

  // Locals, in scratch.
  static final int UNIT = 64;
  static final int END = 72;
  static final int TOKEN = 80;
  static final int TOKENS_LEFT = 88;
  static final int KV_HEAD = 96;
  static final int LAST = 104;
  static final int PAGE_NUMBER = 112;
  static final int FIRST = 120;
  static final int PAGES = 128;

  /** Of the row that {@link #eachRow} is at: its token in the tile, and heads until the next. */
  static final int ROW_TOKEN = 136;

  private static final int HEADS_LEFT = 144;

  /** Two more for whoever goes through rows. */
  static final int ROW = 152;

  static final int CHUNKS_LEFT = 160;
  static final int SCORES = 192;

  /**
   * Query heads of one key/value head and neighbouring tokens that meet each key and value
   * together; row r is head {@code r % heads} of token {@code r / heads}.
   *
   * @param firstHead the first of the heads in its group
   */
  record Tile(int tokens, int heads, int firstHead) {
    int rows() {
      return tokens * heads;
    }
  }

  final LaneAssembler a;
  final Attend attend;
  final KvLayout kv;

  /** Query heads of a key/value head. */
  final int group;

  final R descriptor;
  final R context;
  final R scratch;

  /** Enters the function: takes its arguments, and stores where units begin and end. */
  AttendFrame(LaneAssembler a, Attend attend, KvLayout kv, int group) {
    this.a = a;
    this.attend = attend;
    this.kv = kv;
    this.group = group;
    a.enter();
    descriptor = a.kept("descriptor");
    context = a.kept("context");
    scratch = a.kept("scratch");
    R a0 = a.arg(0);
    R a1 = a.arg(1);
    R a2 = a.arg(2);
    R a3 = a.arg(3);
    a.load64(scratch, a3, Context.SCRATCH);
    a.move(descriptor, a0);
    a.move(context, a3);
    a.store64(scratch, UNIT, a1);
    a.store64(scratch, END, a2);
    a.free(a0, a1, a2, a3);
  }

  /**
   * Emits a loop over the rows of a tile, and not the body for each row: with 12 rows an attention
   * kernel was 41 KB of code, and half of what a model emits. Where a row's data lies is for the
   * body to move on.
   */
  void eachRow(Tile tile, Runnable body) {
    R t = a.temp("row");
    Place head = a.place("row");
    a.set(t, 0);
    a.store64(scratch, ROW_TOKEN, t);
    a.set(t, tile.heads());
    a.store64(scratch, HEADS_LEFT, t);
    a.free(t);
    a.bind(head);
    body.run();
    t = a.temp("row");
    if (tile.heads() > 1) {
      a.load64(t, scratch, HEADS_LEFT);
      a.add(t, -1);
      a.store64(scratch, HEADS_LEFT, t);
      a.jumpIf(Compare.NE, t, 0, head);
      a.set(t, tile.heads());
      a.store64(scratch, HEADS_LEFT, t);
    }
    if (tile.tokens() > 1) {
      a.load64(t, scratch, ROW_TOKEN);
      a.add(t, 1);
      a.store64(scratch, ROW_TOKEN, t);
      a.jumpIf(Compare.LT, t, tile.tokens(), head);
    }
    a.free(t);
  }

  /** Bytes of what a page leaves of one row: maximum, sum, weighted values. */
  static int entryBytes(KvLayout kv) {
    return 2 * LINE + kv.paddedDim() * Float.BYTES;
  }

  int entryBytes() {
    return entryBytes(kv);
  }

  /** Where the first page's entries begin in scratch. */
  static int entries(Tile tile) {
    return SCORES + tile.rows() * ROW_SCORES;
  }

  /**
   * d = [position] + more - 256 · page: how many positions of the page come before that one, with
   * {@code more} = 1 up to and with it. Negative or above 256 where it lies in another page.
   */
  void limit(R d, R t, int position, int more) {
    a.load64(d, scratch, position);
    a.add(d, more);
    a.load64(t, scratch, PAGE_NUMBER);
    a.shiftLeft(t, 8);
    a.sub(d, t);
  }
}
