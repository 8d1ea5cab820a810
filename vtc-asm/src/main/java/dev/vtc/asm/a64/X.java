package dev.vtc.asm.a64;

/** A general register in its 64-bit view: {@code x 0..30}, {@link #XZR} or {@link #SP}. */
public final class X extends Gp {
  private static final X[] ALL = new X[33];

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i] = new X(i);
    }
  }

  /** Reads as zero; a result written to it is dropped. */
  public static final X XZR = ALL[ZR];

  /** The stack pointer. */
  public static final X SP = ALL[SP_INDEX];

  private X(int index) {
    super(index);
  }

  /**
   * The register of a number.
   *
   * @param number 0..30
   * @throws IllegalArgumentException if there is no such register
   */
  public static X of(int number) {
    if (number < 0 || number > 30) {
      throw new IllegalArgumentException("There is no register x" + number + ", only 0 to 30.");
    }
    return ALL[number];
  }

  static X at(int index) {
    return ALL[index];
  }

  /** The same register in its 32-bit view. */
  public W w() {
    return W.at(index);
  }

  @Override
  int sf() {
    return 1;
  }

  @Override
  public String toString() {
    return index == ZR ? "xzr" : index == SP_INDEX ? "sp" : "x" + index;
  }
}
