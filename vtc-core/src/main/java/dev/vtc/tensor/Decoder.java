package dev.vtc.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Decoding of stored weights to f32: the reference for what a stored number is worth.
 *
 * <p>The block layouts are those of ggml ({@code ggml-common.h}); values equal, bit for bit, those
 * of {@code gguf.quants.dequantize} of the Python package {@code gguf}. All f32 operations round
 * once each, in the order written here; none is fused.
 *
 * <p>Stateless and safe for use by many threads.
 */
public final class Decoder {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Decoder() {}

  /**
   * Decodes {@code elements} elements of a row.
   *
   * @param src bytes of the stored elements
   * @param srcOffset where the first block begins in {@code src}, in bytes; needs no alignment
   * @param dst receives elements {@code dstOffset … dstOffset + elements - 1}
   * @param elements a multiple of {@code type.blockSize()}
   * @throws IllegalArgumentException for a type that holds no weights or a partial block
   * @throws IndexOutOfBoundsException when {@code src} or {@code dst} is too short
   */
  public static void decode(
      DType type, MemorySegment src, long srcOffset, float[] dst, int dstOffset, int elements) {
    Objects.checkFromIndexSize(srcOffset, type.rowBytes(elements), src.byteSize());
    Objects.checkFromIndexSize(dstOffset, elements, dst.length);
    switch (type) {
      case F32 -> MemorySegment.copy(src, F32, srcOffset, dst, dstOffset, elements);
      case F16 -> {
        for (int i = 0; i < elements; i++) {
          dst[dstOffset + i] = Float.float16ToFloat(src.get(U16, srcOffset + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < elements; i++) {
          dst[dstOffset + i] = bf16ToFloat(src.get(U16, srcOffset + 2L * i));
        }
      }
      default -> decodeBlocks(type, src, srcOffset, dst, dstOffset, elements);
    }
  }

  /** Decodes row {@code row} of {@code tensor} to {@code dst[dstOffset …]}. */
  public static void decodeRow(Tensor tensor, long row, float[] dst, int dstOffset) {
    Objects.checkIndex(row, tensor.rows());
    decode(
        tensor.type(),
        tensor.data(),
        tensor.storedRow(row) * tensor.type().rowBytes(tensor.columns()),
        dst,
        dstOffset,
        Math.toIntExact(tensor.columns()));
  }

  /** The value of a bfloat16: the upper half of an f32. */
  public static float bf16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** One block: {@code b} holds its bytes, values go to {@code y[at …]}. */
  private interface BlockDecoder {
    void decode(byte[] b, float[] y, int at);
  }

  private static void decodeBlocks(
      DType type, MemorySegment src, long srcOffset, float[] dst, int dstOffset, int elements) {
    BlockDecoder decoder =
        switch (type) {
          case Q4_0 -> Decoder::q4x0;
          case Q4_1 -> Decoder::q4x1;
          case Q5_0 -> Decoder::q5x0;
          case Q5_1 -> Decoder::q5x1;
          case Q8_0 -> Decoder::q8x0;
          case Q2_K -> Decoder::q2k;
          case Q3_K -> Decoder::q3k;
          case Q4_K -> Decoder::q4k;
          case Q5_K -> Decoder::q5k;
          case Q6_K -> Decoder::q6k;
          case IQ4_NL -> Decoder::iq4nl;
          case IQ4_XS -> Decoder::iq4xs;
          case MXFP4 -> Decoder::mxfp4;
          default -> throw new IllegalArgumentException("Type " + type + " holds no weights.");
        };
    byte[] block = new byte[type.blockBytes()];
    for (int i = 0; i < elements; i += type.blockSize()) {
      MemorySegment.copy(src, ValueLayout.JAVA_BYTE, srcOffset, block, 0, block.length);
      decoder.decode(block, dst, dstOffset + i);
      srcOffset += block.length;
    }
  }

  // Blocks of 32. Nibble codes: byte i holds element i in its low half, element i + 16 in its high.

  /** {@code d:f16, codes:16 bytes}; y = d·(code − 8). */
  private static void q4x0(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * (nibble(b, 2, i) - 8);
    }
  }

  /** {@code d:f16, m:f16, codes:16 bytes}; y = d·code + m. */
  private static void q4x1(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    float m = f16(b, 2);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * nibble(b, 4, i) + m;
    }
  }

  /** {@code d:f16, fifth bits:u32, codes:16 bytes}; y = d·(code − 16). */
  private static void q5x0(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * ((nibble(b, 6, i) | (bit(b, 2, i) << 4)) - 16);
    }
  }

  /** {@code d:f16, m:f16, fifth bits:u32, codes:16 bytes}; y = d·code + m. */
  private static void q5x1(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    float m = f16(b, 2);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * (nibble(b, 8, i) | (bit(b, 4, i) << 4)) + m;
    }
  }

  /** {@code d:f16, codes:32 × int8}; y = d·code. */
  private static void q8x0(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    for (int i = 0; i < 32; i++) {
      y[at + i] = b[2 + i] * d;
    }
  }

  /** Values of the 4-bit codes of IQ4_NL and IQ4_XS. */
  private static final byte[] IQ4_CODEBOOK = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** The value that code 0 … 15 stands for in IQ4_NL and IQ4_XS. */
  public static int iq4Value(int code) {
    return IQ4_CODEBOOK[code];
  }

  /** {@code d:f16, codes:16 bytes}; y = d·codebook[code]. */
  private static void iq4nl(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * IQ4_CODEBOOK[nibble(b, 2, i)];
    }
  }

  /** Twice the E2M1 values of the 4-bit codes of MXFP4 (OCP Microscaling Formats 1.0). */
  private static final byte[] MXFP4_CODEBOOK = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  /** Twice the value that code 0 … 15 stands for in MXFP4; see {@link #mxfp4Scale}. */
  public static int mxfp4Value(int code) {
    return MXFP4_CODEBOOK[code];
  }

  /** Half of 2^(e − 127), the scale of an MXFP4 block: half, as the codebook holds doubles. */
  public static float mxfp4Scale(byte e8m0) {
    int e = e8m0 & 0xff;
    return Float.intBitsToFloat(e < 2 ? 0x0020_0000 << e : (e - 1) << 23);
  }

  /** {@code e:E8M0, codes:16 bytes}; y = 2^(e − 128)·codebook[code]. */
  private static void mxfp4(byte[] b, float[] y, int at) {
    float d = mxfp4Scale(b[0]);
    for (int i = 0; i < 32; i++) {
      y[at + i] = d * MXFP4_CODEBOOK[nibble(b, 1, i)];
    }
  }

  // Super-blocks of 256.

  /**
   * {@code scales:16 bytes (low half scale, high half min, one per 16 elements), codes:64 bytes,
   * d:f16, dmin:f16}; y = (d·scale)·code − dmin·min.
   *
   * <p>Codes of 2 bits: element e lies in byte 32·(e / 128) + e mod 32, bits 2·(e / 32 mod 4).
   */
  private static void q2k(byte[] b, float[] y, int at) {
    float d = f16(b, 80);
    float dmin = f16(b, 82);
    for (int sub = 0; sub < 16; sub++) {
      float scale = d * (b[sub] & 15);
      float min = dmin * ((b[sub] & 0xff) >> 4);
      for (int e = 16 * sub; e < 16 * sub + 16; e++) {
        y[at + e] = scale * crumb(b, 16, e) - min;
      }
    }
  }

  /**
   * {@code third bits, inverted:32 bytes, codes:64 bytes, scales:12 bytes (16 × 6 bits), d:f16}; y
   * = (d·(scale − 32))·(code − (third bit ? 0 : 4)).
   *
   * <p>The third bit of element e is bit e / 32 of byte e mod 32.
   */
  private static void q3k(byte[] b, float[] y, int at) {
    float d = f16(b, 108);
    for (int sub = 0; sub < 16; sub++) {
      float scale = d * (q3kScale(b, 96, sub) - 32);
      for (int e = 16 * sub; e < 16 * sub + 16; e++) {
        int third = (b[e & 31] >> (e >> 5)) & 1;
        y[at + e] = scale * (crumb(b, 32, e) - (third == 1 ? 0 : 4));
      }
    }
  }

  /**
   * Scale {@code sub} (0 … 15) of a Q3_K block, 0 … 63, meaning scale − 32.
   *
   * @param at where the 12 bytes of scales begin
   */
  public static int q3kScale(byte[] b, int at, int sub) {
    int low = (b[at + (sub & 7)] >> (4 * (sub >> 3))) & 15;
    int high = (b[at + 8 + (sub & 3)] >> (2 * (sub >> 2))) & 3;
    return low | (high << 4);
  }

  /**
   * {@code d:f16, dmin:f16, scales and mins:12 bytes (8 × 2 × 6 bits), codes:128 bytes}; y =
   * (d·scale)·code − dmin·min.
   *
   * <p>Codes of 4 bits: element e lies in byte 32·(e / 64) + e mod 32, low half if e mod 64 &lt;
   * 32.
   */
  private static void q4k(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    float dmin = f16(b, 2);
    for (int sub = 0; sub < 8; sub++) {
      float scale = d * kScale(b, 4, sub);
      float min = dmin * kMin(b, 4, sub);
      for (int e = 32 * sub; e < 32 * sub + 32; e++) {
        y[at + e] = scale * kNibble(b, 16, e) - min;
      }
    }
  }

  /** As Q4_K, with {@code fifth bits:32 bytes} before the codes: bit e / 32 of byte e mod 32. */
  private static void q5k(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    float dmin = f16(b, 2);
    for (int sub = 0; sub < 8; sub++) {
      float scale = d * kScale(b, 4, sub);
      float min = dmin * kMin(b, 4, sub);
      for (int e = 32 * sub; e < 32 * sub + 32; e++) {
        int fifth = (b[16 + (e & 31)] >> sub) & 1;
        y[at + e] = scale * (kNibble(b, 48, e) | (fifth << 4)) - min;
      }
    }
  }

  /**
   * Scale {@code sub} (0 … 7) of a Q4_K or Q5_K block, 0 … 63.
   *
   * @param at where the 12 bytes of scales and mins begin
   */
  public static int kScale(byte[] b, int at, int sub) {
    return sub < 4 ? b[at + sub] & 63 : (b[at + 4 + sub] & 15) | ((b[at + sub - 4] & 0xc0) >> 2);
  }

  /** Min {@code sub} (0 … 7) of a Q4_K or Q5_K block, 0 … 63; arguments as {@link #kScale}. */
  public static int kMin(byte[] b, int at, int sub) {
    return sub < 4
        ? b[at + 4 + sub] & 63
        : ((b[at + 4 + sub] & 0xf0) >> 4) | ((b[at + sub] & 0xc0) >> 2);
  }

  /**
   * {@code low four bits:128 bytes, high two bits:64 bytes, scales:16 × int8, d:f16}; y =
   * (d·scale)·(code − 32).
   *
   * <p>Element e of half h = e / 128: low bits in byte 64·h + e mod 64, low half of the byte if e
   * mod 128 &lt; 64; high bits as Q2_K's codes.
   */
  private static void q6k(byte[] b, float[] y, int at) {
    float d = f16(b, 208);
    for (int sub = 0; sub < 16; sub++) {
      float scale = d * b[192 + sub];
      for (int e = 16 * sub; e < 16 * sub + 16; e++) {
        int low = (b[64 * (e >> 7) + (e & 63)] >> (4 * ((e >> 6) & 1))) & 15;
        y[at + e] = scale * ((low | (crumb(b, 128, e) << 4)) - 32);
      }
    }
  }

  /**
   * {@code d:f16, high scale bits:u16, low scale bits:4 bytes, codes:8 × 16 bytes}; y = (d·(scale −
   * 32))·codebook[code].
   */
  private static void iq4xs(byte[] b, float[] y, int at) {
    float d = f16(b, 0);
    for (int sub = 0; sub < 8; sub++) {
      float scale = d * (iq4xsScale(b, 0, sub) - 32);
      for (int i = 0; i < 32; i++) {
        y[at + 32 * sub + i] = scale * IQ4_CODEBOOK[nibble(b, 8 + 16 * sub, i)];
      }
    }
  }

  /**
   * Scale {@code sub} (0 … 7) of an IQ4_XS block, 0 … 63, meaning scale − 32.
   *
   * @param at where the block begins
   */
  public static int iq4xsScale(byte[] b, int at, int sub) {
    int high = (u16(b, at + 2) >> (2 * sub)) & 3;
    return ((b[at + 4 + (sub >> 1)] >> (4 * (sub & 1))) & 15) | (high << 4);
  }

  private static float f16(byte[] b, int at) {
    return Float.float16ToFloat((short) u16(b, at));
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xff) | ((b[at + 1] & 0xff) << 8);
  }

  /** Element i of 32 nibbles in 16 bytes. */
  private static int nibble(byte[] b, int at, int i) {
    return (b[at + (i & 15)] >> (4 * (i >> 4))) & 15;
  }

  /** Bit i of a bit string. */
  private static int bit(byte[] b, int at, int i) {
    return (b[at + (i >> 3)] >> (i & 7)) & 1;
  }

  /** Element e of 256 nibbles in 128 bytes, in the order of Q4_K. */
  private static int kNibble(byte[] b, int at, int e) {
    return (b[at + 32 * (e >> 6) + (e & 31)] >> (4 * ((e >> 5) & 1))) & 15;
  }

  /** Element e of 256 pairs of bits in 64 bytes, in the order of Q2_K. */
  private static int crumb(byte[] b, int at, int e) {
    return (b[at + 32 * (e >> 7) + (e & 31)] >> (2 * ((e >> 5) & 3))) & 3;
  }
}
