package dev.vtc.asm.x64;

/** Conditions of jcc, setcc and cmovcc. */
public enum Cond {
  /** Overflow. */
  O(0),
  /** No overflow. */
  NO(1),
  /** Below (unsigned), carry. */
  B(2),
  /** Above or equal (unsigned), no carry. */
  AE(3),
  /** Equal, zero. */
  E(4),
  /** Not equal, not zero. */
  NE(5),
  /** Below or equal (unsigned). */
  BE(6),
  /** Above (unsigned). */
  A(7),
  /** Sign (negative). */
  S(8),
  /** No sign. */
  NS(9),
  /** Parity even; after an unordered float comparison. */
  P(10),
  /** Parity odd. */
  NP(11),
  /** Less (signed). */
  L(12),
  /** Greater or equal (signed). */
  GE(13),
  /** Less or equal (signed). */
  LE(14),
  /** Greater (signed). */
  G(15);

  /** The low four bits of the opcode. */
  final int code;

  Cond(int code) {
    this.code = code;
  }
}
