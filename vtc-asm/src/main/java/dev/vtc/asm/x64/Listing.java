package dev.vtc.asm.x64;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the record of a {@link CodeBuffer} as text. */
final class Listing {
  private static final int BYTES_PER_LINE = 12;

  private Listing() {}

  static String text(
      byte[] code, int lines, int width, @Nullable Object[] log, int[] offsets, long[] immediates) {
    StringBuilder s = new StringBuilder(lines * 64);
    for (int i = 0; i < lines; i++) {
      Object row = log[width * i];
      if (row instanceof Label label) {
        s.append(label.name()).append(":\n");
        if (i + 1 < lines && !(log[width * (i + 1)] instanceof Label)) {
          continue;
        }
      }
      int end = i + 1 < lines ? offsets[i + 1] : code.length;
      hex(s, code, offsets[i], end);
      if (!(row instanceof Label)) {
        s.append(instruction(log, width * i, immediates[i]));
      }
      s.append('\n');
    }
    return s.toString();
  }

  /** Returns one instruction in Intel syntax, such as {@code vaddps ymm1, ymm2, [rax + 32]}. */
  static String instruction(@Nullable Object[] log, int at, long immediate) {
    Object row = log[at];
    StringBuilder s = new StringBuilder();
    boolean hasImmediate = false;
    int size = 0;
    if (row instanceof VecOp op) {
      s.append(op.mnemonic());
      hasImmediate = op.hasImmediate();
    } else if (row instanceof GpOp op) {
      s.append(op.mnemonic());
      size = op.memoryBytes;
    } else {
      s.append(row);
    }
    String separator = " ";
    for (int i = 1; i <= 4; i++) {
      Object operand = log[at + i];
      if (operand == null) {
        continue;
      }
      s.append(separator);
      if (operand instanceof Gp g && size == 1 && i == 1 + (row == GpOp.MOV8 ? 1 : 0)) {
        s.append(g.name8());
      } else if (operand instanceof GpOp.Immediate) {
        s.append(immediate);
      } else {
        s.append(operand);
      }
      separator = ", ";
    }
    if (hasImmediate) {
      s.append(separator).append(immediate & 0xFF);
    }
    return s.toString();
  }

  private static void hex(StringBuilder s, byte[] code, int from, int to) {
    s.append(String.format(Locale.ROOT, "%6x  ", from));
    int shown = Math.min(to, from + BYTES_PER_LINE);
    for (int i = from; i < from + BYTES_PER_LINE; i++) {
      if (i < shown) {
        s.append(Character.forDigit((code[i] >> 4) & 15, 16))
            .append(Character.forDigit(code[i] & 15, 16));
      } else {
        s.append("  ");
      }
    }
    s.append(to > shown ? "..  " : "    ");
  }
}
