package dev.vtc.asm.x64;

/** An AVX-512 mask register k0..k7. k0 holds values like the others but cannot be a write mask. */
public final class Mask extends Reg {
  private static final Mask[] ALL = new Mask[8];

  static {
    for (int i = 0; i < 8; i++) {
      ALL[i] = new Mask(i, 0);
    }
  }

  private Mask(int id, int mask) {
    super(Kind.MASK, id, mask, false);
  }

  /** Returns mask register number {@code id}, 0..7. */
  public static Mask of(int id) {
    return ALL[id];
  }

  /**
   * Returns this register as the destination of a comparison whose result is ANDed with {@code k}.
   */
  public Mask k(Mask k) {
    return new Mask(id, Vec.maskId(k));
  }

  @Override
  public String name() {
    return "k" + id;
  }
}
