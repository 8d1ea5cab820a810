package dev.vtc.asm.x64;

/** A 128-bit vector register, numbers 0..31 (16..31 need EVEX). */
public final class Xmm extends Vec {
  private static final Xmm[] ALL = new Xmm[32];

  static {
    for (int i = 0; i < 32; i++) {
      ALL[i] = new Xmm(i, 0, false);
    }
  }

  private Xmm(int id, int mask, boolean zero) {
    super(Kind.XMM, id, mask, zero);
  }

  /** Returns register number {@code id}, 0..31. */
  public static Xmm of(int id) {
    return ALL[id];
  }

  @Override
  public Xmm k(Mask k) {
    return new Xmm(id, maskId(k), false);
  }

  @Override
  public Xmm kz(Mask k) {
    return new Xmm(id, maskId(k), true);
  }
}
