package dev.vtc.app.lab;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the SVG that VectorGraphics2D writes small without a visible change: a tenth of a pixel is
 * enough for every coordinate, and lines of one style that follow each other become one path. A
 * curve of 300 points and its grid were 105 kB, and are 26.
 */
final class SvgText {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d{2,}");
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*<line (style=\"[^\"]*\") x1=\"([^\"]*)\" x2=\"([^\"]*)\" y1=\"([^\"]*)\""
              + " y2=\"([^\"]*)\"/>");

  private final StringBuilder out = new StringBuilder();
  private String style = "";
  private String end = "";

  private SvgText() {}

  /**
   * The small form.
   *
   * @param svg as VectorGraphics2D writes it, one element a line
   * @param title what the picture is called, for those who cannot see it
   */
  static String compact(String svg, String title) {
    SvgText text = new SvgText();
    NUMBER
        .matcher(svg)
        .replaceAll(m -> tenth(Double.parseDouble(m.group())))
        .lines()
        .forEach(text::line);
    text.finish();
    String escaped = title.replace("&", "&amp;").replace("<", "&lt;");
    return text.out
        .toString()
        .replaceFirst(
            "(<svg[^>]*>)", "$1\n  <title>" + Matcher.quoteReplacement(escaped) + "</title>");
  }

  private static String tenth(double value) {
    String s = String.format(Locale.ROOT, "%.1f", value);
    return s.endsWith(".0") ? s.substring(0, s.length() - 2) : s;
  }

  private void line(String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      finish();
      // In paths a command or a minus sign ends a number, too.
      String text = line.strip();
      boolean path = text.startsWith("<path");
      out.append(path ? text.replaceAll(" ([MLQCZ])", "$1").replaceAll("[ ,]-", "-") : text);
      out.append('\n');
      return;
    }
    if (!m.group(1).equals(style)) {
      finish();
      style = m.group(1);
      out.append("<path ").append(style).append(" d=\"");
    }
    String from = m.group(2) + " " + m.group(4);
    if (!from.equals(end)) {
      out.append('M').append(from);
    }
    end = m.group(3) + " " + m.group(5);
    out.append('L').append(end);
  }

  private void finish() {
    if (!style.isEmpty()) {
      out.append("\"/>\n");
    }
    style = "";
    end = "";
  }
}
