package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.testing.Replay;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that the Python package safetensors writes, and GGUF files that the package gguf writes
 * of the same weights, give the same logits: F32, F16 and BF16, in one file and in three with an
 * index.
 */
@Timeout(300)
class SafetensorsLogitsTest {
  private static final int VOCABULARY = 20;

  @TempDir Path folder;

  @Test
  void aFolderGivesTheLogitsOfItsGgufFile() throws Exception {
    assumeTrue(
        written(),
        "skipped: python3 or one of its packages gguf, ml_dtypes, numpy and"
            + " safetensors is missing (pip install gguf ml_dtypes numpy safetensors)");
    List<Path> models;
    try (Stream<Path> all = Files.list(folder.resolve("models"))) {
      models = all.sorted().toList();
    }
    assertThat(models).hasSize(12);
    int[] ids = Replay.prompt(3, 24, VOCABULARY);
    Set<String> different = new HashSet<>();
    for (Path model : models) {
      String logits = logits(model, ids);
      assertThat(logits).as("%s", model).isEqualTo(logits(model.resolve("expected.gguf"), ids));
      different.add(logits);
    }
    assertThat(different).as("twelve models of other weights").hasSameSizeAs(models);
  }

  /** False when there is no Python to write them, or a package is missing. */
  private boolean written() throws IOException, InterruptedException {
    Path script = Path.of("src/test/python/make_safetensors_goldens.py");
    assertThat(script).exists();
    Process python;
    try {
      python =
          new ProcessBuilder(
                  "python3",
                  "-X",
                  "utf8",
                  script.toString(),
                  "--models",
                  folder.resolve("models").toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return false;
    }
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = python.waitFor();
    if (output.contains("ModuleNotFoundError")) {
      return false;
    }
    assertThat(exit).as(output).isZero();
    return true;
  }

  /** A hash of the logits at all positions. */
  private String logits(Path file, int[] ids) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ModelOptions options =
        ModelOptions.defaults().withThreads(2).withContext(64).withCache(folder.resolve("cache"));
    try (Model model = Model.open(file, options);
        Session session = model.newSession()) {
      session.evaluate(
          ids, true, (_, logits) -> digest.update(logits.toArray(ValueLayout.JAVA_BYTE)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
