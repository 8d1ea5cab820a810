package dev.vtc.asm.x64;

/** A 512-bit vector register, numbers 0..31 (16..31 need EVEX). */
public final class Zmm extends Vec {
  private static final Zmm[] ALL = new Zmm[32];

  static {
    for (int i = 0; i < 32; i++) {
      ALL[i] = new Zmm(i, 0, false);
    }
  }

  private Zmm(int id, int mask, boolean zero) {
    super(Kind.ZMM, id, mask, zero);
  }

  /** Returns register number {@code id}, 0..31. */
  public static Zmm of(int id) {
    return ALL[id];
  }

  @Override
  public Zmm k(Mask k) {
    return new Zmm(id, maskId(k), false);
  }

  @Override
  public Zmm kz(Mask k) {
    return new Zmm(id, maskId(k), true);
  }
}
