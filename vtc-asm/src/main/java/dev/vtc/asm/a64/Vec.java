package dev.vtc.asm.a64;

/** A vector register seen as lanes, such as {@code v3.16b}; taken from {@link V}. */
public final class Vec {
  final int index;
  final Arrangement arrangement;

  Vec(int index, Arrangement arrangement) {
    this.index = index;
    this.arrangement = arrangement;
  }

  /** The whole register. */
  public V v() {
    return V.of(index);
  }

  @Override
  public String toString() {
    return "v" + index + "." + arrangement.text;
  }
}
