package dev.vtc.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class CodePointsTest {
  /**
   * The CRC-32 over the category bits of all code points is that of llama.cpp's table: a JDK with a
   * newer Unicode that assigns more characters must not change ids unseen.
   */
  @Test
  void categoriesAreThoseOfUnicode151() {
    CRC32 crc = new CRC32();
    for (int c = 0; c < 0x110000; c++) {
      crc.update(CodePoints.flags(c) & 0xFF);
    }
    assertThat(Long.toHexString(crc.getValue())).isEqualTo("a16d6af8");
  }

  @Test
  void decodesEveryCodePoint() {
    for (int c = 0; c < 0x110000; c++) {
      if (c < 0xD800 || c > 0xDFFF) {
        byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        assertThat(CodePoints.at(utf8, 0)).isEqualTo(c);
        assertThat(CodePoints.length(utf8[0])).isEqualTo(utf8.length);
      }
    }
  }

  @Test
  void loneSurrogatesAndMalformedBytesBecomeReplacementCharacters() {
    assertThat(Utf8.encode("a\uD800b\uDC00\uD83D\uDE00\uD800"))
        .isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD".getBytes(StandardCharsets.UTF_8));
    assertThat(Utf8.valid(new byte[] {'a', (byte) 0xC3, 'b', (byte) 0xFF}))
        .isEqualTo("a\uFFFDb\uFFFD".getBytes(StandardCharsets.UTF_8));
    byte[] fine = "é😀".getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8.valid(fine)).isSameAs(fine);
  }

  /** Cutting at {@link Utf8#complete} must decode to the same text as the whole at once. */
  @Test
  void cutsOnlyWhereDecodingDoesNotChange() {
    long seed = 20261122;
    Random random = new Random(seed);
    byte[] awkward = {
      'a',
      (byte) 0x80,
      (byte) 0xBF,
      (byte) 0xC0,
      (byte) 0xC3,
      (byte) 0xE0,
      (byte) 0xA0,
      (byte) 0xED,
      (byte) 0x9F,
      (byte) 0xF0,
      (byte) 0x90,
      (byte) 0xF4,
      (byte) 0x8F,
      (byte) 0xF5,
      (byte) 0xFF,
      'z'
    };
    for (int run = 0; run < 200_000; run++) {
      byte[] bytes = new byte[random.nextInt(1, 12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = awkward[random.nextInt(awkward.length)];
      }
      String whole = new String(bytes, StandardCharsets.UTF_8);
      StringBuilder parts = new StringBuilder();
      ByteBuffer pending = ByteBuffer.allocate(16);
      for (byte b : bytes) {
        pending.put(b);
        int complete = Utf8.complete(pending.array(), pending.position());
        assertThat(pending.position() - complete).isLessThan(4);
        parts.append(new String(pending.array(), 0, complete, StandardCharsets.UTF_8));
        pending.flip().position(complete);
        pending.compact();
      }
      parts.append(new String(pending.array(), 0, pending.position(), StandardCharsets.UTF_8));
      assertThat(parts.toString()).as("seed %d, run %d", seed, run).isEqualTo(whole);
    }
  }
}
