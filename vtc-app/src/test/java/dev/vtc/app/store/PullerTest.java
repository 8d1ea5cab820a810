package dev.vtc.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullerTest {
  private static final byte[] BODY =
      "GGUF, more or less".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @TempDir Path home;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private TestServer server;
  private Store store;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
    store = new Store(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Puller puller() {
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), err, err, false, false, false, false, false, false);
    Downloader downloader = new Downloader(Duration.ofSeconds(5), Duration.ofMillis(1));
    Map<String, String> env = Map.of("HF_ENDPOINT", server.uri("").toString(), "HF_TOKEN", "token");
    return new Puller(store, terminal, env, downloader, false);
  }

  @Test
  void pullsAnAddressOnceAndListsIt() throws IOException {
    server.put("/models/tiny.gguf", BODY);
    ModelRef ref = ModelRef.parse(server.uri("/models/tiny.gguf").toString());
    StoredModel model = puller().pull(ref, null, false, false);
    assertThat(model.path()).hasFileName("tiny.gguf").hasBinaryContent(BODY);
    assertThat(puller().pull(ref, null, false, false)).isEqualTo(model);
    assertThat(server.asked).hasSize(1);
    assertThat(store.models()).containsExactly(model);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("tiny.gguf").doesNotContain("\r");
    assertThat(store.remove(ref.text())).isGreaterThanOrEqualTo(BODY.length);
    assertThat(store.models()).isEmpty();
    assertThat(home.resolve("models")).isEmptyDirectory();
  }

  @Test
  void pullsFromTheHub() throws IOException {
    server.put(
        "/api/models/o/r/tree/main?recursive=true",
        ("[{\"path\":\"m-Q4_0.gguf\",\"size\":"
                + BODY.length
                + ",\"lfs\":{\"oid\":\""
                + Store.sha256(BODY)
                + "\"}}]")
            .getBytes(StandardCharsets.UTF_8));
    server.put("/o/r/resolve/main/m-Q4_0.gguf", BODY);
    StoredModel model = puller().pull(ModelRef.parse("hf:o/r:Q4_0"), null, false, false);
    assertThat(model.path()).hasBinaryContent(BODY);
    assertThat(model.sha256()).isEqualTo(Store.sha256(BODY));
    assertThat(server.asked)
        .allSatisfy(a -> assertThat(a.authorization()).isEqualTo("Bearer token"));
  }

  @Test
  void theHubsOwnHashIsChecked() throws IOException {
    server.put(
        "/api/models/o/r/tree/main?recursive=true",
        ("[{\"path\":\"m.gguf\",\"size\":"
                + BODY.length
                + ",\"lfs\":{\"oid\":\""
                + "0".repeat(64)
                + "\"}}]")
            .getBytes(StandardCharsets.UTF_8));
    server.put("/o/r/resolve/main/m.gguf", BODY);
    assertThatThrownBy(() -> puller().pull(ModelRef.parse("hf:o/r"), null, false, false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("SHA-256");
    assertThat(store.models()).isEmpty();
    assertThat(store.find("hf:o/r")).isNull();
  }

  @Test
  void aLocalFileIsUsedWhereItIsAndSurvivesRm(@TempDir Path elsewhere) throws IOException {
    Path file = Files.write(elsewhere.resolve("my.gguf"), BODY);
    StoredModel model =
        puller().pull(ModelRef.parse(file.toString()), Store.sha256(BODY), false, false);
    assertThat(model.path()).isEqualTo(file);
    store.remove(model.name());
    assertThat(file).hasBinaryContent(BODY);
    assertThatThrownBy(
            () -> puller().pull(ModelRef.parse(file.toString()), "0".repeat(64), true, false))
        .hasMessageContaining("SHA-256");
  }

  @Test
  void aDamagedManifestIsNoModel() throws IOException {
    server.put("/m.gguf", BODY);
    ModelRef ref = ModelRef.parse(server.uri("/m.gguf").toString());
    StoredModel model = puller().pull(ref, null, false, false);
    for (String damage :
        List.of("", "name=x", "name=\\u00", "file.0=m.gguf", "name=x\nfile.0=m.gguf\nbytes=many")) {
      Files.writeString(model.folder().resolve("model.properties"), damage);
      assertThat(store.find(ref.text())).as(damage).isNull();
    }
    assertThat(puller().pull(ref, null, false, false).path()).hasBinaryContent(BODY);
  }

  @Test
  void whatAKilledPullLeftIsSwept() throws IOException {
    server.put("/m.gguf", BODY);
    ModelRef ref = ModelRef.parse(server.uri("/m.gguf").toString());
    Path folder = store.folder(ref.text());
    Files.createDirectories(folder.resolve("pip-123/deep"));
    Files.write(folder.resolve("pip-123/deep/half.whl"), BODY);
    Files.write(folder.resolve("model.properties.tmp"), BODY);
    puller().pull(ref, null, false, false);
    assertThat(folder.resolve("pip-123")).doesNotExist();
    assertThat(folder.resolve("model.properties.tmp")).doesNotExist();
  }

  @Test
  void aPageInsteadOfAModelIsRefused() throws IOException {
    server.put("/m.gguf", "<html>Not found</html>".getBytes(StandardCharsets.UTF_8));
    ModelRef ref = ModelRef.parse(server.uri("/m.gguf").toString());
    assertThatThrownBy(() -> puller().pull(ref, null, false, false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is not a GGUF file");
    assertThat(store.find(ref.text())).isNull();
    assertThat(store.partials()).isEmpty();
  }

  @Test
  void rmRefusesWhatIsNotThere() {
    for (String name : List.of("nothing", "..", ".", "", "../models", "/etc")) {
      assertThatThrownBy(() -> store.remove(name)).as(name).isInstanceOf(UserError.class);
    }
  }

  @Test
  void theMostTellingLineOfPipIsShown() {
    assertThat(
            PipPackage.lastError(
                """
                WARNING: Retrying
                ERROR: Could not find a version that satisfies the requirement x==1
                ERROR: No matching distribution found for x==1
                """))
        .isEqualTo("Could not find a version that satisfies the requirement x==1");
    assertThat(PipPackage.lastError("")).isEqualTo("it gave no reason");
  }
}
