package dev.vtc.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps files for reading. */
final class MappedFile {
  private MappedFile() {}

  /** A new arena for a model's mappings; the model owns it and closes it. */
  @SuppressWarnings("MustBeClosedChecker") // closed by ModelSource.close, or when opening fails
  static Arena newArena() {
    return Arena.ofShared();
  }

  /**
   * Maps the whole of {@code file} read-only; the mapping lives as long as {@code arena}.
   *
   * @throws FormatException when there is no such file, or it is a folder or empty
   */
  static MemorySegment map(Path file, Arena arena) throws IOException {
    if (!Files.exists(file)) {
      throw new FormatException(file, -1, "there is no such file: check the path.");
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file, -1, "this is no regular file: give the model file itself.");
    }
    if (!Files.isReadable(file)) {
      throw new FormatException(file, -1, "the file cannot be read: check its permissions.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new FormatException(file, -1, "the file is empty: pull or copy it again.");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    }
  }
}
