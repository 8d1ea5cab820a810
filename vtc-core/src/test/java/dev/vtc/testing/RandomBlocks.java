package dev.vtc.testing;

import dev.vtc.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Stored weights of every type with random codes and sane scales: weights of about {@code size} in
 * magnitude, none of them infinite or NaN.
 */
public final class RandomBlocks {
  private RandomBlocks() {}

  /** {@code elements} weights, a multiple of the type's block. */
  public static byte[] of(Random random, DType type, int elements, float size) {
    byte[] data = new byte[Math.toIntExact(type.rowBytes(elements))];
    random.nextBytes(data);
    ByteBuffer b = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < data.length; at += type.blockBytes()) {
      fix(random, type, b, at, size);
    }
    return data;
  }

  /** Puts finite numbers where a block of ggml-common.h has its scales. */
  private static void fix(Random random, DType type, ByteBuffer b, int at, float size) {
    float any = size * (float) random.nextGaussian();
    float scale = size * (0.5f + random.nextFloat()) * (random.nextInt(8) == 0 ? -1 : 1);
    switch (type) {
      case F32 -> b.putFloat(at, any);
      case F16 -> b.putShort(at, Float.floatToFloat16(any));
      case BF16 -> b.putShort(at, (short) (Float.floatToRawIntBits(any) >>> 16));
      case Q4_0, IQ4_NL -> half(b, at, scale / (type == DType.Q4_0 ? 5 : 60));
      case Q4_1 -> {
        half(b, at, scale / 5);
        half(b, at + 2, -1.5f * scale);
      }
      case Q5_0 -> half(b, at, scale / 9);
      case Q5_1 -> {
        half(b, at, scale / 9);
        half(b, at + 2, -1.6f * scale);
      }
      case Q8_0 -> half(b, at, scale / 70);
      case Q2_K -> {
        half(b, at + 80, scale / 15);
        half(b, at + 82, scale / 10);
      }
      case Q3_K -> half(b, at + 108, scale / 40);
      case Q4_K -> {
        half(b, at, scale / 250);
        half(b, at + 2, scale / 35);
      }
      case Q5_K -> {
        half(b, at, scale / 500);
        half(b, at + 2, scale / 35);
      }
      case Q6_K -> half(b, at + 208, scale / 1200);
      case IQ4_XS -> half(b, at, scale / 1000);
      case MXFP4 -> b.put(at, (byte) (127 + Math.getExponent(Math.abs(scale)) - 2));
      default -> throw new IllegalArgumentException("Type " + type + " holds no weights.");
    }
  }

  private static void half(ByteBuffer b, int at, float value) {
    b.putShort(at, Float.floatToFloat16(value));
  }
}
