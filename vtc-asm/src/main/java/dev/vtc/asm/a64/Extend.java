package dev.vtc.asm.a64;

/** How a register operand is extended before it is shifted left. */
public enum Extend {
  UXTB(0, "uxtb"),
  UXTH(1, "uxth"),
  UXTW(2, "uxtw"),
  UXTX(3, "uxtx"),
  SXTB(4, "sxtb"),
  SXTH(5, "sxth"),
  SXTW(6, "sxtw"),
  SXTX(7, "sxtx");

  /** The field of this value. */
  final int code;

  final String text;

  Extend(int code, String text) {
    this.code = code;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
