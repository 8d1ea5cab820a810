package dev.vtc.asm.x64;

/** A register: general purpose, vector or mask. */
public abstract sealed class Reg extends Operand permits Gp, Vec, Mask {
  /** Register number as encoded: 0..15, for vector registers with EVEX 0..31, for masks 0..7. */
  final int id;

  Reg(int kind, int id, int mask, boolean zero) {
    super(kind, mask, zero);
    this.id = id;
  }

  /** Returns the register number as encoded. */
  public final int id() {
    return id;
  }

  /** Returns the register's name in Intel syntax, without decoration. */
  public abstract String name();

  @Override
  public final String toString() {
    return name() + decoration();
  }
}
