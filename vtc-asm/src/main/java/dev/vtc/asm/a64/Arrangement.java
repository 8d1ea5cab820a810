package dev.vtc.asm.a64;

/** How an instruction splits a vector register into lanes. */
enum Arrangement {
  B8("8b", 0, 0),
  B16("16b", 0, 1),
  H4("4h", 1, 0),
  H8("8h", 1, 1),
  S2("2s", 2, 0),
  S4("4s", 2, 1),
  D1("1d", 3, 0),
  D2("2d", 3, 1);

  /** As written after the dot: "16b". */
  final String text;

  /** 1 if all 128 bits are used, 0 for the low 64. */
  final int q;

  /** log2 of the lane size in bytes: 0 (b) to 3 (d). */
  final int size;

  /** This arrangement's bit in the masks of rows. */
  final int mask;

  Arrangement(String text, int size, int q) {
    this.text = text;
    this.size = size;
    this.q = q;
    this.mask = 1 << (2 * size + q);
  }

  int lanes() {
    return (8 << q) >> size;
  }
}
