package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  @TempDir Path folder;

  /** A sound file with every value type and three tensors, the last one three-dimensional. */
  static GgufBytes everything(int version) {
    GgufBytes b =
        GgufBytes.header(version, 3, 19)
            .pair("u8", 0)
            .u8(200)
            .pair("i8", 1)
            .u8(-100)
            .pair("u16", 2)
            .u16(60_000)
            .pair("i16", 3)
            .u16(-30_000)
            .pair("u32", 4)
            .u32(-1)
            .pair("i32", 5)
            .u32(-5)
            .pair("f32", 6)
            .f32(0.1f)
            .pair("bool", 7)
            .u8(1)
            .pair("string", 8)
            .string("Zürich 🏔")
            .pair("u64", 10)
            .u64(1L << 40)
            .pair("u64.huge", 10)
            .u64(-1)
            .pair("i64", 11)
            .u64(-(1L << 40))
            .pair("f64", 12)
            .f64(Math.PI)
            .pair("strings", 9)
            .u32(8)
            .u64(3)
            .string("a")
            .string("")
            .raw((byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0)
            .raw((byte) 0xff)
            .pair("ints", 9)
            .u32(5)
            .u64(2)
            .u32(-7)
            .u32(8)
            .pair("floats", 9)
            .u32(6)
            .u64(2)
            .f32(1.5f)
            .f32(-2f)
            .pair("bools", 9)
            .u32(7)
            .u64(2)
            .u8(0)
            .u8(1)
            .pair("nested", 9)
            .u32(9)
            .u64(2)
            .u32(8)
            .u64(1)
            .string("deep")
            .u32(0)
            .u64(3)
            .raw((byte) 1, (byte) 2, (byte) 255)
            .pair("general.alignment", 4)
            .u32(64)
            .tensor("a", 0, 0, 3)
            .tensor("b", 2, 64, 32, 2)
            .tensor("c", 1, 128, 2, 3, 4)
            .pad(64);
    b.f32(1f).f32(2f).f32(3f).pad(64);
    for (int i = 0; i < 36; i++) {
      b.u8(i);
    }
    b.pad(64);
    for (int i = 0; i < 24; i++) {
      b.u16(Float.floatToFloat16(i));
    }
    return b;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsEveryValueTypeAndTensorsInPlace(int version) throws IOException {
    try (GgufFile file = GgufFile.open(everything(version).write(folder.resolve("m.gguf")))) {
      Metadata m = file.metadata();
      assertThat(file.formatName()).isEqualTo("GGUF v" + version);
      assertThat(m.integer("u8")).isEqualTo(200);
      assertThat(m.integer("i8")).isEqualTo(-100);
      assertThat(m.integer("u16")).isEqualTo(60_000);
      assertThat(m.integer("i16")).isEqualTo(-30_000);
      assertThat(m.integer("u32")).isEqualTo(0xffff_ffffL);
      assertThat(m.integer("i32")).isEqualTo(-5);
      assertThat(m.number("f32")).isEqualTo(0.1f);
      assertThat(m.bool("bool")).isTrue();
      assertThat(m.string("string")).isEqualTo("Zürich 🏔");
      assertThat(m.integer("u64")).isEqualTo(1L << 40);
      assertThat(m.number("u64.huge")).isEqualTo(0x1p64);
      assertThat(m.integer("i64")).isEqualTo(-(1L << 40));
      assertThat(m.number("f64")).isEqualTo(Math.PI);

      MetadataArray strings = m.array("strings");
      assertThat(strings.kind()).isEqualTo(MetadataArray.Kind.STRING);
      assertThat(strings.size()).isEqualTo(3);
      assertThat(strings.string(0)).isEqualTo("a");
      assertThat(strings.bytes(1)).isEmpty();
      assertThat(strings.bytes(2)).containsExactly(0xff);
      assertThatThrownBy(() -> strings.bytes(3)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> strings.integer(0)).isInstanceOf(IllegalArgumentException.class);
      assertThat(m.array("ints").integer(0)).isEqualTo(-7);
      assertThat(m.array("ints").number(1)).isEqualTo(8.0);
      assertThatThrownBy(() -> m.array("ints").integer(2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(m.array("floats").number(0)).isEqualTo(1.5);
      assertThat(m.array("bools").bool(0)).isFalse();
      assertThat(m.array("bools").bool(1)).isTrue();
      MetadataArray nested = m.array("nested");
      assertThat(nested.array(0).string(0)).isEqualTo("deep");
      assertThat(nested.array(1).integer(2)).isEqualTo(255);

      assertThat(file.tensors().keySet()).containsExactly("a", "b", "c");
      Tensor a = file.tensor("a");
      Tensor b = file.tensor("b");
      Tensor c = file.tensor("c");
      assertThat(List.of(a.rows(), a.columns())).isEqualTo(List.of(1L, 3L));
      assertThat(List.of(c.rows(), c.columns())).isEqualTo(List.of(12L, 2L));
      assertThat(b.type()).isEqualTo(DType.Q4_0);
      assertThat(b.row(1).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 18);
      float[] values = new float[24];
      Decoder.decode(c.type(), c.data(), 0, values, 0, 24);
      assertThat(values[23]).isEqualTo(23f);
      assertThat(file.parts().getFirst().tensors().get(2).shape()).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void memoryIsUnusableAfterClosing() throws IOException {
    GgufFile file = GgufFile.open(everything(3).write(folder.resolve("m.gguf")));
    Tensor a = file.tensors().sequencedValues().getFirst();
    file.close();
    file.close();
    assertThatThrownBy(() -> a.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
