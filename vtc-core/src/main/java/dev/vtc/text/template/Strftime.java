package dev.vtc.text.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Python's {@code datetime.strftime} in the C locale. */
final class Strftime {
  private Strftime() {}

  static String format(LocalDateTime t, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      c = format.charAt(++i);
      boolean padded = true;
      if (c == '-' && i + 1 < format.length()) {
        padded = false;
        c = format.charAt(++i);
      }
      directive(out, t, c, padded);
    }
    return out.toString();
  }

  private static void directive(StringBuilder out, LocalDateTime t, char c, boolean padded) {
    switch (c) {
      case 'Y' -> out.append(t.getYear());
      case 'y' -> number(out, t.getYear() % 100, 2, padded);
      case 'm' -> number(out, t.getMonthValue(), 2, padded);
      case 'd' -> number(out, t.getDayOfMonth(), 2, padded);
      case 'e' -> out.append(t.getDayOfMonth() < 10 && padded ? " " : "").append(t.getDayOfMonth());
      case 'j' -> number(out, t.getDayOfYear(), 3, padded);
      case 'H' -> number(out, t.getHour(), 2, padded);
      case 'I' -> number(out, t.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, padded);
      case 'M' -> number(out, t.getMinute(), 2, padded);
      case 'S' -> number(out, t.getSecond(), 2, padded);
      case 'f' -> number(out, t.getNano() / 1000, 6, true);
      case 'p' -> out.append(t.getHour() < 12 ? "AM" : "PM");
      case 'B' -> out.append(t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case 'b', 'h' ->
          out.append(t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH), 0, 3);
      case 'A' -> out.append(t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case 'a' -> out.append(t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
      case 'u' -> out.append(t.getDayOfWeek().getValue());
      case 'w' -> out.append(t.getDayOfWeek().getValue() % 7);
      case 'F' -> out.append(format(t, "%Y-%m-%d"));
      case 'T', 'X' -> out.append(format(t, "%H:%M:%S"));
      case 'R' -> out.append(format(t, "%H:%M"));
      case 'D', 'x' -> out.append(format(t, "%m/%d/%y"));
      case 'c' -> out.append(format(t, "%a %b %e %H:%M:%S %Y"));
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'z', 'Z' -> {} // the local time has no zone
      case '%' -> out.append('%');
      default -> out.append('%').append(c);
    }
  }

  private static void number(StringBuilder out, int value, int width, boolean padded) {
    String digits = Integer.toString(value);
    out.append("0".repeat(padded ? Math.max(0, width - digits.length()) : 0)).append(digits);
  }
}
