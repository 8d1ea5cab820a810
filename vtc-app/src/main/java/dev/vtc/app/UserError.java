package dev.vtc.app;

import org.jspecify.annotations.Nullable;

/**
 * Something the user can understand and act on: its message is one sentence with the reason and the
 * remedy, printed after {@code vtc: } without a stack trace.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public UserError(String sentence) {
    this(sentence, ExitCode.FAILURE, null);
  }

  public UserError(String sentence, @Nullable Throwable cause) {
    this(sentence, ExitCode.FAILURE, cause);
  }

  public UserError(String sentence, int exitCode, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** A mistake on the command line. */
  public static UserError usage(String sentence) {
    return new UserError(sentence, ExitCode.USAGE, null);
  }

  public int exitCode() {
    return exitCode;
  }
}
