package dev.vtc.asm.a64;

/** Scope of {@code dmb} and {@code dsb}. */
public enum Barrier {
  /** Full system, all accesses. */
  SY(15, "sy"),
  /** Full system, stores. */
  ST(14, "st"),
  /** Full system, loads before the barrier. */
  LD(13, "ld"),
  /** Inner shareable (all cores that run one operating system), all accesses. */
  ISH(11, "ish"),
  /** Inner shareable, stores. */
  ISHST(10, "ishst"),
  /** Inner shareable, loads before the barrier. */
  ISHLD(9, "ishld");

  final int code;
  final String text;

  Barrier(int code, String text) {
    this.code = code;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
