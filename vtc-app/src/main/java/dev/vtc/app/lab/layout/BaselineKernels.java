package dev.vtc.app.lab.layout;

import dev.vtc.machine.lanes.LaneAssembler;
import dev.vtc.machine.lanes.LaneAssembler.Codes;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Numerics;
import dev.vtc.tvl.TvlFormat;
import java.util.function.IntConsumer;

/**
 * What TVL with vectors is compared with: products with rows as files hold them, by scalars and by
 * vectors, and scalar products with TVL's panels. Written over the lanes of all machines; a format
 * is a parameter.
 *
 * <pre>
 * arguments: first row or panel of weights; x in the variant's form; y of that row; count of rows or panels, at least 1
 * y = f32[rows], and for scalar products with dense panels f32[rows] of room behind it, {@code oddOffset} bytes from y
 * </pre>
 *
 * Scalar kernels add in the order of rules 4 and 5 of docs/numerics.md, so their results are those
 * of every machine, bit for bit. Row-major vectors have columns in their lanes and end with a sum
 * over the lanes: another order.
 */
final class BaselineKernels {
  private static final int LANES = 16;
  private static final int LINE = 64;
  private static final int BLOCK = 32;
  private static final int GROUP = TvlFormat.GROUP_COLUMNS;
  private static final int UNROLL = 16;

  /** Offset of a signed code: what is taken off the stored one. */
  private static final int Q4_OFFSET = 8;

  private static final int Q8_OFFSET = 128;

  private final LaneAssembler a;
  private final WeightFormat format;
  private final int columns;
  private final R w;
  private final R x;
  private final R y;
  private final R count;

  private BaselineKernels(LaneAssembler a, WeightFormat format, int columns) {
    this.a = a;
    this.format = format;
    this.columns = columns;
    a.enter();
    w = a.arg(0);
    x = a.arg(1);
    y = a.arg(2);
    count = a.arg(3);
  }

  /**
   * Emits a kernel.
   *
   * @param columns a multiple of 64
   * @param oddOffset see above
   */
  static void emit(
      LaneAssembler a, WeightFormat format, Variant variant, int columns, int oddOffset) {
    BaselineKernels k = new BaselineKernels(a, format, columns);
    Place head = a.place("row or panel");
    a.bind(head);
    switch (variant) {
      case ROW_SCALAR -> k.row(format.isDense() ? k::denseRow : k::quantizedRow);
      case ROW_SIMD -> k.row(format.isDense() ? k::denseRowVectors : k::quantizedRowVectors);
      case TVL_SCALAR -> {
        if (format.isDense()) {
          k.densePanel(oddOffset);
        } else {
          k.quantizedPanel();
        }
      }
      case TVL_SIMD -> throw new IllegalArgumentException("That is the engine's own kernel.");
    }
    a.add(k.count, -1);
    a.jumpIf(Compare.NE, k.count, 0, head);
    a.leave();
  }

  private void row(Runnable product) {
    product.run();
    a.add(y, Float.BYTES);
  }

  private void loop(int times, Runnable body) {
    R n = a.temp("times");
    a.set(n, times);
    Place head = a.place("loop");
    a.bind(head);
    body.run();
    a.add(n, -1);
    a.jumpIf(Compare.NE, n, 0, head);
    a.free(n);
  }

  private static void each(int n, IntConsumer body) {
    for (int i = 0; i < n; i++) {
      body.accept(i);
    }
  }

  private int weightBytes() {
    return format.tvl().lowBits() / 8;
  }

  private void loadWeight(V d, R base, int disp) {
    if (format == WeightFormat.F16) {
      a.loadHalfLane0(d, base, disp);
    } else {
      a.loadLane0(d, base, disp);
    }
  }

  // ---- rows ----

  /** Even and odd columns are added apart: rule 5. */
  private void denseRow() {
    V[] sums = {a.vec("even"), a.vec("odd")};
    V weight = a.vec("weight");
    V value = a.vec("x");
    R p = a.temp("x");
    each(Numerics.DENSE_CHAINS, i -> a.zero(sums[i]));
    a.move(p, x);
    loop(
        columns / UNROLL,
        () -> {
          each(
              UNROLL,
              c -> {
                loadWeight(weight, w, c * weightBytes());
                a.loadLane0(value, p, c * Float.BYTES);
                a.fmaLane0(sums[c % Numerics.DENSE_CHAINS], weight, value);
              });
          a.add(w, UNROLL * weightBytes());
          a.add(p, UNROLL * Float.BYTES);
        });
    a.add(sums[0], sums[0], sums[1]);
    a.storeLane0(y, 0, sums[0]);
    a.free(sums);
    a.free(weight, value);
    a.free(p);
  }

  private void denseRowVectors() {
    V[] sums = {a.vec("sum"), a.vec("sum"), a.vec("sum"), a.vec("sum")};
    V weights = a.vec("weights");
    V values = a.vec("x");
    R p = a.temp("x");
    each(sums.length, i -> a.zero(sums[i]));
    a.move(p, x);
    int step = sums.length * LANES;
    loop(
        columns / step,
        () -> {
          fetchAhead(step * weightBytes());
          each(
              sums.length,
              i -> {
                if (format == WeightFormat.F16) {
                  a.loadHalf(weights, w, i * LANES * weightBytes());
                } else {
                  a.load(weights, w, i * LANES * weightBytes());
                }
                a.load(values, p, i * LINE);
                a.fma(sums[i], weights, values);
              });
          a.add(w, step * weightBytes());
          a.add(p, step * Float.BYTES);
        });
    a.add(sums[0], sums[0], sums[1]);
    a.add(sums[2], sums[2], sums[3]);
    a.add(sums[0], sums[0], sums[2]);
    a.fold(sums[0], weights);
    a.storeLane0(y, 0, sums[0]);
    a.free(sums);
    a.free(weights, values);
    a.free(p);
  }

  /** As the engine's products do, so that both are served alike. */
  private void fetchAhead(int bytes) {
    a.fetchWeights(w, 0, Math.ceilDiv(bytes, LINE), 1);
  }

  private int blockBytes() {
    return format.rowMajor().blockBytes();
  }

  /** Two blocks at a time, each in the half of a register. */
  private void quantizedRowVectors() {
    V sum = a.vec("sum");
    V line = a.vec("codes");
    V dots = a.vec("dot products");
    V scale = a.vec("scales");
    V temp = a.vec("temp");
    R p = a.temp("pairs");
    Codes codes = Codes.of(format.tvl());
    a.zero(sum);
    a.move(p, x);
    int second = blockBytes() + Short.BYTES;
    loop(
        columns / GROUP,
        () -> {
          fetchAhead(2 * blockBytes());
          if (format == WeightFormat.Q8) {
            a.loadApart(line, w, Short.BYTES, second);
            a.dotPrepareSigned(line, codes);
          } else {
            a.loadNibblesApart(line, w, Short.BYTES, second);
            a.dotPrepare(line, codes);
          }
          a.dotBegin(dots, codes, true, p, Activations.PAIR_SUMS, 0);
          a.dot(dots, line, codes, true, p, 0);
          a.dotEnd(dots, codes, true, p, Activations.PAIR_SUMS, 0, temp);
          a.toFloat(dots, dots);
          a.broadcastHalfApart(scale, w, 0, blockBytes());
          a.load(temp, p, Activations.PAIR_SCALES);
          a.mul(scale, scale, temp);
          a.fma(sum, dots, scale);
          a.add(w, 2 * blockBytes());
          a.add(p, Activations.PAIR_BYTES);
        });
    a.fold(sum, line);
    a.storeLane0(y, 0, sum);
    a.free(sum, line, dots, scale, temp);
    a.free(p);
  }

  private void quantizedRow() {
    V sum = a.vec("sum");
    R q = a.temp("q");
    R d = a.temp("d");
    a.zero(sum);
    activations(q, d);
    loop(
        columns / BLOCK,
        () -> {
          R dot = a.temp("dot product");
          a.set(dot, 0);
          if (format == WeightFormat.Q8) {
            each(BLOCK, c -> signedProduct(dot, w, Short.BYTES + c, q, c));
          } else {
            each(BLOCK / 2, c -> nibbleProducts(dot, w, Short.BYTES + c, q, c, c + BLOCK / 2));
          }
          endBlock(sum, dot, w, 0, d, 0);
          a.free(dot);
          a.add(w, blockBytes());
          a.add(q, BLOCK);
          a.add(d, Float.BYTES);
        });
    a.storeLane0(y, 0, sum);
    a.free(sum);
    a.free(q, d);
  }

  private void activations(R q, R d) {
    a.move(q, x);
    a.move(d, x);
    a.add(d, Activations.quantizedRow(columns).dOffset());
  }

  /** dot += signed byte · q. */
  private void signedProduct(R dot, R codes, int at, R q, int column) {
    R code = a.temp("code");
    a.loadSigned8(code, codes, at);
    product(dot, code, q, column);
    a.free(code);
  }

  /** dot += (byte - 128) · q. */
  private void byteProduct(R dot, R codes, int at, R q, int column) {
    R code = a.temp("code");
    a.load8(code, codes, at);
    a.add(code, -Q8_OFFSET);
    product(dot, code, q, column);
    a.free(code);
  }

  /** dot += (low nibble - 8) · q[low] + (high nibble - 8) · q[high]. */
  private void nibbleProducts(R dot, R codes, int at, R q, int low, int high) {
    R code = a.temp("code");
    R rest = a.temp("high code");
    a.load8(code, codes, at);
    a.move(rest, code);
    a.and(code, 15);
    a.add(code, -Q4_OFFSET);
    product(dot, code, q, low);
    a.shiftRight(rest, 4);
    a.add(rest, -Q4_OFFSET);
    product(dot, rest, q, high);
    a.free(code, rest);
  }

  private void product(R dot, R code, R q, int column) {
    R activation = a.temp("activation");
    a.loadSigned8(activation, q, column);
    a.mul(activation, code);
    a.add(dot, activation);
    a.free(activation);
  }

  /** sum = fma((float) dot, ws · d, sum): rule 4. */
  private void endBlock(V sum, R dot, R scales, int scaleAt, R d, int dAt) {
    V scale = a.vec("scale");
    V value = a.vec("value");
    a.loadHalfLane0(scale, scales, scaleAt);
    a.loadLane0(value, d, dAt);
    a.mul(scale, scale, value);
    a.broadcast(value, dot);
    a.toFloat(value, value);
    a.fmaLane0(sum, value, scale);
    a.free(scale, value);
  }

  // ---- panels ----

  /** Group by group, so that a line is still in the cache when its last row is met. */
  private void densePanel(int oddOffset) {
    V zero = a.vec("zero");
    a.zero(zero);
    a.store(y, 0, zero);
    a.store(y, oddOffset, zero);
    a.free(zero);
    R p = a.temp("x");
    a.move(p, x);
    int columnBytes = LANES * weightBytes();
    loop(
        columns / GROUP,
        () -> {
          loop(
              LANES,
              () -> {
                densePanelRow(p, columnBytes, oddOffset);
                a.add(w, weightBytes());
                a.add(y, Float.BYTES);
              });
          a.add(y, -LINE);
          a.add(w, GROUP * columnBytes - LANES * weightBytes());
          a.add(p, GROUP * Float.BYTES);
        });
    a.free(p);
    V sum = a.vec("sum");
    V odd = a.vec("odd");
    a.load(sum, y, 0);
    a.load(odd, y, oddOffset);
    a.add(sum, sum, odd);
    a.store(y, 0, sum);
    a.free(sum, odd);
    a.add(y, LINE);
  }

  /** 64 columns of the row at w, its sums at y. */
  private void densePanelRow(R p, int columnBytes, int oddOffset) {
    V[] sums = {a.vec("even"), a.vec("odd")};
    V weight = a.vec("weight");
    V value = a.vec("x");
    a.loadLane0(sums[0], y, 0);
    a.loadLane0(sums[1], y, oddOffset);
    each(
        GROUP,
        c -> {
          loadWeight(weight, w, c * columnBytes);
          a.loadLane0(value, p, c * Float.BYTES);
          a.fmaLane0(sums[c % Numerics.DENSE_CHAINS], weight, value);
        });
    a.storeLane0(y, 0, sums[0]);
    a.storeLane0(y, oddOffset, sums[1]);
    a.free(sums);
    a.free(weight, value);
  }

  private void quantizedPanel() {
    V zero = a.vec("zero");
    a.zero(zero);
    a.store(y, 0, zero);
    a.free(zero);
    R q = a.temp("q");
    R d = a.temp("d");
    R scales = a.temp("scales");
    activations(q, d);
    loop(
        columns / GROUP,
        () -> {
          a.move(scales, w);
          loop(
              LANES,
              () -> {
                each(2, block -> quantizedPanelBlock(block, q, d, scales));
                a.add(w, 4);
                a.add(scales, Short.BYTES);
                a.add(y, Float.BYTES);
              });
          a.add(y, -LINE);
          a.add(w, format.tvl().linesPerGroup() * LINE - LINE);
          a.add(q, GROUP);
          a.add(d, 2 * Float.BYTES);
        });
    a.free(q, d, scales);
    a.add(y, LINE);
  }

  /** A block of the row at w, its sum at y. Codes lie as {@link TvlFormat} draws them. */
  private void quantizedPanelBlock(int block, R q, R d, R scales) {
    TvlFormat tvl = format.tvl();
    R dot = a.temp("dot product");
    a.set(dot, 0);
    int columnsOfLine = 32 / tvl.lowBits();
    int planes = tvl.scaleLines() * LINE;
    for (int c = block * BLOCK; c < (block + 1) * BLOCK; c++) {
      int at = planes + c / columnsOfLine * LINE + c % 4;
      if (tvl.lowBits() == 8) {
        byteProduct(dot, w, at, q, c);
      } else if (c % columnsOfLine < 4) {
        nibbleProducts(dot, w, at, q, c, c + 4);
      }
    }
    V sum = a.vec("sum");
    a.loadLane0(sum, y, 0);
    endBlock(sum, dot, scales, block * BLOCK, d, block * Float.BYTES);
    a.storeLane0(y, 0, sum);
    a.free(sum);
    a.free(dot);
  }
}
