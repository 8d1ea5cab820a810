package dev.vtc.asm.x64;

/** A vector register: {@link Xmm} (128 bits), {@link Ymm} (256) or {@link Zmm} (512). */
public abstract sealed class Vec extends Reg implements VecMem permits Xmm, Ymm, Zmm {
  Vec(int kind, int id, int mask, boolean zero) {
    super(kind, id, mask, zero);
  }

  /** Returns this register as a destination that keeps the lanes whose bit in {@code k} is 0. */
  public abstract Vec k(Mask k);

  /** Returns this register as a destination that clears the lanes whose bit in {@code k} is 0. */
  public abstract Vec kz(Mask k);

  /** Returns the low 128 bits of this register. */
  public final Xmm xmm() {
    return Xmm.of(id);
  }

  /** Returns the low 256 bits of this register (of an XMM, the register that contains it). */
  public final Ymm ymm() {
    return Ymm.of(id);
  }

  /** Returns the whole 512-bit register that contains this one. */
  public final Zmm zmm() {
    return Zmm.of(id);
  }

  /** Returns the width in bytes: 16, 32 or 64. */
  public final int bytes() {
    return 16 << (kind - Kind.XMM);
  }

  @Override
  public final String name() {
    return (kind == Kind.XMM ? "xmm" : kind == Kind.YMM ? "ymm" : "zmm") + id;
  }

  static int maskId(Mask k) {
    if (k.id == 0) {
      throw new IllegalArgumentException("k0 cannot be a write mask: it means no mask");
    }
    return k.id;
  }
}
