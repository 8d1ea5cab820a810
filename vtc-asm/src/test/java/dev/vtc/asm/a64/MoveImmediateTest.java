package dev.vtc.asm.a64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code mov} of any constant: the sequence is decoded here and must yield the constant. */
class MoveImmediateTest {
  private final A64Assembler assembler = new A64Assembler();

  /** Runs movz, movn, movk and orr-with-zero of one register. */
  private long run(int sf) {
    long value = 0xdeadbeefdeadbeefL;
    for (int i = 0; i < assembler.size() / 4; i++) {
      int word = assembler.wordAt(i);
      assertThat(word >>> 31).isEqualTo(sf);
      assertThat(word & 31).isEqualTo(7);
      int shift = 16 * (word >>> 21 & 3);
      long part = (long) (word >>> 5 & 0xffff) << shift;
      switch (word >>> 23 & 0xff) {
        case 0x25 -> value = ~part;
        case 0xa5 -> value = part;
        case 0xe5 -> value = (value & ~(0xffffL << shift)) | part;
        case 0x64 -> {
          assertThat(word >>> 5 & 31).isEqualTo(31);
          value = bitmask(word);
        }
        default -> throw new AssertionError(Integer.toHexString(word));
      }
    }
    return sf == 1 ? value : value & 0xffffffffL;
  }

  /** DecodeBitMasks of DDI 0487, bit by bit. */
  private static long bitmask(int word) {
    int n = word >>> 22 & 1;
    int immr = word >>> 16 & 63;
    int imms = word >>> 10 & 63;
    int length = 31 - Integer.numberOfLeadingZeros(n << 6 | (~imms & 63));
    int size = 1 << length;
    int ones = (imms & size - 1) + 1;
    int rotation = immr & size - 1;
    long result = 0;
    for (int bit = 0; bit < 64; bit++) {
      int source = (bit % size + rotation) % size;
      result |= source < ones ? 1L << bit : 0;
    }
    return result;
  }

  private void check(long value, int most) {
    assembler.clear();
    assembler.mov(X.of(7), value);
    assertThat(run(1)).as("x %x", value).isEqualTo(value);
    assertThat(assembler.size() / 4).as("%x", value).isLessThanOrEqualTo(most);
    assembler.clear();
    long word = value << 32 >> 32;
    assembler.mov(W.of(7), word);
    assertThat(run(0)).as("w %x", value).isEqualTo(value & 0xffffffffL);
    assertThat(assembler.size() / 4).isLessThanOrEqualTo(2);
  }

  @Test
  void everyConstantArrives() {
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        check(1L << i | 1L << j, 2);
        check(~(1L << i | 1L << j), 2);
        check(-1L << i >>> j, 1);
      }
    }
    long seed = 20261122;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      check(random.nextLong(), 4);
      check(random.nextInt(), 2);
      check(random.nextLong() & 0xffff0000ffffL, 2);
      check((0xffffL << (16 * random.nextInt(4))) ^ -1L ^ random.nextInt(65536), 2);
    }
  }

  @Test
  void wordsRefuseLongConstants() {
    assertThatThrownBy(() -> assembler.mov(W.of(1), 0x100000000L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 32 bits");
    assembler.mov(W.of(1), 0xffffffffL);
    assembler.mov(W.of(1), -0x80000000L);
  }
}
