package dev.vtc.program;

import org.jspecify.annotations.Nullable;

/**
 * A named activation buffer: one row for each token of a step, for each token whose logits are
 * wanted, or for each expert that a token goes to.
 *
 * <p>Rows lie one after the other, {@link #rowBytes} apart, a multiple of 64:
 *
 * <pre>
 *   F32: float x[paddedWidth]
 *   I32: int   x[paddedWidth]
 *   Q8:  byte  q[paddedWidth]          quantized values, blocks of 32                    at 0
 *        float d[paddedWidth / 32]     scale of each block                               at dOffset
 *        float s[paddedWidth / 32]     d · (float) Σq of each block, rounded once        at sOffset
 *        int   sum16[paddedWidth / 16] -Σq of each 16                                    at sum16Offset
 *        int   sum8x[paddedWidth / 32] -8 · Σq of each block                             at offsetSums(3)
 *        int   sum128x[paddedWidth / 32] -128 · Σq of each block                         at offsetSums(7)
 * </pre>
 *
 * The last three are what the offset of codes adds to their dot products: a product begins with
 * them.
 *
 * <p>Columns from {@code width} to {@code paddedWidth} are zero in every field, always.
 *
 * @param name unique within its program
 * @param type what a row holds
 * @param rows how many rows a step uses
 * @param width elements of a row
 */
public record Buffer(String name, Type type, Rows rows, int width) {
  /** What a row holds. */
  public enum Type {
    F32,
    Q8,
    I32
  }

  /** How many rows a step uses. */
  public enum Rows {
    /** One for each token of the step. */
    TOKENS,
    /** One for each token whose logits are wanted. */
    WANTED,
    /** One for each token and expert that it goes to, see {@link Instruction.Dispatch}. */
    SLOTS,
    /** One for the whole step. */
    STEP
  }

  /**
   * Columns are padded to whole units of the widest TVL unit, 256, so that every format can run
   * over them.
   */
  static final int PADDING = 256;

  /** Shift of the sums for codes with an offset of 8, or a multiple. */
  public static final int OFFSET_8 = 3;

  /** Shift of the sums for codes with an offset of 128. */
  public static final int OFFSET_128 = 7;

  // Written out: those that a record makes itself are linked at their first use, milliseconds of a
  // start.
  @Override
  public boolean equals(@Nullable Object o) {
    return o == this
        || (o instanceof Buffer b
            && b.width == width
            && b.type == type
            && b.rows == rows
            && b.name.equals(name));
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + width;
  }

  /** Elements of a row with its zero padding. */
  public int paddedWidth() {
    return Math.ceilDiv(width, PADDING) * PADDING;
  }

  /** Bytes from one row to the next. */
  public int rowBytes() {
    int bytes =
        type == Type.Q8 ? offsetSums(OFFSET_128) + paddedWidth() / 8 : paddedWidth() * Float.BYTES;
    return Math.ceilDiv(bytes, 64) * 64;
  }

  /** Where the block scales of a Q8 row begin, in bytes. */
  public int dOffset() {
    return paddedWidth();
  }

  /** Where {@code d · Σq} of each block begins, in bytes. */
  public int sOffset() {
    return dOffset() + paddedWidth() / 8;
  }

  /** Where the negated sums of each 16 begin, in bytes. */
  public int sum16Offset() {
    return sOffset() + paddedWidth() / 8;
  }

  /**
   * Where the sums of each block of 32 times {@code -(1 << shift)} begin, in bytes.
   *
   * @param shift {@link #OFFSET_8} or {@link #OFFSET_128}
   */
  public int offsetSums(int shift) {
    int first = sum16Offset() + paddedWidth() / 4;
    return switch (shift) {
      case OFFSET_8 -> first;
      case OFFSET_128 -> first + paddedWidth() / 8;
      default -> throw new IllegalArgumentException("There are no sums shifted by " + shift + ".");
    };
  }

  /**
   * True when rows have padding that must stay zero: such a buffer shares its memory with no other.
   */
  boolean padded() {
    return type == Type.Q8 || width != paddedWidth();
  }
}
