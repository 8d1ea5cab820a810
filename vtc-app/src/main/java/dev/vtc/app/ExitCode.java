package dev.vtc.app;

/** What {@code vtc} returns to the shell; a promise to scripts. */
public final class ExitCode {
  public static final int OK = 0;

  /** A file, a model, the network or the machine: the sentence on stderr says which. */
  public static final int FAILURE = 1;

  /** A mistake on the command line. */
  public static final int USAGE = 2;

  /** Stopped by Ctrl-C (128 + SIGINT). */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
