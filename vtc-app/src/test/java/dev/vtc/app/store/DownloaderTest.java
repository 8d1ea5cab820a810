package dev.vtc.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.app.Progress;
import dev.vtc.app.UserError;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloaderTest {
  private static final byte[] BODY = new byte[300_001];

  static {
    new Random(1).nextBytes(BODY);
  }

  private static final String HASH = Store.sha256(BODY);

  @TempDir Path folder;
  private TestServer server;
  private Downloader downloader;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
    downloader = new Downloader(Duration.ofMillis(300), Duration.ofMillis(1));
    file = folder.resolve("model.gguf");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String fetch(String path, long bytes, String sha256) throws IOException {
    return downloader.fetch(
        new Downloader.Request(server.uri(path), bytes, sha256.isEmpty() ? null : sha256, null),
        file,
        Progress.silent());
  }

  private void assertNothingElseLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).containsExactly(file);
    }
  }

  @Test
  void fetchesAndHashes() throws IOException {
    server.put("/m", BODY);
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(file).hasBinaryContent(BODY);
    assertNothingElseLeft();
  }

  @Test
  void continuesAfterEveryCutAndFetchesNoByteTwice() throws IOException {
    TestServer.Resource r = server.put("/m", BODY);
    r.cutAfter = 70_000;
    r.cuts.set(4);
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(file).hasBinaryContent(BODY);
    assertThat(server.asked).hasSize(5);
    assertThat(server.asked.getLast().range()).isEqualTo("bytes=280000-");
    assertThat(server.asked.getLast().ifRange()).isEqualTo("\"one\"");
    assertNothingElseLeft();
  }

  @Test
  void continuesWhatAnEarlierProcessLeft() throws IOException {
    TestServer.Resource r = server.put("/m", BODY);
    r.cutAfter = 100_000;
    r.cuts.set(1);
    Downloader impatient = new Downloader(Duration.ofSeconds(5), Duration.ofDays(1));
    Thread first =
        Thread.ofPlatform()
            .start(() ->
                assertThatThrownBy(() ->
                        impatient.fetch(
                            new Downloader.Request(server.uri("/m"), -1, null, null),
                            file,
                            Progress.silent()))
                    .isInstanceOf(UserError.class));
    // The first one sits in its pause between two attempts; it is stopped there, as by Ctrl-C.
    Path part = folder.resolve("model.gguf.part");
    while (!Files.exists(part) || Files.size(part) < 100_000) {
      Thread.onSpinWait();
    }
    first.interrupt();
    join(first);
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(server.asked.getLast().range()).isEqualTo("bytes=100000-");
    assertThat(file).hasBinaryContent(BODY);
    assertNothingElseLeft();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void startsAnewWhenTheFileChangedOnTheServer() throws IOException {
    byte[] other = BODY.clone();
    other[7]++;
    Files.write(folder.resolve("model.gguf.part"), Arrays.copyOf(other, 1000));
    Files.writeString(
        folder.resolve("model.gguf.part.from"), "uri=" + server.uri("/m") + "\netag=\"zero\"\n");
    server.put("/m", BODY);
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(server.asked.getLast().ifRange()).isEqualTo("\"zero\"");
    assertThat(file).hasBinaryContent(BODY);
  }

  @Test
  void doesNotContinueWhatNothingVouchesFor() throws IOException {
    Files.write(folder.resolve("model.gguf.part"), new byte[1000]);
    server.put("/m", BODY);
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(server.asked.getLast().range()).isEmpty();
  }

  @Test
  void aWrongBeginningIsFoundByThePinnedHashAndFetchedAgain() throws IOException {
    Files.write(folder.resolve("model.gguf.part"), new byte[1000]);
    server.put("/m", BODY);
    assertThat(fetch("/m", BODY.length, HASH)).isEqualTo(HASH);
    assertThat(server.asked).hasSize(2);
    assertThat(file).hasBinaryContent(BODY);
  }

  @Test
  void aWrongChecksumLeavesNothing() throws IOException {
    server.put("/m", BODY);
    String wrong = "0".repeat(64);
    assertThatThrownBy(() -> fetch("/m", -1, wrong))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(HASH)
        .hasMessageContaining(wrong);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aWrongSizeIsRefusedBeforeTheBody() {
    server.put("/m", BODY);
    assertThatThrownBy(() -> fetch("/m", 5, "")).hasMessageContaining("300001 bytes instead of 5");
    assertThat(file).doesNotExist();
  }

  @Test
  void givesUpWhenNothingArrivesAnyMore() throws IOException {
    TestServer.Resource r = server.put("/m", BODY);
    r.cutAfter = 0;
    r.cuts.set(100);
    assertThatThrownBy(() -> fetch("/m", -1, ""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("broke 5 times");
    assertThat(server.asked).hasSize(5);
    assertThat(file).doesNotExist();
  }

  @Test
  void aSilentConnectionIsGivenUpAndTriedAgain() throws IOException {
    TestServer.Resource r = server.put("/m", BODY);
    r.cutAfter = 50_000;
    r.cuts.set(1);
    r.hang = true;
    assertThat(fetch("/m", -1, "")).isEqualTo(HASH);
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void refusalsSayWhatToDo() {
    server.put("/secret", BODY).status = 401;
    server.put("/gone", BODY).status = 404;
    server.put("/busy", BODY).status = 503;
    assertThatThrownBy(() -> fetch("/secret", -1, "")).hasMessageContaining("HF_TOKEN");
    assertThatThrownBy(() -> fetch("/gone", -1, "")).hasMessageContaining("does not exist");
    assertThatThrownBy(() -> fetch("/busy", -1, "")).hasMessageContaining("HTTP 503");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theTokenDoesNotFollowARedirectToAnotherHost() throws IOException {
    try (TestServer other = new TestServer()) {
      TestServer.Resource here = server.put("/m", BODY);
      here.status = 302;
      here.location = other.uri("/cdn").toString();
      other.put("/cdn", BODY);
      downloader.fetch(
          new Downloader.Request(server.uri("/m"), -1, HASH, "secret"), file, Progress.silent());
      assertThat(server.asked.getLast().authorization()).isEqualTo("Bearer secret");
      assertThat(other.asked.getLast().authorization()).isEmpty();
    }
  }

  @Test
  void aCircleOfRedirectsEnds() {
    TestServer.Resource r = server.put("/m", BODY);
    r.status = 302;
    r.location = "/m";
    assertThatThrownBy(() -> fetch("/m", -1, "")).hasMessageContaining("more than 10 times");
  }

  @Test
  void anUnreachableHostIsASentence() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    URI uri = URI.create("http://127.0.0.1:" + closed + "/m");
    assertThatThrownBy(() ->
            downloader.fetch(new Downloader.Request(uri, -1, null, null), file, Progress.silent()))
        .hasMessageContaining("cannot be reached; check the network");
  }
}
