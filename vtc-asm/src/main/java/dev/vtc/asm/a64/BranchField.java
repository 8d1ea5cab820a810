package dev.vtc.asm.a64;

/** The distance fields of instructions that name a label. */
final class BranchField {
  private BranchField() {}

  /**
   * Fills the distance field of an instruction.
   *
   * @param word the instruction, its field zero
   * @param at its index in words
   * @throws IllegalStateException if the label is out of reach
   */
  static int insert(int word, int at, Label label) {
    int distance = label.position - at;
    if ((word & 0x7c000000) == 0x14000000) { // b, bl
      return word | field(distance, 26, label);
    }
    if ((word & 0x7e000000) == 0x36000000) { // tbz, tbnz
      return word | field(distance, 14, label) << 5;
    }
    // b.cond, cbz, cbnz, ldr literal, and adr, whose low two bits (the byte in a word) are zero
    return word | field(distance, 19, label) << 5;
  }

  private static int field(int distance, int bits, Label label) {
    int limit = 1 << (bits - 1);
    if (distance < -limit || distance >= limit) {
      throw new IllegalStateException(
          "The label "
              + label
              + " is "
              + 4L * distance
              + " bytes away; this instruction reaches ±"
              + 4L * limit
              + ".");
    }
    return distance & (1 << bits) - 1;
  }
}
