package dev.vtc.text.template;

import dev.vtc.text.template.Values.Generator;
import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Tuple;
import dev.vtc.text.template.Values.Undefined;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jinja's filters on one value. Those that walk lists are in {@link ListFilters}. */
final class Filters {
  private final Ops ops;
  private final StringMethods strings;
  private final ListFilters lists;

  Filters(Ops ops, Access access, Tests tests) {
    this.ops = ops;
    this.strings = access.strings();
    this.lists = new ListFilters(ops, access, tests, this);
  }

  static boolean isKnown(String name) {
    return switch (name) {
      case "abs",
          "attr",
          "batch",
          "capitalize",
          "center",
          "count",
          "d",
          "default",
          "dictsort",
          "e",
          "escape",
          "first",
          "float",
          "forceescape",
          "format",
          "groupby",
          "indent",
          "int",
          "items",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "max",
          "min",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "round",
          "safe",
          "select",
          "selectattr",
          "slice",
          "sort",
          "string",
          "sum",
          "title",
          "tojson",
          "trim",
          "truncate",
          "unique",
          "upper",
          "urlencode",
          "wordcount" ->
          true;
      default -> false;
    };
  }

  /**
   * @param args the value, then the arguments of the filter
   */
  Object apply(String name, Args args) {
    if (!isKnown(name)) {
      throw new Problem("there is no filter named '" + name + "'");
    }
    Object v = args.need(0, "value");
    ops.budget.charge(1);
    return switch (name) {
      case "default", "d" -> {
        args.expect(name, "value", "default_value", "boolean");
        boolean missing =
            v instanceof Undefined || (Ops.truth(args.get(2, "boolean", false)) && !Ops.truth(v));
        yield missing ? args.get(1, "default_value", Text.EMPTY) : v;
      }
      case "tojson" -> Json.toJson(ops, args);
      case "safe" -> text(args, name).markup();
      case "string" -> ops.str(args.expect(name, "value").need(0, "value"));
      case "length", "count" -> ops.length(args.expect(name, "value").need(0, "value"));
      case "trim" ->
          strings.strip(
              ops.str(v),
              args.expect(name, "value", "chars").get(1, "chars", None.NONE),
              true,
              true);
      case "upper" -> strings.upper(text(args, name));
      case "lower" -> strings.lower(text(args, name));
      case "capitalize" -> strings.capitalize(text(args, name));
      case "title" -> title(text(args, name));
      case "replace" -> replace(args.expect(name, "value", "old", "new", "count"));
      case "indent" -> indent(args.expect(name, "value", "width", "first", "blank"));
      case "truncate" -> truncate(args);
      case "center" -> strings.call(ops.str(v), "center", Args.of(args.get(1, "width", 80L)));
      case "wordcount" -> wordCount(text(args, name));
      case "escape", "e" -> {
        Text t = text(args, name);
        yield t.isMarkup ? t : t.escaped(ops.budget);
      }
      case "forceescape" -> text(args, name).escaped(ops.budget);
      case "urlencode" -> urlEncode(text(args, name));
      case "format" -> {
        List<Object> values = args.positional().subList(1, args.size());
        Map<Object, Object> named = new LinkedHashMap<>();
        args.named().forEach((key, value) -> named.put(Text.template(key), value));
        yield new Formatting(ops).percent(ops.str(v), named.isEmpty() ? new Tuple(values) : named);
      }
      case "abs" -> abs(args.expect(name, "value").need(0, "value"));
      case "round" -> round(args.expect(name, "value", "precision", "method"));
      case "int" -> toInt(args.expect(name, "value", "default", "base"));
      case "float" -> toFloat(args.expect(name, "value", "default"));
      case "items" -> {
        if (v instanceof Map<?, ?> map) {
          ops.budget.charge(map.size());
          yield new Generator(Access.items(Ops.objects(map)));
        }
        if (v instanceof Undefined) {
          yield new Generator(List.of());
        }
        throw new Problem(
            "the filter 'items' needs a dict, not a value of type " + Values.typeName(v));
      }
      default -> lists.apply(name, v, args);
    };
  }

  private Text text(Args args, String name) {
    Text t = ops.str(args.expect(name, "value").need(0, "value"));
    ops.budget.chargeChars(t.chars.length());
    return t;
  }

  // ---- strings ----

  /** Each word begins with a capital; words begin after blanks and opening brackets and hyphens. */
  private Text title(Text t) {
    TextBuilder out = new TextBuilder(ops.budget);
    String c = t.chars;
    int start = 0;
    for (int i = 0; i <= c.length(); i++) {
      if (i < c.length() && !Chars.isSpace(c.charAt(i)) && "-({[<".indexOf(c.charAt(i)) < 0) {
        continue;
      }
      if (i > start) {
        int first = c.offsetByCodePoints(start, 1);
        out.append(strings.upper(t.sub(start, first))).append(strings.lower(t.sub(first, i)));
      }
      out.append(t, i, Math.min(i + 1, c.length()));
      start = i + 1;
    }
    return out.toText();
  }

  private Text replace(Args args) {
    Object count = args.get(3, "count", None.NONE);
    return strings.replace(
        ops.str(args.need(0, "value")),
        ops.str(args.need(1, "old")),
        ops.str(args.need(2, "new")),
        count instanceof None ? -1 : Ops.smallInteger(count, "the count of replace"));
  }

  private Text indent(Args args) {
    Object v = args.need(0, "value");
    if (!(v instanceof Text t)) {
      throw v instanceof Undefined u
          ? Ops.undefined(u)
          : new Problem(
              "the filter 'indent' needs a string, not a value of type " + Values.typeName(v));
    }
    Object width = args.get(1, "width", 4L);
    Text indent;
    if (width instanceof Text w) {
      indent = w;
    } else {
      int n = Math.max(0, Ops.smallInteger(width, "the width of indent"));
      ops.budget.checkText(n);
      indent = Text.template(" ".repeat(n));
    }
    boolean blank = Ops.truth(args.get(3, "blank", false));
    Text newline = Text.template("\n");
    List<Object> lines =
        Ops.objects(
            (List<?>)
                strings.call(
                    new TextBuilder(ops.budget).append(t).append(newline).toText(),
                    "splitlines",
                    Args.NONE));
    TextBuilder out = new TextBuilder(ops.budget);
    for (int i = 0; i < lines.size(); i++) {
      Text line = (Text) lines.get(i);
      if (i > 0) {
        out.append(newline);
      }
      if (i == 0 ? Ops.truth(args.get(2, "first", false)) : blank || !line.isEmpty()) {
        out.append(indent);
      }
      out.append(line);
    }
    return out.toText();
  }

  private Text truncate(Args args) {
    args.expect("truncate", "value", "length", "killwords", "end", "leeway");
    Text t = ops.str(args.need(0, "value"));
    int length = Ops.smallInteger(args.get(1, "length", 255L), "the length of truncate");
    Text end = ops.str(args.get(3, "end", Text.template("...")));
    Object leeway = args.get(4, "leeway", 5L);
    int keep = length - end.length();
    if (keep < 0) {
      throw new Problem("truncate to " + length + " characters leaves no room for '" + end + "'");
    }
    if (t.length()
        <= (long) length
            + (leeway instanceof None ? 5 : Ops.integer(leeway, "the leeway of truncate"))) {
      return t;
    }
    Text head = t.sub(0, t.offset(keep));
    int space = head.chars.lastIndexOf(' ');
    if (!Ops.truth(args.get(2, "killwords", false)) && space >= 0) {
      head = head.sub(0, space);
    }
    return new TextBuilder(ops.budget).append(head).append(end).toText();
  }

  private static long wordCount(Text t) {
    long words = 0;
    boolean inside = false;
    for (int i = 0; i < t.chars.length(); i++) {
      boolean word = Chars.isWord(t.chars.charAt(i)) || Character.isSurrogate(t.chars.charAt(i));
      words += word && !inside ? 1 : 0;
      inside = word;
    }
    return words;
  }

  private Text urlEncode(Text t) {
    StringBuilder out = new StringBuilder();
    for (byte b : t.chars.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 128 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%')
            .append("0123456789ABCDEF".charAt(c >> 4))
            .append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return new TextBuilder(ops.budget).append(out.toString(), false).toText();
  }

  // ---- numbers ----

  private static Number numeric(Object v, String filter) {
    Number x = Ops.number(v);
    if (x == null) {
      throw v instanceof Undefined u
          ? Ops.undefined(u)
          : new Problem(
              "the filter '"
                  + filter
                  + "' needs a number, not a value of type "
                  + Values.typeName(v));
    }
    return x;
  }

  private static Object abs(Object v) {
    Number x = numeric(v, "abs");
    return x instanceof Long l ? (Object) Math.abs(l) : (Object) Math.abs(x.doubleValue());
  }

  private Object round(Args args) {
    Number x = numeric(args.need(0, "value"), "round");
    int precision = Ops.smallInteger(args.get(1, "precision", 0L), "the precision of round");
    String method = ops.str(args.get(2, "method", Text.template("common"))).chars;
    return switch (method) {
      case "common" -> Numbers.round(x, precision, RoundingMode.HALF_EVEN);
      case "ceil", "floor" -> {
        double scale = StrictMath.pow(10, precision);
        double scaled = x.doubleValue() * scale;
        yield (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
      }
      default ->
          throw new Problem("round knows the methods common, ceil and floor, not '" + method + "'");
    };
  }

  private Object toInt(Args args) {
    Object v = args.need(0, "value");
    Object otherwise = args.get(1, "default", 0L);
    int base = Ops.smallInteger(args.get(2, "base", 10L), "the base of int");
    if (v instanceof Text t) {
      ops.budget.chargeChars(t.chars.length());
      Long whole = base >= 2 && base <= 36 ? Numbers.parseInt(t.chars, base) : null;
      if (whole != null) {
        return whole;
      }
      Double d = Numbers.parseFloat(t.chars);
      return d == null || Double.isNaN(d) || Math.abs(d) >= 0x1p63
          ? otherwise
          : (Object) (long) (double) d;
    }
    Number x = Ops.number(v);
    if (x == null || (x instanceof Double d && (Double.isNaN(d) || Math.abs(d) >= 0x1p63))) {
      return v instanceof Undefined u ? missing(u) : otherwise;
    }
    return x.longValue();
  }

  private static Object missing(Undefined u) {
    throw Ops.undefined(u);
  }

  private Object toFloat(Args args) {
    Object v = args.need(0, "value");
    Object otherwise = args.get(1, "default", 0.0);
    if (v instanceof Text t) {
      ops.budget.chargeChars(t.chars.length());
      Double d = Numbers.parseFloat(t.chars);
      return d == null ? otherwise : d;
    }
    Number x = Ops.number(v);
    return x != null ? (Object) x.doubleValue() : v instanceof Undefined u ? missing(u) : otherwise;
  }
}
