package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;

/**
 * Rule 8. A unit is a tile of neighbouring tokens of one sequence, times one key/value head: its
 * query heads and tokens are the rows that meet each key and value while it is in a register, so
 * that every line of the cache is read once a tile.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. unit = kvHead · tiles + tile
 * scratch  : locals | scores f32 [row][256] | of each page and row: max (16 lanes), sum (16 lanes), o[paddedDim]
 * </pre>
 */
final class AttendKernel {
  private static final int LANES = 16;
  private static final int LINE = 64;
  private static final int PAGE = KvLayout.PAGE_POSITIONS;
  private static final int ROW_SCORES = PAGE * Float.BYTES;

  // Locals, in scratch.
  private static final int UNIT = 64;
  private static final int END = 72;
  private static final int TOKEN = 80;
  private static final int TOKENS_LEFT = 88;
  private static final int KV_HEAD = 96;
  private static final int LAST = 104;
  private static final int PAGE_NUMBER = 112;
  private static final int FIRST = 120;
  private static final int PAGES = 128;
  private static final int SCORES = 192;

  private final LaneAssembler a;
  private final Attend attend;
  private final KvLayout kv;
  private final int group;
  private final int rowBytesOfQ;
  private final R descriptor;
  private final R context;
  private final R scratch;

  private AttendKernel(LaneAssembler a, Attend attend, KvLayout kv, int group) {
    this.a = a;
    this.attend = attend;
    this.kv = kv;
    this.group = group;
    rowBytesOfQ = attend.q().rowBytes();
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
        SCORES + rows * ROW_SCORES,
        Math.multiplyExact(pages * rows, 2 * LINE + kv.paddedDim() * Float.BYTES));
  }

  static void emit(LaneAssembler a, Attend attend, KvLayout kv, int group) {
    new AttendKernel(a, attend, kv, group).emit();
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
      body(full, group, 0);
      a.jump(unitEnd);
    }
    a.bind(singles);
    for (int head = 0; head < group; head += rows) {
      body(1, rows, head);
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
    a.load32(tiles, descriptor, Descriptor.ROWS);
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
    a.load64(tiles, context, Context.TILES);
    a.shiftLeft(tile, 4);
    a.add(tiles, tile);
    a.load32(head, tiles, 0);
    a.store64(scratch, TOKEN, head);
    a.load32(head, tiles, 4);
    a.store64(scratch, TOKENS_LEFT, head);
    a.free(tile, tiles, head);
  }

  /**
   * Attention of {@code tokens} tokens from TOKEN on, {@code heads} query heads of each from {@code
   * firstHead} of the group on.
   */
  private void body(int tokens, int heads, int firstHead) {
    int rows = tokens * heads;
    R q = a.kept("q");
    R part = a.kept("partial results");
    R t = a.temp("t");
    R u = a.temp("u");
    // q = first row's query
    a.load64(t, scratch, TOKEN);
    a.load64(q, descriptor, Descriptor.IN);
    a.mul(u, t, rowBytesOfQ);
    a.add(q, u);
    a.load64(u, scratch, KV_HEAD);
    a.mul(u, u, group * kv.headDim() * Float.BYTES);
    a.add(q, u);
    if (firstHead > 0) {
      a.add(q, firstHead * kv.headDim() * Float.BYTES);
    }
    // FIRST = position of the first token, LAST = of the last
    a.load64(u, context, Context.PAGES);
    a.shiftLeft(t, 3);
    a.add(u, t);
    a.load64(u, u, 0);
    a.store64(scratch, PAGES, u);
    a.shiftRight(t, 1);
    a.load64(u, context, Context.POSITIONS);
    a.add(u, t);
    a.load32(u, u, 0);
    a.store64(scratch, FIRST, u);
    if (tokens > 1) {
      a.add(u, tokens - 1);
    }
    a.store64(scratch, LAST, u);
    firstPage(t, u);
    a.store64(scratch, PAGE_NUMBER, t);
    a.free(t, u);
    a.move(part, scratch);
    a.add(part, SCORES + rows * ROW_SCORES);

    Place page = a.place("page");
    Place merge = a.place("merge");
    a.bind(page);
    page(tokens, heads, q, part);
    R number = a.temp("page");
    R last = a.temp("last");
    a.load64(number, scratch, PAGE_NUMBER);
    a.add(number, 1);
    a.store64(scratch, PAGE_NUMBER, number);
    a.add(part, rows * entryBytes());
    a.load64(last, scratch, LAST);
    a.shiftRight(last, 8);
    a.jumpIf(Compare.GT, number, last, merge);
    a.jump(page);
    a.bind(merge);
    a.free(number, last);
    merge(tokens, heads, firstHead, part);
    a.free(q, part);
  }

  private int entryBytes() {
    return 2 * LINE + kv.paddedDim() * Float.BYTES;
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
  private void page(int tokens, int heads, R q, R part) {
    R keys = a.temp("keys");
    R values = a.temp("values");
    R length = a.temp("length");
    R t = a.temp("t");
    // keys = pages[number] + layer + kv head; the values follow them
    a.load64(keys, scratch, PAGES);
    a.load64(t, scratch, PAGE_NUMBER);
    a.shiftLeft(t, 3);
    a.add(keys, t);
    a.load64(keys, keys, 0);
    a.load64(t, descriptor, Descriptor.KV);
    a.add(keys, t);
    a.load64(t, scratch, KV_HEAD);
    a.mul(t, t, Math.toIntExact(kv.keyBytes() + kv.valueBytes()));
    a.add(keys, t);
    a.move(values, keys);
    a.add(values, Math.toIntExact(kv.keyBytes()));
    // length = positions of this page up to the last token's
    limit(length, t, LAST, 1);
    Place fits = a.place("fits");
    a.jumpIf(Compare.LE, length, PAGE, fits);
    a.set(length, PAGE);
    a.bind(fits);
    scores(tokens, heads, q, keys, length, t);
    a.free(keys);
    for (int token = 0; token < tokens; token++) {
      softmax(token, heads, part, length, t);
    }
    values(tokens * heads, values, part, length, t);
    a.free(values, length, t);
  }

  /** d = [position] + more - 256 · page. */
  private void limit(R d, R t, int position, int more) {
    a.load64(d, scratch, position);
    a.add(d, more);
    a.load64(t, scratch, PAGE_NUMBER);
    a.shiftLeft(t, 8);
    a.sub(d, t);
  }

  private int queryDisp(int row, int heads) {
    return row / heads * rowBytesOfQ + row % heads * kv.headDim() * Float.BYTES;
  }

  /**
   * scores[row][i] = (fma over d of q · k) · scale, 16 positions at a time, several such groups
   * side by side where registers allow.
   */
  private void scores(int tokens, int heads, R q, R keys, R length, R t) {
    int rows = tokens * heads;
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
      scoreGroups(rows, heads, wide, q, keys, to, t);
      a.add(keys, wide * keyBytes);
      a.add(to, wide * LINE);
      a.add(groups, -wide);
      a.jump(head);
      a.bind(end);
    }
    a.free(groups, to);
  }

  private void scoreGroups(int rows, int heads, int wide, R q, R keys, R to, R t) {
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
          a.fma(acc[w][r], k[w], x, queryDisp(r, heads) + d * Float.BYTES);
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

  /** Rows of one token: masked positions to -inf, the maximum, exponentials and their sum. */
  private void softmax(int token, int heads, R part, R length, R t) {
    R groups = a.temp("groups");
    R limit = a.temp("limit");
    R row = a.temp("row");
    V s = a.vec("s");
    V x = a.vec("x");
    V max = a.vec("max");
    Exp exp = new Exp(a);
    for (int h = 0; h < heads; h++) {
      int r = token * heads + h;
      a.move(row, scratch);
      a.add(row, SCORES + r * ROW_SCORES);
      limit(limit, t, FIRST, 1 + token);
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
      a.store(part, r * entryBytes(), max);

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
      a.store(part, r * entryBytes() + LINE, sum);
    }
    exp.free();
    a.free(s, x, max);
    a.free(groups, limit, row);
  }

  /**
   * o[row][d] = fma over positions of e · v[d], 16 dimensions at a time, as many such groups as
   * registers allow.
   */
  private void values(int rows, R values, R part, R length, R t) {
    int bytes = kv.type().bytes();
    int chunks = kv.paddedDim() / LANES;
    int most = Math.max(1, a.vectors() / (rows + 1));
    R v = a.temp("v");
    R e = a.temp("e");
    for (int first = 0; first < chunks; first += most) {
      int wide = Math.min(most, chunks - first);
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
      a.move(e, scratch);
      a.add(e, SCORES);
      a.move(t, length);
      Place head = a.place("positions");
      a.bind(head);
      for (int w = 0; w < wide; w++) {
        loadKv(x[w], v, (first + w) * LANES * bytes);
      }
      for (int r = 0; r < rows; r++) {
        for (int w = 0; w < wide; w++) {
          a.fma(acc[w][r], x[w], e, r * ROW_SCORES);
        }
      }
      a.add(v, kv.paddedDim() * bytes);
      a.add(e, Float.BYTES);
      a.add(t, -1);
      a.jumpIf(Compare.NE, t, 0, head);
      for (int w = 0; w < wide; w++) {
        for (int r = 0; r < rows; r++) {
          a.store(part, r * entryBytes() + 2 * LINE + (first + w) * LINE, acc[w][r]);
        }
        a.free(acc[w]);
      }
      a.free(x);
    }
    a.free(v, e);
  }

  /**
   * Pages ascending: M, L, O, and O / L to where it is wanted. {@code part} stands behind the last
   * page.
   */
  private void merge(int tokens, int heads, int firstHead, R part) {
    int rows = tokens * heads;
    R p = a.temp("p");
    R first = a.temp("first");
    a.move(first, scratch);
    a.add(first, SCORES + rows * ROW_SCORES);
    V sum = a.vec("sum");
    for (int r = 0; r < rows; r++) {
      V max = a.vec("max");
      V w = a.vec("w");
      a.constant(max, Float.NEGATIVE_INFINITY);
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.max(max, max, w);
          });
      Exp exp = new Exp(a);
      // From here on the page's weight stands where its maximum was.
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.sub(w, w, max);
            exp.exp(w);
            a.store(p, 0, w);
          });
      exp.free();
      a.zero(sum);
      V l = a.vec("page's sum");
      eachPage(
          p,
          first,
          part,
          rows,
          r,
          () -> {
            a.load(w, p, 0);
            a.load(l, p, LINE);
            a.fma(sum, l, w);
          });
      a.free(l, max, w);
      output(r, heads, firstHead, rows, p, first, part, sum);
    }
    a.free(sum);
    a.free(p, first);
  }

  private void eachPage(R p, R first, R end, int rows, int row, Runnable body) {
    a.move(p, first);
    if (row > 0) {
      a.add(p, row * entryBytes());
    }
    Place head = a.place("merge page");
    a.bind(head);
    body.run();
    a.add(p, rows * entryBytes());
    a.jumpIf(Compare.LT, p, end, head);
  }

  private void output(int row, int heads, int firstHead, int rows, R p, R first, R end, V sum) {
    int dim = kv.headDim();
    R out = a.temp("out");
    R t = a.temp("t");
    V[] o = {a.vec("o"), a.vec("o")};
    for (int d = 0; d < dim; d += 2 * LANES) {
      int chunks = d + LANES < dim ? 2 : 1;
      int at = 2 * LINE + d * Float.BYTES;
      a.zero(o[0]);
      a.zero(o[1]);
      V l = a.vec("page's o");
      V w = a.vec("weight");
      eachPage(
          p,
          first,
          end,
          rows,
          row,
          () -> {
            a.load(w, p, 0);
            for (int c = 0; c < chunks; c++) {
              a.load(l, p, at + c * LINE);
              a.fma(o[c], l, w);
            }
          });
      a.free(l, w);
      for (int c = 0; c < chunks; c++) {
        a.div(o[c], o[c], sum);
      }
      // The row's place in a buffer: token · row bytes, and its head's columns.
      int column = (firstHead + row % heads) * dim + d;
      Buffer dense = attend.out();
      if (dense != null) {
        address(out, t, Descriptor.OUT, dense.rowBytes(), row / heads, Float.BYTES);
        for (int c = 0; c < chunks; c++) {
          int count = Math.min(LANES, dim - d - c * LANES);
          a.storePart(out, (column + c * LANES) * Float.BYTES, o[c], count);
        }
      }
      Buffer quantized = attend.quantized();
      if (quantized != null) {
        quantize(quantized, row / heads, column, o, out, t);
      }
    }
    a.free(o);
    a.free(out, t);
  }

  /** d = buffer + (TOKEN + token) · row bytes + kvHead · group · headDim elements. */
  private void address(R d, R t, int base, int rowBytes, int token, int elementBytes) {
    a.load64(d, scratch, TOKEN);
    if (token > 0) {
      a.add(d, token);
    }
    a.mul(d, d, rowBytes);
    a.load64(t, descriptor, base);
    a.add(d, t);
    a.load64(t, scratch, KV_HEAD);
    a.mul(t, t, group * kv.headDim() * elementBytes);
    a.add(d, t);
  }

  private void quantize(Buffer buffer, int token, int column, V[] o, R q, R t) {
    R scales = a.temp("scales");
    R sums16 = a.temp("sums16");
    a.load64(scales, scratch, TOKEN);
    if (token > 0) {
      a.add(scales, token);
    }
    a.mul(scales, scales, buffer.rowBytes());
    a.load64(t, descriptor, Descriptor.QUANTIZED);
    a.add(scales, t);
    // t = the row's first column of this kv head: a multiple of 32, as headDim is
    a.load64(t, scratch, KV_HEAD);
    a.mul(t, t, group * kv.headDim());
    a.move(q, scales);
    a.move(sums16, scales);
    a.add(q, t);
    a.add(q, column);
    a.shiftRight(t, 3);
    a.add(scales, t);
    a.add(scales, column / 8);
    a.shiftLeft(t, 1);
    a.add(sums16, t);
    a.add(sums16, column / 4);
    QuantizeBlock block = new QuantizeBlock(a, buffer);
    block.emit(o[0], o[1], q, scales, sums16);
    block.free();
    a.free(scales, sums16);
  }
}
