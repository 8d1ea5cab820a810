package dev.vtc.asm.a64;

/** How a register operand is shifted by a constant. */
public enum Shift {
  LSL(0, "lsl"),
  LSR(1, "lsr"),
  ASR(2, "asr"),
  /** Logical instructions only. */
  ROR(3, "ror");

  /** The field of this value. */
  final int code;

  final String text;

  Shift(int code, String text) {
    this.code = code;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
