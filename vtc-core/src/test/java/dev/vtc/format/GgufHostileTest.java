package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files cut short, damaged or made to harm: one sentence, never a crash. */
class GgufHostileTest {
  private static final long SEED = 20260101;

  @TempDir Path folder;

  private static GgufBytes oneKey(Consumer<GgufBytes> value) {
    GgufBytes b = GgufBytes.header(3, 0, 1);
    value.accept(b);
    return b.pad(64);
  }

  private static GgufBytes tensors(int count, Consumer<GgufBytes> infos, int dataBytes) {
    GgufBytes b = GgufBytes.header(3, count, 0);
    infos.accept(b);
    return b.pad(32).raw(new byte[dataBytes]);
  }

  private static Arguments bad(String name, GgufBytes file, String... words) {
    return Arguments.of(name, file, words);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        bad("not GGUF", new GgufBytes().ascii("GGML0000000000000000000000"), "offset 0", "no GGUF"),
        bad("version 1", GgufBytes.header(1, 0, 0), "version 1", "offset 4"),
        bad("version 4", GgufBytes.header(4, 0, 0), "version 4", "2 and 3"),
        bad("big endian", GgufBytes.header(0x03000000, 0, 0), "big-endian"),
        bad("tensor count", GgufBytes.header(3, -1, 0), "18446744073709551615 tensors"),
        bad("pair count", GgufBytes.header(3, 0, 1L << 60), "1152921504606846976 metadata keys"),
        bad("pairs beyond the end", GgufBytes.header(3, 0, 100), "ends", "incomplete"),
        bad("tensors beyond the end", GgufBytes.header(3, 1000, 0), "ends", "incomplete"),
        bad("long key", GgufBytes.header(3, 0, 1).u64(1L << 33).pad(64), "8589934592 bytes"),
        bad("empty key", GgufBytes.header(3, 0, 1).u64(0).pad(64), "0 bytes"),
        bad(
            "key not UTF-8",
            GgufBytes.header(3, 0, 1).u64(2).raw((byte) 0xc3, (byte) 0x28).u32(0).pad(64),
            "not valid UTF-8"),
        bad("key with control character", oneKey(b -> b.pair("a\u001b[2J", 0).u8(1)), "control"),
        bad(
            "duplicate key",
            GgufBytes.header(3, 0, 2).pair("k", 0).u8(1).pair("k", 4).u32(1).pad(64),
            "key k occurs twice"),
        bad("unknown value type", oneKey(b -> b.pair("k", 13).u64(0)), "unknown value type 13"),
        bad("boolean 2", oneKey(b -> b.pair("k", 7).u8(2)), "boolean 2"),
        bad("string too long", oneKey(b -> b.pair("k", 8).u64(Long.MAX_VALUE)), "does not fit"),
        bad("negative string", oneKey(b -> b.pair("k", 8).u64(-1)), "does not fit"),
        bad(
            "array size that overflows",
            oneKey(b -> b.pair("k", 9).u32(12).u64(1L << 61)),
            "2305843009213693952 elements"),
        bad("huge string array", oneKey(b -> b.pair("k", 9).u32(8).u64(1 << 20)), "does not fit"),
        bad("array of unknown type", oneKey(b -> b.pair("k", 9).u32(99).u64(1)), "type 99"),
        bad(
            "deep arrays",
            oneKey(b -> {
              b.pair("k", 9);
              for (int i = 0; i < 100_000; i++) {
                b.u32(9).u64(1);
              }
            }),
            "nested deeper than"),
        bad(
            "alignment 3",
            oneKey(b -> b.pair("general.alignment", 4).u32(3)),
            "general.alignment is 3"),
        bad(
            "alignment 0",
            oneKey(b -> b.pair("general.alignment", 4).u32(0)),
            "general.alignment is 0"),
        bad(
            "alignment a string",
            oneKey(b -> b.pair("general.alignment", 8).string("x")),
            "general.alignment is no number"),
        bad("no dimensions", tensors(1, b -> b.tensor("t", 0, 0), 32), "0 dimensions"),
        bad("five", tensors(1, b -> b.tensor("t", 0, 0, 1, 1, 1, 1, 1), 32), "5 dimensions"),
        bad("dimension 0", tensors(1, b -> b.tensor("t", 0, 0, 4, 0), 32), "dimension 1", "is 0"),
        bad("negative", tensors(1, b -> b.tensor("t", 0, 0, -4), 32), "dimension 0"),
        bad(
            "elements overflow",
            tensors(1, b -> b.tensor("t", 0, 0, 1L << 32, 1L << 32), 32),
            "dimension 1"),
        bad(
            "bytes overflow",
            tensors(1, b -> b.tensor("t", 0, 0, 1L << 31, 1L << 31), 32),
            "larger than any file"),
        bad("unknown type", tensors(1, b -> b.tensor("t", 16, 0, 256), 256), "IQ2_XXS", "Q4_K"),
        bad("removed type", tensors(1, b -> b.tensor("t", -1, 0, 256), 256), "4294967295"),
        bad("partial block", tensors(1, b -> b.tensor("t", 2, 0, 33), 64), "33", "Q4_0"),
        bad("unaligned", tensors(1, b -> b.tensor("t", 0, 4, 4), 64), "offset 4", "alignment 32"),
        bad("offset beyond", tensors(1, b -> b.tensor("t", 0, 64, 4), 64), "beyond the end"),
        bad("offset wraps", tensors(1, b -> b.tensor("t", 0, -32, 4), 64), "beyond the end"),
        bad("data cut short", tensors(1, b -> b.tensor("t", 0, 0, 17), 64), "inside tensor t"),
        bad(
            "duplicate tensor",
            tensors(2, b -> b.tensor("t", 0, 0, 4).tensor("t", 0, 32, 4), 64),
            "tensor t is listed twice"),
        bad(
            "overlap",
            tensors(2, b -> b.tensor("t", 0, 0, 9).tensor("u", 0, 32, 4), 64),
            "tensors t and u overlap"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void isRefusedWithOneSentence(String name, GgufBytes bytes, String[] words) {
    Path file = bytes.write(folder.resolve("hostile.gguf"));
    assertThatThrownBy(() -> GgufFile.open(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContainingAll(words)
        .message()
        .endsWith(".")
        .hasSizeLessThan(file.toString().length() + 400)
        .doesNotContain("\n");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = GgufFileTest.everything(3).bytes();
    Path file = folder.resolve("cut.gguf");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GgufFile.open(file).close())
          .as("cut to %d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("cut.gguf");
    }
    Files.write(file, whole);
    GgufFile.open(file).close();
  }

  /** Whatever opens must then be readable to the last byte without leaving the mapping. */
  @Test
  void randomMutationsGiveAnErrorOrAReadableModel() throws IOException {
    byte[] sound = GgufFileTest.everything(3).bytes();
    Random random = new Random(SEED);
    Path file = folder.resolve("mutated.gguf");
    int refused = 0;
    int opened = 0;
    long checksum = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] mutated = sound.clone();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        int at = random.nextInt(mutated.length);
        mutated[at] =
            switch (random.nextInt(4)) {
              case 0 -> (byte) 0xff;
              case 1 -> (byte) (mutated[at] ^ (1 << random.nextInt(8)));
              case 2 -> (byte) 0x7f;
              default -> (byte) random.nextInt();
            };
      }
      Files.write(file, mutated);
      try (GgufFile model = GgufFile.open(file)) {
        checksum += readAll(model);
        opened++;
      } catch (FormatException e) {
        assertThat(e).as("seed %d round %d", SEED, round).hasMessageContaining(file.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
    assertThat(opened).as("checksum %d", checksum).isGreaterThan(100);
  }

  /** Reads all that a model offers; the sum keeps the reads from being optimized away. */
  static long readAll(ModelSource model) {
    long sum = 0;
    for (String key : model.metadata().keys()) {
      if (model.metadata().get(key) instanceof MetadataArray array) {
        sum += readAll(array);
      }
    }
    for (Tensor tensor : model.tensors().values()) {
      MemorySegment data = tensor.data();
      sum += data.get(ValueLayout.JAVA_BYTE, 0);
      sum += data.get(ValueLayout.JAVA_BYTE, data.byteSize() - 1);
    }
    return sum;
  }

  static long readAll(MetadataArray array) {
    long sum = 0;
    for (int i = 0; i < array.size(); i++) {
      sum +=
          switch (array.kind()) {
            case INTEGER -> integer(array, i);
            case NUMBER -> (long) array.number(i);
            case BOOLEAN -> array.bool(i) ? 1 : 0;
            case STRING -> array.string(i).length();
            case ARRAY -> readAll(array.array(i));
          };
    }
    return sum;
  }

  private static long integer(MetadataArray array, int index) {
    try {
      return array.integer(index);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("more than a long");
      return 0;
    }
  }

  @Test
  void aMissingFileAndAFolderAreRefused() {
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> GgufFile.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no regular file");
  }

  private Path part(int no, int count, int claimedNo, String tensor) {
    return GgufBytes.header(3, 1, 3)
        .pair("split.no", 2)
        .u16(claimedNo)
        .pair("split.count", 2)
        .u16(count)
        .pair("split.tensors.count", 5)
        .u32(count)
        .tensor(tensor, 0, 0, 1)
        .pad(32)
        .f32(no)
        .pad(32)
        .write(folder.resolve("m-%05d-of-%05d.gguf".formatted(no + 1, count)));
  }

  @Test
  void anyPartOfASplitModelOpensAllInOrder() throws IOException {
    for (int i = 0; i < 3; i++) {
      part(i, 3, i, "t" + i);
    }
    for (int i = 1; i <= 3; i++) {
      try (GgufFile model = GgufFile.open(folder.resolve("m-0000%d-of-00003.gguf".formatted(i)))) {
        assertThat(model.formatName()).isEqualTo("GGUF v3 in 3 parts");
        assertThat(model.tensors().keySet()).containsExactly("t0", "t1", "t2");
        assertThat(model.tensor("t2").data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(2);
        assertThat(model.path()).hasFileName("m-00001-of-00003.gguf");
      }
    }
  }

  @Test
  void splitModelsThatDoNotFitAreRefused() throws IOException {
    Path first = part(0, 2, 0, "a");
    assertThatThrownBy(() -> GgufFile.open(first))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("m-00002-of-00002.gguf", "missing");
    part(1, 2, 0, "b");
    assertThatThrownBy(() -> GgufFile.open(first))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("not part 2 of 2");
    part(1, 2, 1, "a");
    assertThatThrownBy(() -> GgufFile.open(first))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor a");
    Path renamed = Files.move(first, folder.resolve("renamed.gguf"));
    assertThatThrownBy(() -> GgufFile.open(renamed))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("-00001-of-00002.gguf");
  }
}
