package dev.vtc.machine.lanes;

import java.util.Random;

/**
 * How much of a test runs: all, or a random share of it where {@code vtc.brief} is set, as it is on
 * an emulated CPU, which needs some 50 times as long.
 */
final class Amount {
  private static final boolean BRIEF = Boolean.getBoolean("vtc.brief");

  private Amount() {}

  /** All of these, or one of them. */
  static int[] of(Random random, int... all) {
    return BRIEF ? new int[] {all[random.nextInt(all.length)]} : all;
  }

  /** All of these, or three of them; a number may come twice. */
  static int[] some(Random random, int... all) {
    return BRIEF ? random.ints(3, 0, all.length).map(i -> all[i]).toArray() : all;
  }

  /** True, or only once in so many times. */
  static boolean oneIn(Random random, int times) {
    return !BRIEF || random.nextInt(times) == 0;
  }

  /** So many times, or once. */
  static int times(int all) {
    return BRIEF ? 1 : all;
  }
}
