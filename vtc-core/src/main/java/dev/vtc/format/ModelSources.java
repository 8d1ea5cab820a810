package dev.vtc.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a model file of any supported format, told apart by its content. */
public final class ModelSources {
  private ModelSources() {}

  /**
   * Opens a file, or a Hugging Face folder.
   *
   * @throws FormatException when the file is of no supported format or not sound
   */
  public static ModelSource open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      if (!SafetensorsFolder.isOne(file)) {
        throw SafetensorsFolder.noModel(file);
      }
      return SafetensorsFolder.open(file);
    }
    boolean gguf;
    boolean llama2c;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = MappedFile.map(file, arena);
      gguf = GgufContainer.hasMagic(bytes);
      llama2c = Llama2cCheckpoint.isPlausible(bytes);
    }
    if (gguf) {
      return GgufFile.open(file);
    }
    if (llama2c) {
      return Llama2cCheckpoint.open(file);
    }
    throw new FormatException(
        file,
        0,
        "this is no model file that VTC can read: it reads GGUF (version 2 and 3), llama2.c"
            + " checkpoints (version 0) and Hugging Face folders with safetensors.");
  }
}
