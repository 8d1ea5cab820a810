package dev.vtc.asm.a64;

/** One lane of a vector register, {@code v3.s[1]}, or a group of 4 bytes, {@code v3.4b[1]}. */
public final class Lane {
  /** Register number, 0..31. */
  final int index;

  /** log2 of the lane size in bytes: 0 (b) to 3 (d); 2 for a group of 4 bytes. */
  final int size;

  /** Number of the lane, from 0. */
  final int lane;

  /** Whether this is a group of 4 bytes. */
  final boolean group;

  Lane(int index, int size, int lane, boolean group) {
    if (lane < 0 || lane >= 16 >> size) {
      throw new IllegalArgumentException(
          "Lane " + lane + " of v" + index + " does not exist: it has " + (16 >> size) + ".");
    }
    this.index = index;
    this.size = size;
    this.lane = lane;
    this.group = group;
  }

  @Override
  public String toString() {
    return "v" + index + "." + (group ? "4b" : "bhsd".substring(size, size + 1)) + "[" + lane + "]";
  }
}
