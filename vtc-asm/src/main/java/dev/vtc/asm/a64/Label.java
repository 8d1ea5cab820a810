package dev.vtc.asm.a64;

/**
 * A place in the code of one assembler, which branches can name before or after it is bound. Made
 * by {@link A64Assembler#label} and {@link A64Assembler#here}.
 */
public final class Label {
  private static final int[] NONE = {};

  final CodeBuffer owner;
  private final String name;

  /** The position of a label that is not bound. */
  static final int UNBOUND = Integer.MIN_VALUE;

  /** Index of the word that this label stands before, or {@link #UNBOUND}. */
  int position = UNBOUND;

  /** Words that name this label and wait for it. */
  int[] waiting = NONE;

  int waitingCount;

  Label(CodeBuffer owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  /** The name as assemblers take it. */
  @Override
  public String toString() {
    return name.replaceAll("\\W", "_");
  }
}
