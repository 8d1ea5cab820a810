package dev.vtc.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes GGUF bytes by hand, sound or not: deliberately knows nothing of the code under test. */
final class GgufBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static GgufBytes header(int version, long tensors, long pairs) {
    return new GgufBytes().ascii("GGUF").u32(version).u64(tensors).u64(pairs);
  }

  GgufBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  GgufBytes ascii(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  GgufBytes u8(int value) {
    return raw((byte) value);
  }

  GgufBytes u16(int value) {
    return raw(le(2).putShort((short) value).array());
  }

  GgufBytes u32(int value) {
    return raw(le(4).putInt(value).array());
  }

  GgufBytes u64(long value) {
    return raw(le(8).putLong(value).array());
  }

  GgufBytes f32(float value) {
    return raw(le(4).putFloat(value).array());
  }

  GgufBytes f64(double value) {
    return raw(le(8).putDouble(value).array());
  }

  GgufBytes string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return u64(utf8.length).raw(utf8);
  }

  /** Key and type of a pair; the value is to follow. */
  GgufBytes pair(String key, int type) {
    return string(key).u32(type);
  }

  GgufBytes tensor(String name, int type, long offset, long... shape) {
    string(name).u32(shape.length);
    for (long size : shape) {
      u64(size);
    }
    return u32(type).u64(offset);
  }

  /** Zeros up to a multiple of {@code alignment}. */
  GgufBytes pad(int alignment) {
    while (out.size() % alignment != 0) {
      u8(0);
    }
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer le(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
