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
    VecOp vec = row instanceof VecOp op ? op : null;
    GpOp gp = row instanceof GpOp op ? op : null;
    s.append(vec != null ? vec.mnemonic() : gp != null ? gp.mnemonic() : row);
    String separator = " ";
    for (int i = 1; i <= 4; i++) {
      Object operand = log[at + i];
      if (operand == null) {
        continue;
      }
      s.append(separator);
      separator = ", ";
      switch (operand) {
        case Mem m -> memory(s, m, vec, gp, log, at);
        case Gp g -> s.append(gp != null && narrow(gp, i) ? narrowName(gp, g) : g.name());
        case GpOp.Immediate _ -> s.append(immediate);
        default -> s.append(operand);
      }
    }
    if (vec != null && vec.hasImmediate()) {
      s.append(separator).append(immediate & 0xFF);
    }
    return s.toString();
  }

  /** Returns true if operand {@code i} (1 or 2) of a row with a narrow operand is that one. */
  private static boolean narrow(GpOp op, int i) {
    return op.memoryBytes > 0 && op.memoryBytes <= 4 && i == 2;
  }

  private static String narrowName(GpOp op, Gp g) {
    return switch (op.memoryBytes) {
      case 1 -> g.name8();
      case 2 -> g.name16();
      default -> g.r32().name();
    };
  }

  private static void memory(
      StringBuilder s,
      Mem m,
      @Nullable VecOp vec,
      @Nullable GpOp gp,
      @Nullable Object[] log,
      int at) {
    int bytes = m.size != 0 || gp == null ? m.size : gp.memoryBytes;
    switch (bytes) {
      case 1 -> s.append("byte ptr ");
      case 2 -> s.append("word ptr ");
      case 4 -> s.append("dword ptr ");
      case 8 -> s.append("qword ptr ");
      default -> {}
    }
    s.append(m);
    if (m.broadcast && vec != null) {
      int vectorBytes = 0;
      for (int i = 1; i <= 4; i++) {
        if (log[at + i] instanceof Vec v) {
          vectorBytes = Math.max(vectorBytes, v.bytes());
        }
      }
      s.append("{1to").append(vec.bits.broadcastCount(vectorBytes)).append('}');
    }
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
