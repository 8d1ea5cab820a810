package dev.vtc.tvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFileTest {
  @TempDir Path folder;

  private FakeSource source(String test) {
    return new FakeSource(folder.resolve("fake.gguf"), TestTensors.seeded(test));
  }

  private static void write(FakeSource source, Path target, int threads) throws IOException {
    PackedFile.write(
        source,
        PackPlan.byNames(source.tensors()),
        PackedModelTest.extras(),
        Map.of("vtc.source.name", "fake.gguf"),
        target,
        threads,
        PackProgress.SILENT);
  }

  private static void verify(Path path) throws IOException {
    PackedFile.verify(path, PackProgress.SILENT);
  }

  private long files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.count();
    }
  }

  @Test
  void everyWayOfPagesGivesTheWholeModel() throws IOException {
    FakeSource source = source("pages");
    Path file = folder.resolve("a.vtc");
    write(source, file, 2);
    verify(file);
    assertThat(PackedFile.isPacked(file)).isTrue();
    for (Pages pages : Pages.values()) {
      try (PackedModel model = PackedFile.open(file, pages)) {
        PackedModelTest.check(model, source);
        assertThat(model.metadata().string("vtc.source.name")).isEqualTo("fake.gguf");
        assertThat(model.pages()).isNotEqualTo(Pages.AUTO);
        assertThat(model.mappedBytes()).isEqualTo(Files.size(file));
        for (String name : model.matrices()) {
          PackedTensor t = model.matrix(name);
          boolean second = name.equals("blk.0.ffn_up.weight");
          assertThat(t.data().address() % 4096)
              .as(name)
              .isEqualTo(second ? t.panelStride() / 2 : 0);
        }
      }
    }
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void threadsDoNotChangeTheFile() throws IOException {
    FakeSource source = source("threads");
    write(source, folder.resolve("1.vtc"), 1);
    write(source, folder.resolve("3.vtc"), 3);
    assertThat(Files.mismatch(folder.resolve("1.vtc"), folder.resolve("3.vtc"))).isEqualTo(-1);
  }

  @Test
  void aPackedFileCanBePackedFromNothing() throws IOException {
    FakeSource source = source("nothing");
    PackPlan none = new PackPlan(List.of());
    Path file = folder.resolve("a.vtc");
    PackedFile.write(source, none, PackedExtras.NONE, Map.of(), file, 1, PackProgress.SILENT);
    try (PackedModel model = PackedFile.open(file)) {
      assertThat(model.matrices()).isEmpty();
      assertThat(model.metadata().array("tokenizer.ggml.tokens").string(2)).isEqualTo("ü");
    }
  }

  @Test
  void aChangedHeaderByteIsSeen() throws IOException {
    Path file = folder.resolve("a.vtc");
    write(source("header"), file, 1);
    byte[] good = Files.readAllBytes(file);
    int header = 4096;
    assertThat(good[66 + 1]).isEqualTo((byte) (header >>> 8)); // the header is one page long
    Random random = TestTensors.seeded("header bytes");
    Path damaged = folder.resolve("b.vtc");
    Files.write(damaged, good);
    try (FileChannel channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
      for (int i = 0; i < header; i++) {
        byte[] one = {(byte) (good[i] ^ (1 + random.nextInt(255)))};
        channel.write(ByteBuffer.wrap(one), i);
        assertThatThrownBy(() -> PackedFile.open(damaged, Pages.FILE))
            .as("byte %d", i)
            .isInstanceOf(FormatException.class)
            .hasMessageContaining("b.vtc")
            .hasMessageContaining("pack");
        channel.write(ByteBuffer.wrap(good, i, 1), i);
      }
    }
    PackedFile.open(damaged).close();
  }

  /** A header whose checksum is right and whose content is not: no crash, no wild memory. */
  @Test
  void aForgedHeaderIsRefusedOrHarmless() throws IOException {
    Path file = folder.resolve("a.vtc");
    write(source("forged"), file, 1);
    byte[] good = Files.readAllBytes(file);
    Random random = TestTensors.seeded("forged bytes");
    Path forged = folder.resolve("b.vtc");
    Files.write(forged, good);
    int refused = 0;
    try (FileChannel channel = FileChannel.open(forged, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 3000; i++) {
        byte[] header = Arrays.copyOf(good, 4096);
        int changes = 1 + random.nextInt(3);
        for (int c = 0; c < changes; c++) {
          header[114 + random.nextInt(2200)] = (byte) random.nextInt();
        }
        CRC32C crc = new CRC32C();
        Arrays.fill(header, 82, 90, (byte) 0);
        crc.update(header);
        BlockCodec.i32(header, 82, (int) crc.getValue());
        channel.write(ByteBuffer.wrap(header), 0);
        try (PackedModel model = PackedFile.open(forged, Pages.FILE)) {
          for (String name : model.matrices()) {
            PackedTensor t = model.matrix(name);
            new PackedMatrix(t).weight(t.rows() - 1, t.columns() - 1);
          }
        } catch (FormatException e) {
          refused++;
          assertThat(e).hasMessageContaining("b.vtc");
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void aShortOrLongFileIsSeen() throws IOException {
    Path file = folder.resolve("a.vtc");
    write(source("short"), file, 1);
    byte[] good = Files.readAllBytes(file);
    Path cut = folder.resolve("b.vtc");
    for (int length = 0; length < good.length; length += length < 200 ? 1 : 4099) {
      Files.write(cut, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> PackedFile.open(cut))
          .as("%d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("cut short");
    }
    Files.write(cut, Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(() -> PackedFile.open(cut)).isInstanceOf(FormatException.class);
  }

  @Test
  void anotherVersionIsSaid() throws IOException {
    Path file = folder.resolve("a.vtc");
    write(source("version"), file, 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {99}), 58);
    }
    assertThatThrownBy(() -> PackedFile.open(file)).hasMessageContaining("version 99");
    assertThat(PackedFile.isPacked(file)).isTrue();
  }

  @Test
  void otherFilesAreNoPackedModels() throws IOException {
    Path text = Files.writeString(folder.resolve("t"), "GGUF".repeat(100));
    assertThat(PackedFile.isPacked(text)).isFalse();
    assertThat(PackedFile.isPacked(folder.resolve("none"))).isFalse();
    assertThat(PackedFile.isPacked(folder)).isFalse();
    assertThatThrownBy(() -> PackedFile.open(text)).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> PackedFile.open(folder.resolve("none")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void verifyFindsAChangedBitAnywhereInTheData() throws IOException {
    Path file = folder.resolve("a.vtc");
    FakeSource source = source("bits");
    write(source, file, 1);
    byte[] good = Files.readAllBytes(file);
    Random random = TestTensors.seeded("bit places");
    try (PackedModel model = PackedFile.open(file, Pages.FILE)) {
      for (String name : model.matrices()) {
        PackedTensor t = model.matrix(name);
        long start = t.data().address() - model.blob("tokens").address() + 4096;
        int at = (int) (start + random.nextInt((int) t.format().panelBytes(t.columns())));
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << random.nextInt(8));
        Path damaged = Files.write(folder.resolve("b.vtc"), bad);
        assertThatCode(() -> PackedFile.open(damaged).close()).doesNotThrowAnyException();
        assertThatThrownBy(() -> verify(damaged))
            .as(name)
            .isInstanceOf(FormatException.class)
            .hasMessageContaining("checksum");
      }
    }
  }

  @Test
  void aFullDiskIsSaidAndLeavesNothing() throws IOException {
    FakeSource source = source("full disk");
    Path target = folder.resolve("a.vtc");
    for (long room : new long[] {0, 1_500_000, 3_050_000}) {
      assertThatThrownBy(() ->
              PackedFile.write(
                  source,
                  PackPlan.byNames(source.tensors()),
                  PackedModelTest.extras(),
                  Map.of(),
                  target,
                  2,
                  PackProgress.SILENT,
                  path ->
                      new FullDisk(
                          FileChannel.open(
                              path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                          room)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("VTC_HOME")
          .hasMessageContaining(folder.toString());
      assertThat(files()).isZero();
    }
  }

  @Test
  void aFailureOfTheCallerLeavesNothing() throws IOException {
    FakeSource source = source("failing progress");
    assertThatThrownBy(() ->
            PackedFile.write(
                source,
                PackPlan.byNames(source.tensors()),
                PackedModelTest.extras(),
                Map.of(),
                folder.resolve("a.vtc"),
                2,
                (done, total) -> {
                  throw new IllegalStateException("stop");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(files()).isZero();
  }
}
