package dev.vtc.bench;

import java.util.Arrays;

/** Times of repeated work. */
final class Seconds {
  private Seconds() {}

  /**
   * The shortest of several runs, after one that does not count: for what disturbs can only add.
   */
  static double best(int runs, Runnable work) {
    return all(runs, work)[0];
  }

  /** The median of several runs, after one that does not count. */
  static double median(int runs, Runnable work) {
    return all(runs, work)[runs / 2];
  }

  private static double[] all(int runs, Runnable work) {
    work.run();
    double[] seconds = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds;
  }
}
