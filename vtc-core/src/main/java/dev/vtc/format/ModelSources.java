package dev.vtc.format;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a model file of any supported format, told apart by its content. */
public final class ModelSources {
  private ModelSources() {}

  /**
   * Opens {@code file}.
   *
   * @throws FormatException when the file is of no supported format or not sound
   */
  public static ModelSource open(Path file) throws IOException {
    return GgufFile.open(file);
  }
}
