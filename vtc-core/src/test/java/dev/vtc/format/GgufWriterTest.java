package dev.vtc.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufWriterTest {
  @TempDir Path folder;

  private static GgufWriter example(int alignment) {
    byte[] halves = new byte[2 * 2 * 3 * 4];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (byte) (i & 0x3f);
    }
    return new GgufWriter(alignment)
        .put("general.architecture", "llama")
        .put("replaced", 1L)
        .put("small", 7L)
        .put("negative", -7L)
        .put("large", 1L << 40)
        .put("real", 0.5)
        .put("flag", true)
        .put("replaced", "ü")
        .put("gone", 1L)
        .remove("gone")
        .put("strings", MetadataArray.of(List.of("a", "", "ö🏔")))
        .put("ints", MetadataArray.of(List.of(1L, -1L)))
        .put("longs", MetadataArray.of(List.of(1L, 1L << 33)))
        .put("octets", GgufArray.of(new byte[] {0, (byte) 0xFF}))
        .put("reals", MetadataArray.of(List.of(1.0, -0.25)))
        .put("flags", MetadataArray.of(List.of(true, false)))
        .tensor("f16", List.of(2L, 3L, 4L), 1, MemorySegment.ofArray(halves))
        .tensor(
            "bytes",
            List.of(3L),
            24,
            3,
            out -> {
              out.write(ByteBuffer.wrap(new byte[] {1}));
              out.write(ByteBuffer.wrap(new byte[] {2, 3}));
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 32, 4096, 1 << 16})
  void whatIsWrittenIsRead(int alignment) throws IOException {
    Path file = folder.resolve("w.gguf");
    example(alignment).write(file);
    try (GgufFile model = GgufFile.open(file)) {
      Metadata m = model.metadata();
      assertThat(m.string("replaced")).isEqualTo("ü");
      assertThat(m.integer("small")).isEqualTo(7);
      assertThat(m.integer("negative")).isEqualTo(-7);
      assertThat(m.integer("large")).isEqualTo(1L << 40);
      assertThat(m.number("real")).isEqualTo(0.5);
      assertThat(m.bool("flag")).isTrue();
      assertThat(m.has("gone")).isFalse();
      assertThat(m.array("strings").string(2)).isEqualTo("ö🏔");
      assertThat(m.array("ints").integer(1)).isEqualTo(-1);
      assertThat(m.array("longs").integer(1)).isEqualTo(1L << 33);
      assertThat(m.array("octets").integer(1)).isEqualTo(0xFF);
      assertThat(m.array("reals").number(1)).isEqualTo(-0.25);
      assertThat(m.array("flags").bool(1)).isFalse();
      assertThat(model.tensor("f16").offset() % alignment).isZero();
      assertThat(model.tensor("f16").data().get(ValueLayout.JAVA_BYTE, 47)).isEqualTo((byte) 47);
      assertThat(model.tensor("bytes").data().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(1, 2, 3);
      GgufContainer header = model.parts().getFirst();
      assertThat(header.alignment()).isEqualTo(alignment);
      assertThat(header.tensors().getFirst().shape()).containsExactly(2L, 3L, 4L);

      // A copy of the pairs and tensors is the same file.
      GgufWriter copy = new GgufWriter(alignment);
      header.pairs().forEach(copy::copy);
      for (GgufContainer.TensorInfo info : header.tensors()) {
        copy.tensor(info.name(), info.shape(), info.type(), model.tensor(info.name()).data());
      }
      Path second = folder.resolve("copy.gguf");
      copy.write(second);
      assertThat(second).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void aTensorOfTheWrongSizeLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("w.gguf");
    GgufWriter writer =
        new GgufWriter()
            .tensor("t", List.of(4L), 24, 4, out -> out.write(ByteBuffer.wrap(new byte[3])));
    assertThatThrownBy(() -> writer.write(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 bytes instead of 4");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void thePythonPackageReadsTheSame() throws IOException, InterruptedException {
    Path file = folder.resolve("w.gguf");
    example(64).write(file);
    String script =
        """
        import sys
        from gguf import GGUFReader
        r = GGUFReader(sys.argv[1])
        for key, field in r.fields.items():
            if not key.startswith("GGUF."):
                print(key, [t.name for t in field.types], field.contents())
        for t in r.tensors:
            print(t.name, t.tensor_type.name, list(map(int, t.shape)), t.data_offset % 64, t.data.tobytes().hex())
        """;
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-X", "utf8", "-c", script, file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "skipped: there is no python3 to check the file with");
      return;
    }
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = python.waitFor();
    assumeTrue(
        !output.contains("ModuleNotFoundError"), "skipped: the Python package gguf is missing");
    assertThat(exit).as(output).isZero();
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < 48; i++) {
      hex.append("%02x".formatted(i));
    }
    assertThat(output.lines())
        .containsExactly(
            "general.alignment ['UINT32'] 64",
            "general.architecture ['STRING'] llama",
            "replaced ['STRING'] ü",
            "small ['UINT32'] 7",
            "negative ['INT32'] -7",
            "large ['INT64'] 1099511627776",
            "real ['FLOAT32'] 0.5",
            "flag ['BOOL'] True",
            "strings ['ARRAY', 'STRING'] ['a', '', 'ö🏔']",
            "ints ['ARRAY', 'INT32'] [1, -1]",
            "longs ['ARRAY', 'INT64'] [1, 8589934592]",
            "octets ['ARRAY', 'UINT8'] [0, 255]",
            "reals ['ARRAY', 'FLOAT32'] [1.0, -0.25]",
            "flags ['ARRAY', 'BOOL'] [True, False]",
            "f16 F16 [2, 3, 4] 0 " + hex,
            "bytes I8 [3] 0 010203");
  }
}
