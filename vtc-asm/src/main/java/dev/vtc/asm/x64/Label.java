package dev.vtc.asm.x64;

/**
 * A place in the code of one assembler: a jump target or the address of constants. Made by {@link
 * X64Assembler#label(String)}; may be used before it is bound.
 */
public final class Label {
  private final String name;

  /** Offset in bytes from the start of the code, or -1 while unbound. */
  int position = -1;

  Label(String name) {
    this.name = name;
  }

  /** Returns the name shown in listings and errors. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
