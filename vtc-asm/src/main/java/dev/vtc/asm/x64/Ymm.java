package dev.vtc.asm.x64;

/** A 256-bit vector register, numbers 0..31 (16..31 need EVEX). */
public final class Ymm extends Vec {
  private static final Ymm[] ALL = new Ymm[32];

  static {
    for (int i = 0; i < 32; i++) {
      ALL[i] = new Ymm(i, 0, false);
    }
  }

  private Ymm(int id, int mask, boolean zero) {
    super(Kind.YMM, id, mask, zero);
  }

  /** Returns register number {@code id}, 0..31. */
  public static Ymm of(int id) {
    return ALL[id];
  }

  @Override
  public Ymm k(Mask k) {
    return new Ymm(id, maskId(k), false);
  }

  @Override
  public Ymm kz(Mask k) {
    return new Ymm(id, maskId(k), true);
  }
}
