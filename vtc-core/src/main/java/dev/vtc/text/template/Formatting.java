package dev.vtc.text.template;

import dev.vtc.text.template.Values.Tuple;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code '…' % values} and {@code '…'.format(…)} for the conversions that templates use: s, r, d,
 * i, f, x, X and %%.
 */
final class Formatting {
  private static final int MAX_WIDTH = 10_000;

  private final Ops ops;

  Formatting(Ops ops) {
    this.ops = ops;
  }

  /** The width, alignment and kind of one conversion. */
  private static final class Spec {
    char fill = ' ';
    char align; // '<', '>', '^', '=' or 0: as the type wants
    char sign = '-';
    boolean comma;
    int width;
    int precision = -1;
    char type = 's';
  }

  Text percent(Text format, Object values) {
    List<Object> list = values instanceof Tuple tuple ? tuple : List.of(values);
    TextBuilder out = new TextBuilder(ops.budget);
    String f = format.chars;
    int used = 0;
    int i = 0;
    while (i < f.length()) {
      int percent = f.indexOf('%', i);
      int end = percent < 0 ? f.length() : percent;
      out.append(format, i, end);
      i = end + 1;
      if (percent < 0) {
        break;
      }
      Object value = null;
      if (i < f.length() && f.charAt(i) == '(') {
        int close = f.indexOf(')', i);
        if (close < 0 || !(values instanceof Map<?, ?> map)) {
          throw new Problem("a format with names needs a dict");
        }
        value = map.get(Text.data(f.substring(i + 1, close)));
        if (value == null) {
          throw new Problem(
              "the format names '" + f.substring(i + 1, close) + "', which is not there");
        }
        i = close + 1;
        used = list.size();
      }
      Spec spec = new Spec();
      spec.align = '>';
      for (; i < f.length() && "-+0 #".indexOf(f.charAt(i)) >= 0; i++) {
        switch (f.charAt(i)) {
          case '-' -> spec.align = '<';
          case '0' -> spec.fill = '0';
          case '#' -> {}
          default -> spec.sign = f.charAt(i);
        }
      }
      i = size(f, i, spec);
      if (i >= f.length()) {
        throw new Problem("the format ends inside a conversion");
      }
      spec.type = f.charAt(i++);
      if (spec.type == '%') {
        out.append("%");
        continue;
      }
      if (value == null) {
        if (used == list.size()) {
          throw new Problem("the format has more conversions than there are values");
        }
        value = list.get(used++);
      }
      if (spec.fill == '0' && spec.align == '>') {
        spec.align = '=';
      }
      convert(out, spec, value);
    }
    if (used < list.size() && !(values instanceof Map<?, ?>)) {
      throw new Problem("the format has fewer conversions than there are values");
    }
    return out.toText();
  }

  Text format(Text format, Args args, Access access) {
    TextBuilder out = new TextBuilder(ops.budget);
    String f = format.chars;
    int automatic = 0;
    for (int i = 0; i < f.length(); ) {
      char c = f.charAt(i);
      if ((c == '{' || c == '}') && i + 1 < f.length() && f.charAt(i + 1) == c) {
        out.append(format, i, i + 1);
        i += 2;
        continue;
      }
      if (c == '}') {
        throw new Problem("the format has a single '}'");
      }
      if (c != '{') {
        int end = i;
        while (end < f.length() && f.charAt(end) != '{' && f.charAt(end) != '}') {
          end++;
        }
        out.append(format, i, end);
        i = end;
        continue;
      }
      int close = f.indexOf('}', i);
      if (close < 0) {
        throw new Problem("the format has a '{' that is not closed");
      }
      String field = f.substring(i + 1, close);
      i = close + 1;
      int colon = field.indexOf(':');
      String name = colon < 0 ? field : field.substring(0, colon);
      boolean repr = name.endsWith("!r");
      if (repr || name.endsWith("!s")) {
        name = name.substring(0, name.length() - 2);
      }
      int path = 0;
      while (path < name.length() && name.charAt(path) != '.' && name.charAt(path) != '[') {
        path++;
      }
      String first = name.substring(0, path);
      Object value;
      Long number = first.isEmpty() ? Long.valueOf(automatic++) : Numbers.parseIndex(first);
      if (number != null) {
        if (number < 0 || number >= args.size()) {
          throw new Problem("the format has more fields than there are values");
        }
        value = args.positional().get(number.intValue());
      } else {
        value = args.need(Integer.MAX_VALUE, first);
      }
      for (String part : parts(name.substring(path))) {
        Long index = Numbers.parseIndex(part);
        value = access.item(value, index != null ? index : Text.template(part));
      }
      Spec spec = new Spec();
      spec.type = 0;
      parse(spec, colon < 0 ? "" : field.substring(colon + 1));
      convert(out, spec, repr ? ops.repr(value) : value);
    }
    return out.toText();
  }

  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("[.\\[\\]]", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static void parse(Spec spec, String s) {
    int i = 0;
    if (s.length() > 1 && "<>^=".indexOf(s.charAt(1)) >= 0) {
      spec.fill = s.charAt(0);
      spec.align = s.charAt(1);
      i = 2;
    } else if (!s.isEmpty() && "<>^=".indexOf(s.charAt(0)) >= 0) {
      spec.align = s.charAt(0);
      i = 1;
    }
    if (i < s.length() && "+- ".indexOf(s.charAt(i)) >= 0) {
      spec.sign = s.charAt(i++);
    }
    if (i < s.length() && s.charAt(i) == '0') {
      spec.fill = '0';
      spec.align = spec.align == 0 ? '=' : spec.align;
      i++;
    }
    i = size(s, i, spec);
    if (i < s.length()) {
      spec.type = s.charAt(i++);
    }
    if (i < s.length()) {
      throw new Problem("the format '" + s + "' is not supported");
    }
  }

  private static int size(String s, int from, Spec spec) {
    int i = from;
    for (; i < s.length() && Character.digit(s.charAt(i), 10) >= 0; i++) {
      spec.width = Math.min(MAX_WIDTH + 1, 10 * spec.width + Character.digit(s.charAt(i), 10));
    }
    if (i < s.length() && s.charAt(i) == ',') {
      spec.comma = true;
      i++;
    }
    if (i < s.length() && s.charAt(i) == '.') {
      spec.precision = 0;
      for (i++; i < s.length() && Character.digit(s.charAt(i), 10) >= 0; i++) {
        spec.precision =
            Math.min(MAX_WIDTH + 1, 10 * spec.precision + Character.digit(s.charAt(i), 10));
      }
    }
    if (spec.width > MAX_WIDTH || spec.precision > MAX_WIDTH) {
      throw new Problem("a format is wider than " + MAX_WIDTH + " characters");
    }
    return i;
  }

  private void convert(TextBuilder out, Spec spec, Object value) {
    Number number = Ops.number(value);
    char type = spec.type;
    if (type == 0) {
      type =
          number == null || value instanceof Boolean
              ? 's'
              : number instanceof Long ? 'd' : spec.precision < 0 ? 's' : 'f';
    }
    if (type == 's' || type == 'r') {
      Text t = type == 'r' ? ops.repr(value) : ops.str(value);
      if (spec.precision >= 0 && t.length() > spec.precision) {
        t = t.sub(0, t.offset(spec.precision));
      }
      int pad = Math.max(0, spec.width - t.length());
      char align =
          spec.align != 0 ? spec.align : number == null || value instanceof Boolean ? '<' : '>';
      int left = align == '<' ? 0 : align == '^' ? pad / 2 : pad;
      out.append(
          String.valueOf(spec.fill == '0' && spec.align == '=' ? ' ' : spec.fill).repeat(left));
      out.append(t);
      out.append(String.valueOf(spec.fill).repeat(pad - left));
      return;
    }
    if (number == null) {
      throw value instanceof Values.Undefined u
          ? Ops.undefined(u)
          : new Problem("the format '" + type + "' needs a number, not " + Values.typeName(value));
    }
    String digits =
        switch (type) {
          case 'd', 'i' -> BigDecimal.valueOf(number.longValue()).abs().toPlainString();
          case 'x' -> Long.toHexString(Math.abs(number.longValue()));
          case 'X' ->
              Long.toHexString(Math.abs(number.longValue())).toUpperCase(java.util.Locale.ROOT);
          case 'f' -> fixed(number.doubleValue(), spec.precision < 0 ? 6 : spec.precision);
          case '%' ->
              fixed(number.doubleValue() * 100, spec.precision < 0 ? 6 : spec.precision) + "%";
          default -> throw new Problem("the format '" + type + "' is not supported");
        };
    if (spec.comma) {
      digits = grouped(digits);
    }
    boolean negative = number.doubleValue() < 0;
    String sign = negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
    int pad = Math.max(0, spec.width - sign.length() - digits.length());
    String padding = String.valueOf(spec.fill);
    char align = spec.align == 0 ? '>' : spec.align;
    int left = align == '<' || align == '=' ? 0 : align == '^' ? pad / 2 : pad;
    out.append(padding.repeat(left)).append(sign);
    if (align == '=') {
      out.append(padding.repeat(pad)).append(digits);
    } else {
      out.append(digits)
          .append((align == '<' && spec.fill == '0' ? " " : padding).repeat(pad - left));
    }
  }

  private static String fixed(double d, int precision) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return Double.isNaN(d) ? "nan" : "inf";
    }
    return new BigDecimal(Math.abs(d)).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String grouped(String digits) {
    int point = digits.indexOf('.');
    int end = point < 0 ? digits.length() : point;
    StringBuilder out = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      out.insert(i, ',');
    }
    return out.toString();
  }
}
