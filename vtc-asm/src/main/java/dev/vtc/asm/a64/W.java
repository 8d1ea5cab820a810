package dev.vtc.asm.a64;

/** A general register in its 32-bit view: {@code w 0..30}, {@link #WZR} or {@link #WSP}. */
public final class W extends Gp {
  private static final W[] ALL = new W[33];

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i] = new W(i);
    }
  }

  /** Reads as zero; a result written to it is dropped. */
  public static final W WZR = ALL[ZR];

  /** The stack pointer. */
  public static final W WSP = ALL[SP_INDEX];

  private W(int index) {
    super(index);
  }

  /**
   * The register of a number.
   *
   * @param number 0..30
   * @throws IllegalArgumentException if there is no such register
   */
  public static W of(int number) {
    if (number < 0 || number > 30) {
      throw new IllegalArgumentException("There is no register w" + number + ", only 0 to 30.");
    }
    return ALL[number];
  }

  static W at(int index) {
    return ALL[index];
  }

  /** The same register in its 64-bit view. */
  public X x() {
    return X.at(index);
  }

  @Override
  int sf() {
    return 0;
  }

  @Override
  public String toString() {
    return index == ZR ? "wzr" : index == SP_INDEX ? "wsp" : "w" + index;
  }
}
