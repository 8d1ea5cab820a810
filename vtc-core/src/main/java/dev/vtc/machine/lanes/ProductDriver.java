package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Epilogue;
import org.jspecify.annotations.Nullable;

/**
 * The loops around {@link ProductTile}: panels outside, tiles of tokens inside, so that a panel is
 * read from memory once and stays in the first-level cache; after each tile the epilogue.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. A unit is a panel; two where the result is gated.
 * </pre>
 */
final class ProductDriver {
  private static final int LINE = 64;

  /** Sums of a tile: at most 12 tokens; four areas where gate and up of two panels meet. */
  private static final int AREA = 12 * LINE;

  // Where the driver keeps, in its scratch, what does not fit the registers that survive a call.
  private static final int LOCALS = 4 * AREA;
  private static final int UNIT = LOCALS;
  private static final int END = LOCALS + 8;
  private static final int TOKENS_LEFT = LOCALS + 16;
  private static final int OUT = LOCALS + 24;
  private static final int QUANTIZED = LOCALS + 32;
  private static final int IN = LOCALS + 40;
  private static final int IN_2 = LOCALS + 48;

  /** Bytes of scratch that a product uses. */
  static final int SCRATCH = LOCALS + 128;

  private final LaneAssembler a;
  private final int[] tiles;
  private final R descriptor;
  private final R scratch;
  private final R panel;
  private final R x;

  private ProductDriver(LaneAssembler a, int[] tiles) {
    this.a = a;
    this.tiles = tiles;
    a.enter();
    descriptor = a.kept("descriptor");
    scratch = a.kept("scratch");
    panel = a.kept("panel");
    x = a.kept("x");
    R begin = a.arg(1);
    R end = a.arg(2);
    R context = a.arg(3);
    R first = a.arg(0);
    a.move(descriptor, first);
    a.load64(scratch, context, Context.SCRATCH);
    a.store64(scratch, UNIT, begin);
    a.store64(scratch, END, end);
    a.free(begin, end, context, first);
  }

  /** out = or += sums (+ bias) (· scale). */
  static void emit(LaneAssembler a, int[] tiles, Epilogue epilogue, boolean bias, boolean scaled) {
    ProductDriver d = new ProductDriver(a, tiles);
    R t = a.temp("t");
    Place unit = a.place("unit");
    a.bind(unit);
    d.pointer(panel(d), UNIT, Descriptor.PANELS, Descriptor.PANEL_STRIDE, 0);
    a.load64(d.x, d.descriptor, Descriptor.IN);
    a.load64(t, d.scratch, UNIT);
    a.shiftLeft(t, 6);
    R out = a.temp("out");
    a.load64(out, d.descriptor, Descriptor.OUT);
    a.add(out, t);
    a.store64(d.scratch, OUT, out);
    a.free(out, t);
    d.forEachTile((tile, index) -> {
      d.product(Descriptor.TILES + 8 * index, d.panel, d.x, 0);
      d.store(tile, epilogue == Epilogue.ADD, bias, scaled);
      d.step(tile, d.x, Descriptor.IN_STRIDE);
    });
    d.nextUnit(unit);
    a.leave();
  }

  private static R panel(ProductDriver d) {
    return d.panel;
  }

  /** d = [table] + (unit · scaleUnits…) · [stride] */
  private void pointer(R d, int unitAt, int base, int stride, int panelOfUnit) {
    R s = a.temp("stride");
    a.load64(d, scratch, unitAt);
    if (panelOfUnit >= 0 && gatedUnits) {
      a.shiftLeft(d, 1);
      a.add(d, panelOfUnit);
    }
    a.load64(s, descriptor, stride);
    a.mul(d, s);
    a.load64(s, descriptor, base);
    a.add(d, s);
    a.free(s);
  }

  private boolean gatedUnits;

  private interface TileBody {
    void emit(int tile, int index);
  }

  private void forEachTile(TileBody body) {
    R n = a.temp("tokens");
    a.load32(n, descriptor, Descriptor.ROWS);
    a.store64(scratch, TOKENS_LEFT, n);
    for (int i = 0; i < tiles.length; i++) {
      Place head = a.place("tile");
      Place end = a.place("tile end");
      a.bind(head);
      a.load64(n, scratch, TOKENS_LEFT);
      a.jumpIf(Compare.LT, n, tiles[i], end);
      a.add(n, -tiles[i]);
      a.store64(scratch, TOKENS_LEFT, n);
      body.emit(tiles[i], i);
      a.jump(head);
      a.bind(end);
    }
    a.free(n);
  }

  private void product(int kernelAt, R weights, R rows, int area) {
    R kernel = a.temp("kernel");
    R sums = a.temp("sums");
    a.move(sums, scratch);
    if (area > 0) {
      a.add(sums, area);
    }
    a.load64(kernel, descriptor, kernelAt);
    a.callKernel(kernel, weights, rows, sums, scratch);
    a.free(kernel, sums);
  }

  private void step(int tile, R pointer, int strideAt) {
    R s = a.temp("stride");
    a.load64(s, descriptor, strideAt);
    a.mul(s, s, tile);
    a.add(pointer, s);
    a.free(s);
  }

  private void store(int tile, boolean add, boolean bias, boolean scaled) {
    R out = a.temp("out");
    R stride = a.temp("out stride");
    V y = a.vec("y");
    V old = a.vec("old");
    V scale = a.vec("scale");
    a.load64(out, scratch, OUT);
    a.load64(stride, descriptor, Descriptor.OUT_STRIDE);
    if (scaled) {
      a.broadcast(scale, descriptor, Descriptor.SCALE);
    }
    V b = a.vec("bias");
    if (bias) {
      loadBias(b, Descriptor.BIAS, UNIT);
    }
    for (int t = 0; t < tile; t++) {
      a.load(y, scratch, t * LINE);
      if (bias) {
        a.add(y, y, b);
      }
      if (scaled) {
        a.mul(y, y, scale);
      }
      if (add) {
        a.load(old, out, 0);
        a.add(y, old, y);
      }
      a.store(out, 0, y);
      a.add(out, stride);
    }
    a.store64(scratch, OUT, out);
    a.free(out, stride);
    a.free(y, old, scale, b);
  }

  private void loadBias(V b, int at, int unitAt) {
    R p = a.temp("bias");
    R u = a.temp("unit");
    a.load64(p, descriptor, at);
    a.load64(u, scratch, unitAt);
    a.shiftLeft(u, 6);
    a.add(p, u);
    a.load(b, p, 0);
    a.free(p, u);
  }

  private void nextUnit(Place unit) {
    R u = a.temp("unit");
    R e = a.temp("end");
    a.load64(u, scratch, UNIT);
    a.load64(e, scratch, END);
    a.add(u, 1);
    a.store64(scratch, UNIT, u);
    a.jumpIf(Compare.LT, u, e, unit);
    a.free(u, e);
  }

  /**
   * What a gated product does with its sums.
   *
   * @param gateBias whether the gate has a bias, at {@link Descriptor#BIAS}, with zeros up to a
   *     multiple of 32
   * @param upBias whether up has one, at {@link Descriptor#BIAS_2}
   */
  record Gating(
      Epilogue epilogue,
      @Nullable Buffer gated,
      @Nullable Buffer quantized,
      boolean gateBias,
      boolean upBias,
      boolean scaled) {
    /** Part of a kernel's name. */
    String id() {
      return epilogue
          + (gated != null ? "-f32-" + gated.width() : "")
          + (quantized != null ? "-q8-" + quantized.width() : "")
          + (gateBias ? "-gate-bias" : "")
          + (upBias ? "-up-bias" : "")
          + (scaled ? "-scaled" : "");
    }
  }

  /**
   * out, quantized = activation(gate) · up. The matrices' panels pair up to blocks of 32 outputs.
   */
  static void emitGated(LaneAssembler a, int[] tiles, Gating gating) {
    ProductDriver d = new ProductDriver(a, tiles);
    d.gatedUnits = true;
    Place unit = a.place("unit");
    a.bind(unit);
    R t = a.temp("t");
    R u = a.temp("unit");
    a.load64(t, d.descriptor, Descriptor.IN);
    a.store64(d.scratch, IN, t);
    a.load64(t, d.descriptor, Descriptor.IN_2);
    a.store64(d.scratch, IN_2, t);
    if (gating.gated() != null) {
      a.load64(u, d.scratch, UNIT);
      a.shiftLeft(u, 7);
      a.load64(t, d.descriptor, Descriptor.OUT);
      a.add(t, u);
      a.store64(d.scratch, OUT, t);
    }
    if (gating.quantized() != null) {
      a.load64(t, d.descriptor, Descriptor.QUANTIZED);
      a.store64(d.scratch, QUANTIZED, t);
    }
    a.free(t, u);
    d.forEachTile((tile, index) -> {
      // In the order of storage where panels of gate and up alternate: one ascending run.
      for (int i = 0; i < 2; i++) {
        int gate = Descriptor.TILES + 8 * index;
        int up = Descriptor.TILES_2 + 8 * index;
        a.load64(d.x, d.scratch, IN);
        d.gatedProduct(tile, i, Descriptor.PANELS, Descriptor.PANEL_STRIDE, gate, 0);
        a.load64(d.x, d.scratch, IN_2);
        d.gatedProduct(tile, i, Descriptor.PANELS_2, Descriptor.PANEL_STRIDE_2, up, 2 * AREA);
      }
      d.advance(tile, IN, Descriptor.IN_STRIDE);
      d.advance(tile, IN_2, Descriptor.IN_STRIDE_2);
      d.gate(tile, gating);
    });
    d.nextUnit(unit);
    a.leave();
  }

  /** To the rows of the next tile. */
  private void advance(int tile, int rows, int stride) {
    a.load64(x, scratch, rows);
    step(tile, x, stride);
    a.store64(scratch, rows, x);
  }

  /** Panel i of the unit's two into its area; a second panel that is not there gives zeros. */
  private void gatedProduct(int tile, int i, int panels, int stride, int kernel, int area) {
    Place missing = a.place("no panel");
    Place end = a.place("panel end");
    if (i == 1) {
      R p = a.temp("panel");
      R count = a.temp("panels");
      a.load64(p, scratch, UNIT);
      a.shiftLeft(p, 1);
      a.add(p, 1);
      a.load64(count, descriptor, Descriptor.PANEL_COUNT);
      a.jumpIf(Compare.GE, p, count, missing);
      a.free(p, count);
    }
    pointer(panel, UNIT, panels, stride, i);
    product(kernel, panel, x, area + i * AREA);
    if (i == 1) {
      a.jump(end);
      a.bind(missing);
      V zero = a.vec("zero");
      a.zero(zero);
      for (int t = 0; t < tile; t++) {
        a.store(scratch, area + AREA + t * LINE, zero);
      }
      a.free(zero);
      a.bind(end);
    }
  }

  /** Sums of the unit's two panels += their bias, where they lie. */
  private void addBias(R sums, int area, int biasAt) {
    R b = a.temp("bias");
    R u = a.temp("unit");
    V y = a.vec("y");
    V bias = a.vec("bias");
    a.load64(b, descriptor, biasAt);
    a.load64(u, scratch, UNIT);
    a.shiftLeft(u, 7);
    a.add(b, u);
    for (int i = 0; i < 2; i++) {
      a.load(y, sums, area + i * AREA);
      a.load(bias, b, i * LINE);
      a.add(y, y, bias);
      a.store(sums, area + i * AREA, y);
    }
    a.free(y, bias);
    a.free(b, u);
  }

  private void gate(int tile, Gating gating) {
    Buffer gated = gating.gated();
    Buffer quantized = gating.quantized();
    boolean scaled = gating.scaled();
    R n = a.temp("count");
    R sums = a.temp("sums");
    a.set(n, tile);
    a.move(sums, scratch);
    Place head = a.place("token");
    a.bind(head);
    if (gating.gateBias()) {
      addBias(sums, 0, Descriptor.BIAS);
    }
    if (gating.upBias()) {
      addBias(sums, 2 * AREA, Descriptor.BIAS_2);
    }
    V[] y = {a.vec("y"), a.vec("y")};
    V up = a.vec("up");
    Exp exp = new Exp(a);
    for (int i = 0; i < 2; i++) {
      a.load(y[i], sums, i * AREA);
      if (scaled) {
        a.mul(y[i], y[i], descriptor, Descriptor.SCALE);
      }
      if (gating.epilogue() == Epilogue.SWIGLU) {
        exp.silu(y[i], up);
      } else {
        exp.gelu(y[i], up);
      }
      a.load(up, sums, (2 + i) * AREA);
      if (scaled) {
        a.mul(up, up, descriptor, Descriptor.SCALE);
      }
      a.mul(y[i], y[i], up);
    }
    exp.free();
    a.free(up);
    if (gated != null) {
      R out = a.temp("out");
      a.load64(out, scratch, OUT);
      a.store(out, 0, y[0]);
      a.store(out, LINE, y[1]);
      a.add(out, gated.rowBytes());
      a.store64(scratch, OUT, out);
      a.free(out);
    }
    if (quantized != null) {
      R q = a.temp("q");
      R scales = a.temp("scales");
      R sums16 = a.temp("sums16");
      R u = a.temp("unit");
      QuantizeBlock block = new QuantizeBlock(a, quantized);
      a.load64(q, scratch, QUANTIZED);
      a.move(scales, q);
      a.move(sums16, q);
      a.add(q, quantized.rowBytes());
      a.store64(scratch, QUANTIZED, q);
      a.add(q, -quantized.rowBytes());
      a.load64(u, scratch, UNIT);
      a.shiftLeft(u, 2);
      a.add(scales, u);
      a.shiftLeft(u, 1);
      a.add(sums16, u);
      a.shiftLeft(u, 2);
      a.add(q, u);
      block.emit(y[0], y[1], q, scales, sums16);
      block.free();
      a.free(q, scales, sums16, u);
    }
    a.free(y);
    a.add(sums, LINE);
    a.add(n, -1);
    a.jumpIf(Compare.NE, n, 0, head);
    a.free(n, sums);
  }
}
