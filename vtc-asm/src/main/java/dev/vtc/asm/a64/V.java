package dev.vtc.asm.a64;

/**
 * A vector register, {@code v0..v31}, 128 bits, with its views: {@code w.b16} is written {@code
 * v3.16b} in assembly, {@code w.s(1)} is {@code v3.s[1]}, {@code w.b4(1)} is {@code v3.4b[1]}, and
 * {@code w.q} is {@code q3}.
 */
public final class V {
  private static final V[] ALL = new V[32];

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i] = new V(i);
    }
  }

  /** Register number, 0..31. */
  final int index;

  /** 8 lanes of 8 bits. */
  public final Vec b8;

  /** 16 lanes of 8 bits. */
  public final Vec b16;

  /** 4 lanes of 16 bits. */
  public final Vec h4;

  /** 8 lanes of 16 bits. */
  public final Vec h8;

  /** 2 lanes of 32 bits. */
  public final Vec s2;

  /** 4 lanes of 32 bits. */
  public final Vec s4;

  /** 1 lane of 64 bits. */
  public final Vec d1;

  /** 2 lanes of 64 bits. */
  public final Vec d2;

  /** Bits 0..7. */
  public final B b;

  /** Bits 0..15. */
  public final H h;

  /** Bits 0..31. */
  public final S s;

  /** Bits 0..63. */
  public final D d;

  /** Bits 0..127. */
  public final Q q;

  private V(int index) {
    this.index = index;
    b8 = new Vec(index, Arrangement.B8);
    b16 = new Vec(index, Arrangement.B16);
    h4 = new Vec(index, Arrangement.H4);
    h8 = new Vec(index, Arrangement.H8);
    s2 = new Vec(index, Arrangement.S2);
    s4 = new Vec(index, Arrangement.S4);
    d1 = new Vec(index, Arrangement.D1);
    d2 = new Vec(index, Arrangement.D2);
    b = new B(index);
    h = new H(index);
    s = new S(index);
    d = new D(index);
    q = new Q(index);
  }

  /**
   * The register of a number.
   *
   * @param number 0..31
   * @throws IllegalArgumentException if there is no such register
   */
  public static V of(int number) {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("There is no register v" + number + ", only 0 to 31.");
    }
    return ALL[number];
  }

  /** Lane {@code i} of 16 bytes. */
  public Lane b(int i) {
    return new Lane(index, 0, i, false);
  }

  /** Lane {@code i} of 8 half words. */
  public Lane h(int i) {
    return new Lane(index, 1, i, false);
  }

  /** Lane {@code i} of 4 words. */
  public Lane s(int i) {
    return new Lane(index, 2, i, false);
  }

  /** Lane {@code i} of 2 double words. */
  public Lane d(int i) {
    return new Lane(index, 3, i, false);
  }

  /** Group {@code i} of 4: bytes 4i..4i+3, as the dot products take them. */
  public Lane b4(int i) {
    return new Lane(index, 2, i, true);
  }

  @Override
  public String toString() {
    return "v" + index;
  }
}
