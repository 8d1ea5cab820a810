package dev.vtc.tvl;

import dev.vtc.tensor.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A stored block of codes and scales, to and from a {@link RowUnit}, bit for bit and without
 * floats. The block layouts are those of ggml-common.h ({@code block_q4_0} …); each codec draws its
 * own.
 *
 * <p>Works on ints of four byte-wide codes at a time, because weights are packed at the first start
 * of a model, in code that is hardly warm.
 */
abstract class BlockCodec {
  // Four bytes at once: packing Q8_0 with C1 alone runs 1.4 times as fast as with byte loads.
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static final int NIBBLES = 0x0F0F0F0F;
  static final int PAIRS = 0x03030303;
  static final int ONES = 0x01010101;

  /**
   * Reads a block into a unit.
   *
   * @param a holds the block at {@code at}
   * @param block which block of the unit: 0 or 1 for blocks of 32, 0 for blocks of 256
   */
  abstract void read(byte[] a, int at, RowUnit u, int block);

  /** The inverse of {@link #read}: writes every byte of the block at {@code a[at …]}. */
  abstract void write(RowUnit u, int block, byte[] a, int at);

  /** The codec of a stored type with blocks. */
  static BlockCodec of(DType type) {
    return switch (type) {
      case Q8_0 -> new Q8();
      case Q4_0, IQ4_NL -> new Blocks32(false, false);
      case Q4_1 -> new Blocks32(true, false);
      case Q5_0 -> new Blocks32(false, true);
      case Q5_1 -> new Blocks32(true, true);
      case MXFP4 -> new Mxfp4();
      case Q2_K -> new Q2K();
      case Q3_K -> new Q3K();
      case Q4_K -> new Q45K(false);
      case Q5_K -> new Q45K(true);
      case Q6_K -> new Q6K();
      case IQ4_XS -> new Iq4Xs();
      case F32, F16, BF16, I8, I16, I32, I64, F64 ->
          throw new IllegalArgumentException("Type " + type + " has no blocks of codes.");
    };
  }

  // ---- little-endian fields of a byte array -----------------------------------------------------

  static int u16(byte[] a, int at) {
    return (a[at] & 0xFF) | (a[at + 1] & 0xFF) << 8;
  }

  static void u16(byte[] a, int at, int value) {
    a[at] = (byte) value;
    a[at + 1] = (byte) (value >>> 8);
  }

  static int i32(byte[] a, int at) {
    return (int) INT.get(a, at);
  }

  static void i32(byte[] a, int at, int value) {
    INT.set(a, at, value);
  }

  /** Bits 0 … 3 to the lowest bits of bytes 0 … 3: bit j, moved by 7j, lands on 8j. */
  static int spread(int bits) {
    return (bits & 0xF) * 0x00204081 & ONES;
  }

  /** The inverse of {@link #spread}: byte j's lowest bit, moved by 24 - 7j, lands on 24 + j. */
  static int gather(int bytes) {
    return ((bytes & ONES) * 0x01020408) >>> 24 & 0xF;
  }

  /** 16 bytes of nibbles: columns 0 … 15 in the low ones, 16 … 31 in the high ones. */
  static void readNibbles(byte[] a, int at, int[] codes, int to) {
    for (int i = 0; i < 4; i++) {
      int q = i32(a, at + 4 * i);
      codes[to + i] = q & NIBBLES;
      codes[to + 4 + i] = q >>> 4 & NIBBLES;
    }
  }

  static void writeNibbles(int[] codes, int from, byte[] a, int at) {
    for (int i = 0; i < 4; i++) {
      i32(a, at + 4 * i, (codes[from + i] & NIBBLES) | (codes[from + 4 + i] & NIBBLES) << 4);
    }
  }

  // ---- blocks of 32 -----------------------------------------------------------------------------

  /**
   * Q4_0, Q4_1, Q5_0, Q5_1 and IQ4_NL: {@code f16 d; [f16 m;] [u32 fifth bits, column j in bit j;]
   * nibbles[16]}.
   */
  private static final class Blocks32 extends BlockCodec {
    private final boolean minimum;
    private final boolean fifth;

    Blocks32(boolean minimum, boolean fifth) {
      this.minimum = minimum;
      this.fifth = fifth;
    }

    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      u.d[block] = u16(a, at);
      int p = at + 2;
      if (minimum) {
        u.m[block] = u16(a, p);
        p += 2;
      }
      if (fifth) {
        int high = i32(a, p);
        readNibbles(a, p + 4, u.codes, 8 * block);
        for (int i = 0; i < 8; i++) {
          u.codes[8 * block + i] |= spread(high >>> (4 * i)) << 4;
        }
      } else {
        readNibbles(a, p, u.codes, 8 * block);
      }
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      u16(a, at, u.d[block]);
      int p = at + 2;
      if (minimum) {
        u16(a, p, u.m[block]);
        p += 2;
      }
      if (fifth) {
        int high = 0;
        for (int i = 0; i < 8; i++) {
          high |= gather(u.codes[8 * block + i] >>> 4) << (4 * i);
        }
        i32(a, p, high);
        p += 4;
      }
      writeNibbles(u.codes, 8 * block, a, p);
    }
  }

  /** Q8_0: {@code f16 d; int8 q[32]}. Codes are q + 128, so the sign bit is flipped. */
  private static final class Q8 extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      u.d[block] = u16(a, at);
      for (int i = 0; i < 8; i++) {
        u.codes[8 * block + i] = i32(a, at + 2 + 4 * i) ^ 0x80808080;
      }
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      u16(a, at, u.d[block]);
      for (int i = 0; i < 8; i++) {
        i32(a, at + 2 + 4 * i, u.codes[8 * block + i] ^ 0x80808080);
      }
    }
  }

  /**
   * MXFP4: {@code u8 e; nibbles[16]}. The scale is half of 2^(e - 127), since the codebook holds
   * twice the values: a bf16 whose exponent field is e - 1, subnormal for e = 0 and 1.
   */
  private static final class Mxfp4 extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      int e = a[at] & 0xFF;
      u.d[block] = e < 2 ? 0x20 << e : (e - 1) << 7;
      readNibbles(a, at + 1, u.codes, 8 * block);
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      int d = u.d[block];
      a[at] = (byte) (d < 0x80 ? d >>> 6 : (d >>> 7) + 1);
      writeNibbles(u.codes, 8 * block, a, at + 1);
    }
  }

  // ---- super-blocks of 256 ----------------------------------------------------------------------

  /**
   * Q2_K: {@code u8 scales[16] (scale | min << 4); u8 q[64]; f16 d; f16 dmin}. Column 128h + 32j +
   * l is in bits 2j, 2j + 1 of q[32h + l].
   */
  private static final class Q2K extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      for (int i = 0; i < 16; i++) {
        u.s[i] = a[at + i] & 0xFF;
        int q = i32(a, at + 16 + 4 * i);
        int to = 32 * (i / 8) + i % 8;
        for (int j = 0; j < 4; j++) {
          u.codes[to + 8 * j] = q >>> (2 * j) & PAIRS;
        }
      }
      u.d[0] = u16(a, at + 80);
      u.m[0] = u16(a, at + 82);
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      for (int i = 0; i < 16; i++) {
        a[at + i] = (byte) u.s[i];
        int from = 32 * (i / 8) + i % 8;
        int q = 0;
        for (int j = 0; j < 4; j++) {
          q |= (u.codes[from + 8 * j] & PAIRS) << (2 * j);
        }
        i32(a, at + 16 + 4 * i, q);
      }
      u16(a, at + 80, u.d[0]);
      u16(a, at + 82, u.m[0]);
    }
  }

  /**
   * Q3_K: {@code u8 high[32]; u8 q[64]; u8 scales[12]; f16 d}. Columns as in Q2_K; the third bit of
   * column 128h + 32j + l is bit 4h + j of high[l]. Scale s (0 … 15), 6 bits less 32: four bits in
   * the nibbles of scales[0 … 7] (s &lt; 8 low, else high), two in bits 2(s / 4) of scales[8 + s %
   * 4].
   */
  private static final class Q3K extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      for (int i = 0; i < 16; i++) {
        int low = (a[at + 96 + i % 8] & 0xFF) >>> (4 * (i / 8)) & 0xF;
        int high = (a[at + 104 + i % 4] & 0xFF) >>> (2 * (i / 4)) & 3;
        u.s[i] = (low | high << 4) - 32;
        int q = i32(a, at + 32 + 4 * i);
        int h = i32(a, at + 4 * (i % 8)) >>> (4 * (i / 8));
        int to = 32 * (i / 8) + i % 8;
        for (int j = 0; j < 4; j++) {
          u.codes[to + 8 * j] = (q >>> (2 * j) & PAIRS) | (h >>> j & ONES) << 2;
        }
      }
      u.d[0] = u16(a, at + 108);
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      for (int i = 0; i < 8; i++) {
        int h = 0;
        for (int half = 0; half < 2; half++) {
          int q = 0;
          for (int j = 0; j < 4; j++) {
            int codes = u.codes[32 * half + 8 * j + i];
            q |= (codes & PAIRS) << (2 * j);
            h |= (codes >>> 2 & ONES) << (4 * half + j);
          }
          i32(a, at + 32 + 32 * half + 4 * i, q);
        }
        i32(a, at + 4 * i, h);
        a[at + 96 + i] = (byte) ((u.s[i] + 32 & 0xF) | (u.s[i + 8] + 32 & 0xF) << 4);
      }
      for (int i = 0; i < 4; i++) {
        int high = 0;
        for (int j = 0; j < 4; j++) {
          high |= ((u.s[4 * j + i] + 32) >>> 4 & 3) << (2 * j);
        }
        a[at + 104 + i] = (byte) high;
      }
      u16(a, at + 108, u.d[0]);
    }
  }

  /**
   * Q4_K and Q5_K: {@code f16 d; f16 dmin; u8 scales[12]; [u8 high[32];] u8 q[128]}. Column 64j + l
   * (l &lt; 32) is the low nibble of q[32j + l] and bit 2j of high[l], column 64j + 32 + l the high
   * nibble and bit 2j + 1. Sub-block b &lt; 4: scale in the low 6 bits of scales[b], min in those
   * of scales[b + 4]; b ≥ 4: low nibbles of both in scales[b + 4], upper two bits in the upper bits
   * of scales[b - 4] and scales[b].
   */
  private static final class Q45K extends BlockCodec {
    private final boolean fifth;

    Q45K(boolean fifth) {
      this.fifth = fifth;
    }

    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      u.d[0] = u16(a, at);
      u.m[0] = u16(a, at + 2);
      for (int b = 0; b < 4; b++) {
        int s = a[at + 4 + b] & 0xFF;
        int n = a[at + 8 + b] & 0xFF;
        int both = a[at + 12 + b] & 0xFF;
        u.s[b] = s & 63;
        u.n[b] = n & 63;
        u.s[b + 4] = (both & 0xF) | s >>> 6 << 4;
        u.n[b + 4] = both >>> 4 | n >>> 6 << 4;
      }
      int q = at + (fifth ? 48 : 16);
      for (int j = 0; j < 4; j++) {
        for (int i = 0; i < 8; i++) {
          int w = i32(a, q + 32 * j + 4 * i);
          int low = w & NIBBLES;
          int high = w >>> 4 & NIBBLES;
          if (fifth) {
            int h = i32(a, at + 16 + 4 * i) >>> (2 * j);
            low |= (h & ONES) << 4;
            high |= (h >>> 1 & ONES) << 4;
          }
          u.codes[16 * j + i] = low;
          u.codes[16 * j + 8 + i] = high;
        }
      }
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      u16(a, at, u.d[0]);
      u16(a, at + 2, u.m[0]);
      for (int b = 0; b < 4; b++) {
        a[at + 4 + b] = (byte) ((u.s[b] & 63) | u.s[b + 4] >>> 4 << 6);
        a[at + 8 + b] = (byte) ((u.n[b] & 63) | u.n[b + 4] >>> 4 << 6);
        a[at + 12 + b] = (byte) ((u.s[b + 4] & 0xF) | (u.n[b + 4] & 0xF) << 4);
      }
      int q = at + (fifth ? 48 : 16);
      for (int i = 0; i < 8; i++) {
        int h = 0;
        for (int j = 0; j < 4; j++) {
          int low = u.codes[16 * j + i];
          int high = u.codes[16 * j + 8 + i];
          i32(a, q + 32 * j + 4 * i, (low & NIBBLES) | (high & NIBBLES) << 4);
          h |= (low >>> 4 & ONES) << (2 * j) | (high >>> 4 & ONES) << (2 * j + 1);
        }
        if (fifth) {
          i32(a, at + 16 + 4 * i, h);
        }
      }
    }
  }

  /**
   * Q6_K: {@code u8 low[128]; u8 high[64]; int8 scales[16]; f16 d}. Column 128h + 32j + l: nibble j
   * / 2 of low[64h + 32(j % 2) + l], and bits 2j, 2j + 1 of high[32h + l].
   */
  private static final class Q6K extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      for (int i = 0; i < 16; i++) {
        int half = i / 8;
        int l = 4 * (i % 8);
        int first = i32(a, at + 64 * half + l);
        int second = i32(a, at + 64 * half + 32 + l);
        int high = i32(a, at + 128 + 32 * half + l);
        int to = 32 * half + i % 8;
        u.codes[to] = (first & NIBBLES) | (high & PAIRS) << 4;
        u.codes[to + 8] = (second & NIBBLES) | (high >>> 2 & PAIRS) << 4;
        u.codes[to + 16] = (first >>> 4 & NIBBLES) | (high >>> 4 & PAIRS) << 4;
        u.codes[to + 24] = (second >>> 4 & NIBBLES) | (high >>> 6 & PAIRS) << 4;
        u.s[i] = a[at + 192 + i];
      }
      u.d[0] = u16(a, at + 208);
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      for (int i = 0; i < 16; i++) {
        int half = i / 8;
        int l = 4 * (i % 8);
        int from = 32 * half + i % 8;
        int high = 0;
        for (int j = 0; j < 4; j++) {
          high |= (u.codes[from + 8 * j] >>> 4 & PAIRS) << (2 * j);
        }
        for (int j = 0; j < 2; j++) {
          int low = (u.codes[from + 8 * j] & NIBBLES) | (u.codes[from + 8 * j + 16] & NIBBLES) << 4;
          i32(a, at + 64 * half + 32 * j + l, low);
        }
        i32(a, at + 128 + 32 * half + l, high);
        a[at + 192 + i] = (byte) u.s[i];
      }
      u16(a, at + 208, u.d[0]);
    }
  }

  /**
   * IQ4_XS: {@code f16 d; u16 scalesHigh; u8 scalesLow[4]; nibbles[8][16]}. Scale of block b, 6
   * bits less 32: nibble b % 2 of scalesLow[b / 2], and bits 2b, 2b + 1 of scalesHigh.
   */
  private static final class Iq4Xs extends BlockCodec {
    @Override
    void read(byte[] a, int at, RowUnit u, int block) {
      u.d[0] = u16(a, at);
      int high = u16(a, at + 2);
      for (int b = 0; b < 8; b++) {
        int low = (a[at + 4 + b / 2] & 0xFF) >>> (4 * (b % 2)) & 0xF;
        u.s[b] = (low | (high >>> (2 * b) & 3) << 4) - 32;
        readNibbles(a, at + 8 + 16 * b, u.codes, 8 * b);
      }
    }

    @Override
    void write(RowUnit u, int block, byte[] a, int at) {
      u16(a, at, u.d[0]);
      int high = 0;
      for (int b = 0; b < 8; b++) {
        high |= ((u.s[b] + 32) >>> 4 & 3) << (2 * b);
        writeNibbles(u.codes, 8 * b, a, at + 8 + 16 * b);
      }
      u16(a, at + 2, high);
      for (int b = 0; b < 4; b++) {
        a[at + 4 + b] = (byte) ((u.s[2 * b] + 32 & 0xF) | (u.s[2 * b + 1] + 32 & 0xF) << 4);
      }
    }
  }
}
