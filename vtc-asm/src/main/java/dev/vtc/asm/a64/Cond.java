package dev.vtc.asm.a64;

/** Conditions on the flags. HS and LO are also known as CS and CC. */
public enum Cond {
  EQ(0),
  NE(1),
  /** Unsigned higher or same. */
  HS(2),
  /** Unsigned lower. */
  LO(3),
  MI(4),
  PL(5),
  VS(6),
  VC(7),
  /** Unsigned higher. */
  HI(8),
  /** Unsigned lower or same. */
  LS(9),
  GE(10),
  LT(11),
  GT(12),
  LE(13),
  AL(14);

  /** The field of this value. */
  final int code;

  /** The lower-case name, as in {@code b.ne}. */
  final String text = name().toLowerCase(java.util.Locale.ROOT);

  Cond(int code) {
    this.code = code;
  }

  @Override
  public String toString() {
    return text;
  }
}
