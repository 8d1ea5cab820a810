package dev.vtc.app;

/** Receives how far a long work has come. Used by one thread at a time. */
public interface Progress extends AutoCloseable {
  /**
   * Begins (or begins anew).
   *
   * @param total bytes in all, or -1 when unknown
   * @param done bytes that were there before, which do not count for the speed
   */
  void start(long total, long done);

  /** Bytes finished so far, those that were there before included. */
  void update(long done);

  /** Ends the display; the line that was shown stays when the work is complete. */
  @Override
  void close();

  /** Shows nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void start(long total, long done) {}

      @Override
      public void update(long done) {}

      @Override
      public void close() {}
    };
  }
}
