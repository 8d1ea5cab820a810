package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.tvl.TvlFormat;
import dev.vtc.tvl.TvlFormat.Scales;

/**
 * A token's row of the embedding table as f32: one lane of its panel. All sixteen lanes are
 * decoded, since they lie in the same lines; sixteen columns go through scratch, where the row's
 * lane of each is picked. The values are those of {@code Decoder}: code · scale (+ minimum), each
 * step rounded.
 *
 * <pre>
 * arguments: descriptor, first unit, end, context. A unit is a token.
 * </pre>
 */
final class EmbedKernel {
  private static final int LINE = TvlFormat.LINE_BYTES;
  private static final int BLOCK = 32;

  /** Columns that go through scratch together. */
  private static final int BATCH = 16;

  /** Bytes of scratch the kernel uses. */
  static final int SCRATCH = BATCH * LINE;

  private final LaneAssembler a;
  private final TvlFormat format;
  private final float factor;
  private final R panel;
  private final R out;

  /** Where the row's lane of the first batched column is. */
  private final R lane;

  private final R scratch;
  private final V value;
  private final V temp;
  private final V scale;
  private final V minimum;

  private EmbedKernel(LaneAssembler a, Embed embed, R panel, R out, R lane, R scratch) {
    this.a = a;
    this.format = embed.table().format();
    this.factor = embed.scale();
    this.panel = panel;
    this.out = out;
    this.lane = lane;
    this.scratch = scratch;
    value = a.vec("value");
    temp = a.vec("temp");
    scale = a.vec("scale");
    minimum = a.vec("minimum");
  }

  static void emit(LaneAssembler a, Embed embed) {
    a.enter();
    R descriptor = a.arg(0);
    R unit = a.arg(1);
    R end = a.arg(2);
    R context = a.arg(3);
    R panel = a.kept("panel");
    R out = a.kept("out");
    R lane = a.kept("lane");
    R scratch = a.kept("scratch");
    a.load64(scratch, context, Context.SCRATCH);
    Place head = a.place("token");
    a.bind(head);
    R t = a.temp("t");
    R id = a.temp("id");
    a.load64(id, context, Context.IDS);
    a.move(t, unit);
    a.shiftLeft(t, 2);
    a.add(id, t);
    a.load32(id, id, 0);
    a.move(lane, id);
    a.and(lane, TvlFormat.PANEL_ROWS - 1);
    a.shiftLeft(lane, 2);
    a.add(lane, scratch);
    a.shiftRight(id, Integer.numberOfTrailingZeros(TvlFormat.PANEL_ROWS));
    a.free(t);
    Descriptor.row(a, panel, descriptor, Descriptor.PANELS, Descriptor.PANEL_STRIDE, id);
    Descriptor.row(a, out, descriptor, Descriptor.OUT, Descriptor.OUT_STRIDE, unit);
    a.free(id);
    EmbedKernel kernel = new EmbedKernel(a, embed, panel, out, lane, scratch);
    kernel.row(embed.table().columns());
    a.add(unit, 1);
    a.jumpIf(Compare.LT, unit, end, head);
    a.leave();
  }

  private void row(int columns) {
    int unit = format.unitColumns();
    int whole = columns / unit;
    if (whole > 0) {
      R n = a.kept("units left");
      Place head = a.place("unit");
      a.set(n, whole);
      a.bind(head);
      unit(unit);
      a.add(panel, format.linesPerUnit() * LINE);
      a.add(out, unit * Float.BYTES);
      a.add(n, -1);
      a.jumpIf(Compare.NE, n, 0, head);
      a.free(n);
    }
    if (columns % unit != 0) {
      unit(columns % unit);
    }
  }

  /** The first {@code columns} columns of a unit. */
  private void unit(int columns) {
    for (int from = 0; from < columns; from += BATCH) {
      int count = Math.min(BATCH, columns - from);
      int group = from / TvlFormat.GROUP_COLUMNS;
      int at = (format.superLines() + group * format.linesPerGroup()) * LINE;
      int inGroup = from % TvlFormat.GROUP_COLUMNS;
      if (!format.isDense()) {
        scales(at, group, inGroup);
      }
      for (int i = 0; i < count; i++) {
        if (format.isDense()) {
          dense(at, inGroup + i);
        } else {
          code(at + format.scaleLines() * LINE, inGroup + i);
        }
        if (factor != 1) {
          a.constant(temp, factor);
          a.mul(value, value, temp);
        }
        a.store(scratch, i * LINE, value);
      }
      R t = a.temp("element");
      for (int i = 0; i < count; i++) {
        a.load32(t, lane, i * LINE);
        a.store32(out, (from + i) * Float.BYTES, t);
      }
      a.free(t);
    }
  }

  private void dense(int at, int column) {
    int offset = at + column * TvlFormat.PANEL_ROWS * format.lowBits() / 8;
    switch (format) {
      case F16 -> a.loadHalf(value, panel, offset);
      case BF16 -> a.loadBfloat(value, panel, offset);
      default -> a.load(value, panel, offset);
    }
  }

  /** Scale and minimum of the block, or sub-block of 16, that a column is in. */
  private void scales(int at, int group, int column) {
    int block = column / BLOCK;
    int sub = column / 16;
    switch (format.scales()) {
      case F16 -> a.loadHalf(scale, panel, at + 32 * block);
      case BF16 -> a.loadBfloat(scale, panel, at + 32 * block);
      case F16_MIN -> {
        a.loadHalf(scale, panel, at + 32 * block);
        a.loadHalf(minimum, panel, at + LINE + 32 * block);
      }
      case K32_MIN -> {
        superTimes(scale, 0, at, 8 * block, 8, false);
        superTimes(minimum, 32, at, 8 * (2 + block), 8, false);
      }
      case K16 -> superTimes(scale, 0, at, 8 * sub, 8, true);
      case K16_MIN -> {
        superTimes(scale, 0, at, 8 * sub, 4, false);
        superTimes(minimum, 32, at, 8 * sub + 4, 4, false);
      }
      case X32 -> {
        int b = 2 * group + block;
        superTimes(scale, 0, LINE + LINE * (b / 4), 8 * (b % 4), 8, true);
      }
      case NONE -> throw new IllegalStateException();
    }
  }

  /** d = super block's f16 at superAt · (float) bits from … from + width of each lane of a line. */
  private void superTimes(V d, int superAt, int line, int from, int width, boolean signed) {
    a.load(temp, panel, line);
    a.shiftLeft(temp, temp, 32 - from - width);
    if (signed) {
      a.shiftRightSigned(temp, temp, 32 - width);
    } else {
      a.shiftRight(temp, temp, 32 - width);
    }
    a.toFloat(temp, temp);
    a.loadHalf(d, panel, superAt);
    a.mul(d, d, temp);
  }

  private void code(int planes, int column) {
    field(value, planes, column, format.lowBits());
    if (format.highBits() > 0) {
      field(temp, planes + format.lowLines() * LINE, column, format.highBits());
      a.shiftLeft(temp, temp, format.lowBits());
      a.or(value, value, temp);
    }
    if (format.hasCodebook()) {
      byte[] table = new byte[16];
      for (int c = 0; c < table.length; c++) {
        table[c] = (byte) format.codeValue(c);
      }
      a.lookup(value, value, table);
      a.shiftLeft(value, value, 24);
      a.shiftRightSigned(value, value, 24);
    } else if (format.codeOffset() != 0) {
      a.constantInt(temp, format.codeOffset());
      a.subInt(value, value, temp);
    }
    a.toFloat(value, value);
    a.mul(value, value, scale);
    if (format.hasMinimum()) {
      // K types take their minimum off.
      if (format.scales() == Scales.F16_MIN) {
        a.add(value, value, minimum);
      } else {
        a.sub(value, value, minimum);
      }
    }
  }

  /** d = the code of a column in a bit plane, each lane its own. */
  private void field(V d, int plane, int column, int bits) {
    int perLine = 32 / bits;
    int inLine = column % perLine;
    int from = 8 * (inLine % 4) + bits * (inLine / 4);
    a.load(d, panel, plane + column / perLine * LINE);
    a.shiftLeft(d, d, 32 - from - bits);
    a.shiftRight(d, d, 32 - bits);
  }
}
