package dev.vtc.asm;

/**
 * Machine code cannot be run in this process: the platform refuses executable memory, native access
 * is not enabled, or the user asked for refusal. The message is one sentence for users; the
 * portable machine needs no machine code.
 */
public final class CodeRefusedException extends RuntimeException {
  /** The reason, as one sentence. */
  public CodeRefusedException(String message) {
    super(message);
  }

  /** The reason, as one sentence, and what led to it. */
  public CodeRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
