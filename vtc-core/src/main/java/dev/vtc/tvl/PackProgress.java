package dev.vtc.tvl;

/** Told how far packing has come. Called by several threads, one at a time, with rising numbers. */
@FunctionalInterface
public interface PackProgress {
  /** Tells nobody. */
  PackProgress SILENT = (done, total) -> {};

  /**
   * Packing has come further.
   *
   * @param done packed bytes so far
   * @param total packed bytes of the whole model
   */
  void update(long done, long total);
}
