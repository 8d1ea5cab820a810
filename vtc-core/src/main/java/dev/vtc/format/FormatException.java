package dev.vtc.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file that is truncated, corrupted, hostile or of an unsupported kind. One clear sentence:
 * file, offset, reason, remedy.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file the file at fault
   * @param offset where in it, in bytes; negative when no single place is at fault
   * @param reason what is wrong and what the user can do, a sentence without the file's name
   */
  public FormatException(Path file, long offset, String reason) {
    super(file + (offset < 0 ? "" : ", offset " + offset) + ": " + reason);
  }
}
