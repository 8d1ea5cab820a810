package dev.vtc.asm.x64;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Growing bytes, labels with their open references, the constant pool and the record from which a
 * listing is made. Knows no instruction.
 */
public abstract sealed class CodeBuffer permits Encoder {
  /** Constants start at, and each constant is aligned to, this many bytes: one cache line. */
  static final int CONSTANT_ALIGNMENT = 64;

  private static final int LOG_WIDTH = 5;

  private byte[] bytes = new byte[1024];
  private int position;

  // References to labels: offset of the 32-bit field, offset of the instruction's end, label.
  private int[] fixups = new int[32];
  private Label[] fixupLabels = new Label[16];
  private int fixupCount;

  // The record: per line the row or mnemonic and up to four operands, its offset, its immediate.
  private @Nullable Object[] log = new Object[LOG_WIDTH * 64];
  private int[] logOffsets = new int[64];
  private long[] logImmediates = new long[64];
  private int lines;

  private byte[][] constants = new byte[8][];
  private Label[] constantLabels = new Label[8];
  private int constantCount;
  private boolean finished;

  CodeBuffer() {}

  /** Returns the number of bytes emitted so far. */
  public final int size() {
    return position;
  }

  /** Makes room for {@code n} more bytes. */
  final void reserve(int n) {
    if (position + n > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + n));
    }
  }

  /** Appends the low byte of {@code b}; {@link #reserve} came first. */
  final void put(int b) {
    bytes[position++] = (byte) b;
  }

  final void put32(int v) {
    byte[] b = bytes;
    int p = position;
    b[p] = (byte) v;
    b[p + 1] = (byte) (v >> 8);
    b[p + 2] = (byte) (v >> 16);
    b[p + 3] = (byte) (v >> 24);
    position = p + 4;
  }

  final void put64(long v) {
    put32((int) v);
    put32((int) (v >> 32));
  }

  /** Appends a 32-bit reference to {@code label}, relative to the end of the instruction. */
  final void putReference(Label label, int addend, int bytesAfter) {
    if (fixupCount == fixupLabels.length) {
      fixups = Arrays.copyOf(fixups, 2 * fixups.length);
      fixupLabels = Arrays.copyOf(fixupLabels, 2 * fixupLabels.length);
    }
    fixups[2 * fixupCount] = position;
    fixups[2 * fixupCount + 1] = position + 4 + bytesAfter - addend;
    fixupLabels[fixupCount++] = label;
    put32(0);
  }

  final void bindHere(Label label) {
    if (label.position >= 0) {
      throw new IllegalStateException("label " + label.name() + " is bound twice");
    }
    label.position = position;
    record(label, null, null, null, null, 0);
  }

  /** Starts the record of an instruction; called before its first byte. */
  final void record(
      Object row,
      @Nullable Object a,
      @Nullable Object b,
      @Nullable Object c,
      @Nullable Object d,
      long immediate) {
    if (lines == logOffsets.length) {
      log = Arrays.copyOf(log, 2 * log.length);
      logOffsets = Arrays.copyOf(logOffsets, 2 * lines);
      logImmediates = Arrays.copyOf(logImmediates, 2 * lines);
    }
    if (finished) {
      throw new IllegalStateException("code was already finished; make a new assembler");
    }
    @Nullable Object[] l = log;
    int at = LOG_WIDTH * lines;
    l[at] = row;
    l[at + 1] = a;
    l[at + 2] = b;
    l[at + 3] = c;
    l[at + 4] = d;
    logOffsets[lines] = position;
    logImmediates[lines++] = immediate;
  }

  /** Returns the label of a constant with these bytes, the same one for equal bytes. */
  final Label constantLabel(byte[] value) {
    for (int i = 0; i < constantCount; i++) {
      if (Arrays.equals(constants[i], value)) {
        return constantLabels[i];
      }
    }
    if (constantCount == constantLabels.length) {
      constants = Arrays.copyOf(constants, 2 * constantCount);
      constantLabels = Arrays.copyOf(constantLabels, 2 * constantCount);
    }
    Label label = new Label("const" + constantCount);
    constants[constantCount] = value;
    constantLabels[constantCount++] = label;
    return label;
  }

  /** Places the constants, resolves all references and returns the bytes. Idempotent. */
  final byte[] finishBytes() {
    if (!finished) {
      for (int i = 0; i < constantCount; i++) {
        byte[] value = constants[i];
        int padding = -position & (CONSTANT_ALIGNMENT - 1);
        reserve(padding + value.length);
        if (padding > 0) {
          record("(padding)", null, null, null, null, 0);
        }
        Arrays.fill(bytes, position, position + padding, (byte) 0xCC);
        position += padding;
        bindHere(constantLabels[i]);
        System.arraycopy(value, 0, bytes, position, value.length);
        position += value.length;
      }
      resolve();
      finished = true;
    }
    return Arrays.copyOf(bytes, position);
  }

  private void resolve() {
    int end = position;
    for (int i = 0; i < fixupCount; i++) {
      Label label = fixupLabels[i];
      if (label.position < 0) {
        throw new IllegalStateException("label " + label.name() + " is used but never bound");
      }
      position = fixups[2 * i];
      put32(label.position - fixups[2 * i + 1]);
    }
    position = end;
  }

  /** Returns the last instruction as text. */
  final String lastLine() {
    return Listing.instruction(log, LOG_WIDTH * (lines - 1), logImmediates[lines - 1]);
  }

  /** Returns the row of the last instruction, or its mnemonic where it has none. */
  final @Nullable Object lastRow() {
    return log[LOG_WIDTH * (lines - 1)];
  }

  /** Returns a copy of the bytes from {@code from} on, references to labels still open. */
  final byte[] bytesFrom(int from) {
    return Arrays.copyOfRange(bytes, from, position);
  }

  /**
   * Returns the code as text, one line per instruction: offset, bytes, Intel syntax. Made from the
   * record when asked for; emitting builds no text.
   */
  public final String listing() {
    return Listing.text(finishBytes(), lines, LOG_WIDTH, log, logOffsets, logImmediates);
  }
}
