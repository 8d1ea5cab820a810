package dev.vtc.asm.a64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The emitted words, labels, constants and the listing. Instructions are not known here. */
abstract class CodeBuffer {
  /** A constant that waits for {@link #code()}. */
  private static final class Literal {
    final Label label;
    final int[] words;
    final int alignWords;

    Literal(Label label, int[] words, int alignWords) {
      this.label = label;
      this.words = words;
      this.alignWords = alignWords;
    }
  }

  private int[] words = new int[256];
  private int count;
  private boolean finished;
  private int labels;
  private int unresolved;
  private final List<Literal> literals = new ArrayList<>();

  /** Not null once {@link #startListing()} was called. */
  @Nullable Listing listing;

  /** Keeps a listing of everything emitted from here on. For debugging and tests. */
  public final void startListing() {
    if (listing == null) {
      listing = new Listing();
    }
  }

  /**
   * The code as assembler text with offsets and words, if {@link #startListing()} came first; valid
   * input for an assembler.
   */
  public final String listing() {
    return listing == null
        ? "// no listing: startListing() was not called\n"
        : listing.render(words);
  }

  /** A comment for the listing. */
  public final void comment(String text) {
    if (listing != null) {
      listing.comment(count, text);
    }
  }

  /** Bytes emitted so far, without waiting constants. */
  public final int size() {
    return 4 * count;
  }

  /** Appends one instruction. */
  final void word(int word) {
    if (finished) {
      throw new IllegalStateException("The code is finished: nothing can be emitted after code().");
    }
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = word;
  }

  /** For the listing: index of the word emitted last. */
  final int last() {
    return count - 1;
  }

  /** Forgets everything emitted; for tests that emit millions of instructions. */
  final void clear() {
    count = 0;
    finished = false;
    unresolved = 0;
    literals.clear();
    if (listing != null) {
      listing = new Listing();
    }
  }

  final int wordAt(int index) {
    return words[index];
  }

  /** A label to be bound later. */
  public final Label label(String name) {
    return new Label(this, name + "_" + labels++);
  }

  /** A label bound here. */
  public final Label here(String name) {
    Label label = label(name);
    bind(label);
    return label;
  }

  /**
   * Binds a label to this place and completes the instructions that wait for it.
   *
   * @throws IllegalStateException if it is bound already or too far from one of them
   */
  public final void bind(Label label) {
    own(label);
    if (label.position != Label.UNBOUND) {
      throw new IllegalStateException("The label " + label + " is bound twice.");
    }
    label.position = count;
    for (int i = 0; i < label.waitingCount; i++) {
      resolve(label.waiting[i], label);
    }
    unresolved -= label.waitingCount;
    label.waitingCount = 0;
    if (listing != null) {
      listing.label(count, label);
    }
  }

  /** Emits an instruction whose distance field, empty yet, names a label. */
  final void word(int word, Label label) {
    own(label);
    word(word);
    int at = count - 1;
    if (label.position != Label.UNBOUND) {
      resolve(at, label);
    } else {
      if (label.waitingCount == label.waiting.length) {
        label.waiting = Arrays.copyOf(label.waiting, Math.max(4, 2 * label.waitingCount));
      }
      label.waiting[label.waitingCount++] = at;
      unresolved++;
    }
  }

  @SuppressWarnings("ReferenceEquality") // an assembler is itself only
  private void own(Label label) {
    if (label.owner != this) {
      throw new IllegalArgumentException("The label " + label + " belongs to another assembler.");
    }
  }

  private void resolve(int at, Label label) {
    words[at] = BranchField.insert(words[at], at, label);
  }

  /**
   * A constant after the code, for {@code ldr} and {@code adr}; equal constants are stored once.
   * Aligned to its size, at most 16 bytes.
   *
   * @param content 32-bit words in memory order, at least one
   */
  public final Label literal(int... content) {
    for (Literal literal : literals) {
      if (Arrays.equals(literal.words, content)) {
        return literal.label;
      }
    }
    if (content.length == 0) {
      throw new IllegalArgumentException("A constant has at least one word.");
    }
    int align = content.length >= 3 ? 4 : content.length;
    Literal literal = new Literal(label("literal"), content.clone(), align);
    literals.add(literal);
    return literal.label;
  }

  /** A constant of 64-bit values, see {@link #literal(int...)}. */
  public final Label literal(long... content) {
    int[] split = new int[2 * content.length];
    for (int i = 0; i < content.length; i++) {
      split[2 * i] = (int) content[i];
      split[2 * i + 1] = (int) (content[i] >>> 32);
    }
    return literal(split);
  }

  /** A constant of 32-bit floats, see {@link #literal(int...)}. */
  public final Label literal(float... content) {
    int[] split = new int[content.length];
    for (int i = 0; i < content.length; i++) {
      split[i] = Float.floatToRawIntBits(content[i]);
    }
    return literal(split);
  }

  /** A constant of bytes, a multiple of 4 of them, see {@link #literal(int...)}. */
  public final Label literal(byte... content) {
    if (content.length % 4 != 0) {
      throw new IllegalArgumentException("A constant of bytes has a multiple of 4 of them.");
    }
    int[] split = new int[content.length / 4];
    for (int i = 0; i < content.length; i++) {
      split[i / 4] |= (content[i] & 0xff) << (8 * (i % 4));
    }
    return literal(split);
  }

  /** Places the constants that wait; control must not arrive here. */
  private void placeLiterals() {
    for (Literal literal : literals) {
      while (count % literal.alignWords != 0) {
        data(0);
      }
      bind(literal.label);
      for (int word : literal.words) {
        data(word);
      }
    }
    literals.clear();
  }

  private void data(int word) {
    word(word);
    if (listing != null) {
      listing.data(count - 1, word);
    }
  }

  /**
   * The finished code with its constants, little-endian, independent of its address; to be placed
   * at a multiple of 16 bytes.
   *
   * @throws IllegalStateException if a label that is used was never bound
   */
  public final byte[] code() {
    if (!finished) {
      placeLiterals();
      if (unresolved != 0) {
        throw new IllegalStateException(unresolved + " branches name labels that are not bound.");
      }
      finished = true;
    }
    byte[] code = new byte[4 * count];
    for (int i = 0; i < count; i++) {
      int word = words[i];
      code[4 * i] = (byte) word;
      code[4 * i + 1] = (byte) (word >>> 8);
      code[4 * i + 2] = (byte) (word >>> 16);
      code[4 * i + 3] = (byte) (word >>> 24);
    }
    return code;
  }
}
