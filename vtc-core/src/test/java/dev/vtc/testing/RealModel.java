package dev.vtc.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The default model, where this machine has it. */
public final class RealModel {
  /** Why a test of the real model did not run. */
  public static final String ABSENT =
      "SmolLM2-135M-Instruct.Q4_1.gguf is neither where VTC_TEST_MODEL points nor in the cache"
          + " (vtc pull smollm2)";

  private static final String NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";

  private RealModel() {}

  /**
   * The files of {@code VTC_TEST_MODELS}, which has them as a class path has its folders; else the
   * one of {@link #smollm2}, or none.
   */
  public static List<Path> files() {
    String given = Objects.requireNonNullElse(System.getenv("VTC_TEST_MODELS"), "");
    if (!given.isEmpty()) {
      return Stream.of(given.split(File.pathSeparator)).map(Path::of).toList();
    }
    Path one = smollm2();
    return one == null ? List.of() : List.of(one);
  }

  /** Its GGUF file: {@code VTC_TEST_MODEL}, or from the cache; null when there is none. */
  public static @Nullable Path smollm2() {
    String given = System.getenv("VTC_TEST_MODEL");
    if (given != null && !given.isEmpty()) {
      return Path.of(given);
    }
    String home = System.getProperty("user.home", ".");
    String xdg = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
    String vtc = Objects.requireNonNullElse(System.getenv("VTC_HOME"), "");
    Path folder =
        !vtc.isEmpty()
            ? Path.of(vtc)
            : Path.of(xdg.isEmpty() ? home + "/.cache" : xdg).resolve("vtc");
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.find(folder, 4, (p, a) -> p.endsWith(NAME))) {
      return files.findFirst().orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
