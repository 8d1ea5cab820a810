package dev.vtc.tvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.format.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedCacheTest {
  private static final PackOptions OPTIONS =
      PackOptions.defaults().withThreads(2).withExtras("test", s -> PackedModelTest.extras());

  @TempDir Path temp;
  Path source;
  Path folder;
  final AtomicInteger opened = new AtomicInteger();

  @BeforeEach
  void source() throws IOException {
    source = Files.write(temp.resolve("Fake Model.gguf"), new byte[100_000]);
    folder = temp.resolve("cache/packed");
  }

  private static FakeSource fake(Path path) {
    return new FakeSource(path, new Random(7));
  }

  private PackedCache cache() {
    return new PackedCache(
        folder,
        path -> {
          opened.incrementAndGet();
          return fake(path);
        });
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private void openAndCheck() throws IOException {
    try (PackedModel model = cache().open(source, OPTIONS, PackProgress.SILENT)) {
      PackedModelTest.check(model, fake(source));
      assertThat(model.metadata().integer("vtc.source.bytes")).isEqualTo(Files.size(source));
      assertThat(model.metadata().string("vtc.source.name")).isEqualTo("Fake Model.gguf");
    }
  }

  @Test
  void packsOnceAndThenOpens() throws IOException {
    openAndCheck();
    openAndCheck();
    assertThat(opened.get()).isEqualTo(1);
    assertThat(names()).hasSize(1);
    assertThat(names().getFirst()).startsWith("Fake_Model-").endsWith(".vtc");
    Path packed = cache().packedPath(source, OPTIONS);
    assertThat(packed).isEqualTo(folder.resolve(packed.getFileName()));
    try (PackedModel direct = cache().open(packed, OPTIONS, PackProgress.SILENT)) {
      PackedModelTest.check(direct, fake(source));
    }
    assertThat(opened.get()).isEqualTo(1);

    // The same file elsewhere is the same model.
    Path moved = Files.move(source, temp.resolve("cache/Fake Model.gguf"));
    cache().open(moved, OPTIONS, PackProgress.SILENT).close();
    assertThat(opened.get()).isEqualTo(1);
  }

  @Test
  void aChangedSourceOrRecipeIsPackedAnew() throws IOException {
    openAndCheck();
    FileTime time = Files.getLastModifiedTime(source);
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 5);
    }
    Files.setLastModifiedTime(source, time);
    openAndCheck();
    assertThat(opened.get()).isEqualTo(2);
    Files.setLastModifiedTime(source, FileTime.fromMillis(time.toMillis() + 5));
    openAndCheck();
    assertThat(opened.get()).isEqualTo(3);
    PackOptions other = OPTIONS.withExtras("other", s -> PackedModelTest.extras());
    cache().open(source, other, PackProgress.SILENT).close();
    assertThat(opened.get()).isEqualTo(4);
    assertThat(names()).hasSize(4);
  }

  @Test
  void aDamagedPackedFileIsReplaced() throws IOException {
    openAndCheck();
    Path packed = cache().packedPath(source, OPTIONS);
    byte[] good = Files.readAllBytes(packed);
    for (int at : new int[] {0, 30, 58, 1000}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(packed, bad);
      openAndCheck();
      assertThat(Files.readAllBytes(packed)).isEqualTo(good);
    }
    Files.write(packed, new byte[0]);
    openAndCheck();
    assertThat(opened.get()).isEqualTo(6);
    assertThat(names()).hasSize(1);
  }

  @Test
  void whatIsNoModelIsSaid() {
    assertThatThrownBy(() -> cache().open(temp.resolve("none.gguf"), OPTIONS, PackProgress.SILENT))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("none.gguf");
    assertThatThrownBy(() -> cache().open(temp, OPTIONS, PackProgress.SILENT))
        .isInstanceOf(FormatException.class);
  }

  @Test
  void aFolderThatCannotBeMadeIsSaid() throws IOException {
    Files.writeString(temp.resolve("cache"), "a file, no folder");
    assertThatThrownBy(this::openAndCheck)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("VTC_HOME");
  }

  @Test
  void threadsOfOneProcessPackOnce() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  openAndCheck();
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(opened.get()).isEqualTo(1);
  }

  /** Packs in a process of its own: says "packing", waits for a line or the end, then goes on. */
  public static void main(String[] args) throws IOException {
    PackedCache cache = new PackedCache(Path.of(args[1]), PackedCacheTest::fake);
    AtomicInteger calls = new AtomicInteger();
    cache
        .open(
            Path.of(args[0]),
            OPTIONS.withThreads(1),
            (done, total) -> {
              if (calls.getAndIncrement() == 1) {
                System.out.println("packing");
                try {
                  System.in.read();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }
            })
        .close();
    System.out.println("packed " + calls.get());
  }

  private Process child() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PackedCacheTest.class.getName(),
                source.toString(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return process;
  }

  @Test
  void aKilledProcessLeavesNothingThatIsTrusted() throws Exception {
    Process process = child();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("packing");
      assertThat(names()).anyMatch(n -> n.endsWith(".part"));
      PackedFile.removeStale(folder, 0);
      assertThat(names()).as("a file being written stays").anyMatch(n -> n.endsWith(".part"));
      process.destroyForcibly().waitFor();
    }
    assertThat(names()).noneMatch(n -> n.endsWith(".vtc"));
    openAndCheck();
    assertThat(opened.get()).isEqualTo(1);
    assertThat(names()).as("too young to be called stale").anyMatch(n -> n.endsWith(".part"));
    PackedFile.removeStale(folder, 0);
    assertThat(names()).hasSize(1);
  }

  @Test
  void aSecondProcessWaitsAndUsesTheResult() throws Exception {
    Process process = child();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("packing");
      List<Throwable> failures = new ArrayList<>();
      Thread second =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  openAndCheck();
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
      second.join(300);
      assertThat(second.isAlive()).as("waits for the other process").isTrue();
      process.outputWriter().append("\n").flush();
      second.join();
      assertThat(failures).isEmpty();
      assertThat(out.readLine()).startsWith("packed ");
      assertThat(process.waitFor()).isZero();
    }
    assertThat(opened.get()).as("packed by the first process only").isZero();
    assertThat(names()).hasSize(1);
  }

  @Test
  void theFolderFollowsTheEnvironment() {
    Path home = Path.of("home").toAbsolutePath();
    assertThat(PackedCache.folder(Map.of(), home.toString()))
        .isEqualTo(home.resolve(".cache/vtc/packed"));
    assertThat(PackedCache.folder(Map.of("XDG_CACHE_HOME", "relative"), home.toString()))
        .isEqualTo(home.resolve(".cache/vtc/packed"));
    assertThat(PackedCache.folder(Map.of("XDG_CACHE_HOME", home.toString()), "x"))
        .isEqualTo(home.resolve("vtc/packed"));
    assertThat(PackedCache.folder(Map.of("VTC_HOME", "v", "XDG_CACHE_HOME", "/x"), "x"))
        .isEqualTo(Path.of("v", "packed"));
  }
}
