package dev.vtc.asm.a64;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The text of emitted code, kept only when it was asked for. It is valid assembler input. */
final class Listing {
  /** A word of code or, where {@code text} ends in a colon or starts with a slash, none. */
  record Line(int position, @Nullable Row row, String text) {}

  final List<Line> lines = new ArrayList<>();

  void instruction(int position, Row row, String name, @Nullable Object... operands) {
    lines.add(new Line(position, row, text(name, operands)));
  }

  void label(int position, Label label) {
    lines.add(new Line(position, null, label + ":"));
  }

  void comment(int position, String text) {
    lines.add(new Line(position, null, "// " + text));
  }

  void data(int position, int word) {
    lines.add(new Line(position, null, ".word " + Integer.toUnsignedString(word)));
  }

  /** One line of assembly: operands follow by commas; a shift or extension keeps its amount. */
  static String text(String name, @Nullable Object... operands) {
    StringBuilder out = new StringBuilder(name);
    String separator = " ";
    for (Object operand : operands) {
      if (operand == null) {
        continue;
      }
      out.append(separator);
      if (operand instanceof Number number) {
        out.append('#').append(number);
      } else {
        out.append(operand);
      }
      boolean amountFollows = operand instanceof Extend || operand instanceof Shift;
      separator = amountFollows ? " " : ", ";
    }
    return out.toString();
  }

  String render(int[] words) {
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      boolean code = line.row != null || line.text.startsWith(".word");
      String text = line.text;
      if (code) {
        out.append("  ").append(text);
        out.append(" ".repeat(Math.max(1, 44 - text.length())));
        out.append(
            String.format(Locale.ROOT, "// %4x: %08x", 4 * line.position, words[line.position]));
      } else {
        out.append(text);
      }
      out.append('\n');
    }
    return out.toString();
  }
}
