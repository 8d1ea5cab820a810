package dev.vtc.tvl;

/**
 * Reads a packed panel one field at a time, by the equations in the Javadoc of {@link TvlFormat}
 * and nothing else; shares no code with the packer. Slow and plain on purpose.
 */
final class LayoutOracle {
  private final TvlFormat f;
  private final byte[] panel;

  LayoutOracle(TvlFormat format, byte[] panel) {
    this.f = format;
    this.panel = panel;
  }

  private int u8(int at) {
    return panel[at] & 0xFF;
  }

  private int u16(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  private float f16(int at) {
    return Float.float16ToFloat((short) u16(at));
  }

  private int unitAt(int column) {
    return column / f.unitColumns() * f.linesPerUnit() * 64;
  }

  private int groupAt(int column) {
    int groupInUnit = column % f.unitColumns() / 64;
    return unitAt(column) + 64 * (f.superLines() + groupInUnit * f.linesPerGroup());
  }

  private int field(int plane, int b, int r, int c) {
    int line = c / (32 / b);
    int t = c % (32 / b) / 4;
    return (u8(plane + 64 * line + 4 * r + c % 4) >>> (b * t)) & ((1 << b) - 1);
  }

  int code(int r, int column) {
    int c = column % 64;
    int low = groupAt(column) + 64 * f.scaleLines();
    int code = field(low, f.lowBits(), r, c);
    if (f.highBits() > 0) {
      code |= field(low + 64 * f.lowLines(), f.highBits(), r, c) << f.lowBits();
    }
    return code;
  }

  /** The weight in row r of the panel, by the formula of its format. */
  float weight(int r, int column) {
    int group = groupAt(column);
    int unit = unitAt(column);
    int b = column % 64 / 32;
    switch (f) {
      case F32 -> {
        int at = column * 64 + 4 * r;
        return Float.intBitsToFloat(u16(at) | u16(at + 2) << 16);
      }
      case F16 -> {
        return f16(column / 2 * 64 + column % 2 * 32 + 2 * r);
      }
      case BF16 -> {
        return Float.intBitsToFloat(u16(column / 2 * 64 + column % 2 * 32 + 2 * r) << 16);
      }
      default -> {}
    }
    float q = f.codeValue(code(r, column));
    return switch (f.scales()) {
      case F16 -> f16(group + 32 * b + 2 * r) * q;
      case F16_MIN -> f16(group + 32 * b + 2 * r) * q + f16(group + 64 + 32 * b + 2 * r);
      case BF16 -> Float.intBitsToFloat(u16(group + 32 * b + 2 * r) << 16) * q;
      case K32_MIN -> {
        float d = f16(unit + 2 * r) * u8(group + 4 * r + b);
        yield d * q - f16(unit + 32 + 2 * r) * u8(group + 4 * r + 2 + b);
      }
      case K16 -> f16(unit + 2 * r) * panel[group + 4 * r + column % 64 / 16] * q;
      case K16_MIN -> {
        int s = u8(group + 4 * r + column % 64 / 16);
        yield f16(unit + 2 * r) * (s & 15) * q - f16(unit + 32 + 2 * r) * (s >>> 4);
      }
      case X32 -> {
        int block = column % 256 / 32;
        yield f16(unit + 2 * r) * panel[unit + 64 + 64 * (block / 4) + 4 * r + block % 4] * q;
      }
      case NONE -> throw new AssertionError();
    };
  }
}
