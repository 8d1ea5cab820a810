package dev.vtc.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Values against the Python package gguf; the goldens come from make_decoder_goldens.py. */
class DecoderTest {
  private static final class Golden {
    final DType type;
    final byte[] blocks;
    final float[] values;

    Golden(ByteBuffer in) {
      type = DType.ofGgmlId(in.getInt());
      blocks = new byte[in.getInt() * type.blockBytes()];
      in.get(blocks);
      values = new float[blocks.length / type.blockBytes() * type.blockSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.getFloat();
      }
    }
  }

  private static ByteBuffer goldens() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                DecoderTest.class.getResourceAsStream("decoder-goldens.bin.gz")))) {
      return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void everyWeightTypeEqualsTheReferenceBitForBit() throws IOException {
    Set<DType> seen = EnumSet.noneOf(DType.class);
    for (ByteBuffer in = goldens(); in.hasRemaining(); ) {
      Golden g = new Golden(in);
      seen.add(g.type);
      // An odd offset in source and destination, and canaries around the destination.
      byte[] shifted = new byte[g.blocks.length + 3];
      System.arraycopy(g.blocks, 0, shifted, 3, g.blocks.length);
      float[] actual = new float[g.values.length + 2];
      Arrays.fill(actual, 12345f);
      Decoder.decode(g.type, MemorySegment.ofArray(shifted), 3, actual, 1, g.values.length);
      assertThat(actual[0]).isEqualTo(12345f);
      assertThat(actual[actual.length - 1]).isEqualTo(12345f);
      for (int i = 0; i < g.values.length; i++) {
        assertThat(Float.floatToRawIntBits(actual[1 + i]))
            .as("%s element %d: %s, reference %s", g.type, i, actual[1 + i], g.values[i])
            .isEqualTo(Float.floatToRawIntBits(g.values[i]));
      }
    }
    assertThat(seen)
        .isEqualTo(
            Arrays.stream(DType.values()).filter(DType::isWeight).collect(Collectors.toSet()));
  }

  @Test
  void aRowOfATensorIsDecodedFromItsPlace() throws IOException {
    for (ByteBuffer in = goldens(); in.hasRemaining(); ) {
      Golden g = new Golden(in);
      int columns = g.type.blockSize();
      Tensor tensor =
          new Tensor(
              "t", g.type, g.values.length / columns, columns, MemorySegment.ofArray(g.blocks), 0);
      float[] row = new float[columns];
      Decoder.decodeRow(tensor, tensor.rows() - 1, row, 0);
      assertThat(row)
          .isEqualTo(Arrays.copyOfRange(g.values, g.values.length - columns, g.values.length));
      assertThatThrownBy(() -> Decoder.decodeRow(tensor, tensor.rows(), row, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void refusesWhatIsNoWholeBlockNoWeightOrTooShort() {
    MemorySegment src = MemorySegment.ofArray(new byte[18]);
    float[] dst = new float[32];
    assertThatThrownBy(() -> Decoder.decode(DType.Q4_0, src, 0, dst, 0, 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31");
    assertThatThrownBy(() -> Decoder.decode(DType.I32, src, 0, dst, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("I32");
    assertThatThrownBy(() -> Decoder.decode(DType.Q4_0, src, 1, dst, 0, 32))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Decoder.decode(DType.Q4_0, src, 0, dst, 1, 32))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
