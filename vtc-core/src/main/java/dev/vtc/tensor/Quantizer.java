package dev.vtc.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * Quantizing: f32 weights to the stored types of ggml, with its block layouts (see {@link
 * Decoder}).
 *
 * <p>F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0 give the bytes that {@code gguf.quants.quantize} of
 * the Python package {@code gguf} gives. For the K types each sub-block's scale and minimum are
 * searched for the least error weighted as ggml's reference quantizers weight it, without an
 * importance matrix.
 *
 * <p>Stateless and safe for use by many threads.
 */
public final class Quantizer {
  private Quantizer() {}

  /** True for the types that {@link #quantize} can produce. */
  public static boolean supports(DType type) {
    return switch (type) {
      case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K -> true;
      default -> false;
    };
  }

  /**
   * Quantizes {@code elements} elements of a row.
   *
   * @param src elements {@code srcOffset … srcOffset + elements - 1}
   * @param dst receives the blocks
   * @param dstOffset where the first block begins in {@code dst}, in bytes
   * @param elements a multiple of {@code type.blockSize()}
   * @throws IllegalArgumentException for a type that {@link #supports} does not name, a partial
   *     block, or a weight that is infinite or not a number
   * @throws IndexOutOfBoundsException when {@code src} or {@code dst} is too short
   */
  public static void quantize(
      DType type, float[] src, int srcOffset, MemorySegment dst, long dstOffset, int elements) {
    if (!supports(type)) {
      throw new IllegalArgumentException("VTC cannot quantize to " + type + ".");
    }
    Objects.checkFromIndexSize(srcOffset, elements, src.length);
    Objects.checkFromIndexSize(dstOffset, type.rowBytes(elements), dst.byteSize());
    for (int i = 0; i < elements; i++) {
      if (!Float.isFinite(src[srcOffset + i])) {
        throw new IllegalArgumentException(
            "Weight " + i + " is " + src[srcOffset + i] + ": the source is damaged.");
      }
    }
    BlockQuantizer quantizer =
        switch (type) {
          case F32 -> (x, at, b) -> putInt(b, 0, Float.floatToRawIntBits(x[at]));
          case F16 -> (x, at, b) -> putF16(b, 0, x[at]);
          case BF16 -> (x, at, b) -> putShort(b, 0, floatToBf16(x[at]));
          case Q4_0 -> (x, at, b) -> symmetric(x, at, b, 8);
          case Q5_0 -> (x, at, b) -> symmetric(x, at, b, 16);
          case Q4_1 -> (x, at, b) -> affine(x, at, b, 15);
          case Q5_1 -> (x, at, b) -> affine(x, at, b, 31);
          case Q8_0 -> Quantizer::q8x0;
          case Q4_K -> KQuantizer::q4k;
          case Q5_K -> KQuantizer::q5k;
          case Q6_K -> KQuantizer::q6k;
          default -> throw new IllegalArgumentException("VTC cannot quantize to " + type + ".");
        };
    byte[] block = new byte[type.blockBytes()];
    for (int i = 0; i < elements; i += type.blockSize()) {
      Arrays.fill(block, (byte) 0);
      quantizer.quantize(src, srcOffset + i, block);
      MemorySegment.copy(block, 0, dst, ValueLayout.JAVA_BYTE, dstOffset, block.length);
      dstOffset += block.length;
    }
  }

  /** The bfloat16 nearest to {@code value}, ties to even. */
  public static short floatToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** One block: reads {@code x[at …]} and fills {@code b}, which is zero before. */
  private interface BlockQuantizer {
    void quantize(float[] x, int at, byte[] b);
  }

  /**
   * Q4_0 and Q5_0: the element of largest magnitude gets the code −{@code half}, the only code
   * without a counterpart.
   *
   * @param half 8 or 16: codes are value/d + half, 0 … 2·half − 1
   */
  private static void symmetric(float[] x, int at, byte[] b, int half) {
    float extreme = x[at];
    for (int i = 1; i < 32; i++) {
      if (Math.abs(x[at + i]) > Math.abs(extreme)) {
        extreme = x[at + i];
      }
    }
    float d = extreme / -half;
    float inverse = d == 0 ? 0 : 1 / d;
    putF16(b, 0, d);
    for (int i = 0; i < 32; i++) {
      int code = (int) (x[at + i] * inverse + (half + 0.5f));
      putCode(b, 2, half == 16, i, Math.clamp(code, 0, 2 * half - 1));
    }
  }

  /**
   * Q4_1 and Q5_1: the smallest element gets code 0, the largest code {@code top}.
   *
   * @param top 15 or 31
   */
  private static void affine(float[] x, int at, byte[] b, int top) {
    float min = x[at];
    float max = x[at];
    for (int i = 1; i < 32; i++) {
      min = Math.min(min, x[at + i]);
      max = Math.max(max, x[at + i]);
    }
    float d = (max - min) / top;
    float inverse = d == 0 ? 0 : 1 / d;
    putF16(b, 0, d);
    putF16(b, 2, min);
    for (int i = 0; i < 32; i++) {
      int code = (int) ((x[at + i] - min) * inverse + 0.5f);
      putCode(b, 4, top == 31, i, Math.clamp(code, 0, top));
    }
  }

  private static void q8x0(float[] x, int at, byte[] b) {
    float largest = 0;
    for (int i = 0; i < 32; i++) {
      largest = Math.max(largest, Math.abs(x[at + i]));
    }
    float d = largest / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    putF16(b, 0, d);
    for (int i = 0; i < 32; i++) {
      float v = x[at + i] * inverse;
      // Halves are rounded away from zero.
      float magnitude = Math.abs(v);
      float floor = (float) Math.floor(magnitude);
      float rounded = floor + (float) Math.floor(2 * (magnitude - floor));
      b[2 + i] = (byte) (v < 0 ? -rounded : rounded);
    }
  }

  /** Stores the code of element i of 32: the fifth bits, if any, are 4 bytes before the nibbles. */
  private static void putCode(byte[] b, int at, boolean five, int i, int code) {
    if (five) {
      b[at + (i >> 3)] |= (byte) ((code >> 4) << (i & 7));
      at += 4;
    }
    b[at + (i & 15)] |= (byte) ((code & 15) << (4 * (i >> 4)));
  }

  static void putF16(byte[] b, int at, float value) {
    putShort(b, at, Float.floatToFloat16(value));
  }

  private static void putShort(byte[] b, int at, short value) {
    b[at] = (byte) value;
    b[at + 1] = (byte) (value >> 8);
  }

  private static void putInt(byte[] b, int at, int value) {
    putShort(b, at, (short) value);
    putShort(b, at + 2, (short) (value >> 16));
  }
}
