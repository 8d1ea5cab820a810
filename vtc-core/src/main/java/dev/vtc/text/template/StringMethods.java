package dev.vtc.text.template;

import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class StringMethods {
  private final Ops ops;
  private final Access access;

  StringMethods(Ops ops, Access access) {
    this.ops = ops;
    this.access = access;
  }

  static boolean has(String name) {
    return switch (name) {
      case "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "find",
          "format",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isspace",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "upper",
          "zfill" ->
          true;
      default -> false;
    };
  }

  Object call(Text s, String name, Args args) {
    ops.budget.chargeChars(s.chars.length());
    return switch (name) {
      case "capitalize" -> capitalize(s);
      case "casefold", "lower" -> lower(s);
      case "upper" -> upper(s);
      case "title" -> title(s);
      case "swapcase" ->
          s.map(
              ops.budget,
              t ->
                  mapChars(
                      t,
                      (c, _) ->
                          Character.isUpperCase(c)
                              ? Character.toString(c).toLowerCase(Locale.ROOT)
                              : Character.toString(c).toUpperCase(Locale.ROOT)));
      case "strip" -> strip(s, args.expect(name, "chars").get(0, "chars", None.NONE), true, true);
      case "lstrip" -> strip(s, args.expect(name, "chars").get(0, "chars", None.NONE), true, false);
      case "rstrip" -> strip(s, args.expect(name, "chars").get(0, "chars", None.NONE), false, true);
      case "split" -> split(s, args.expect(name, "sep", "maxsplit"), false);
      case "rsplit" -> split(s, args.expect(name, "sep", "maxsplit"), true);
      case "splitlines" -> splitLines(s, Ops.truth(args.get(0, "keepends", false)));
      case "partition" -> partition(s, string(args.need(0, "sep")), false);
      case "rpartition" -> partition(s, string(args.need(0, "sep")), true);
      case "startswith" -> affix(s, args, true);
      case "endswith" -> affix(s, args, false);
      case "removeprefix" -> {
        Text prefix = string(args.need(0, "prefix"));
        yield s.chars.startsWith(prefix.chars) ? s.sub(prefix.chars.length(), s.chars.length()) : s;
      }
      case "removesuffix" -> {
        Text suffix = string(args.need(0, "suffix"));
        yield s.chars.endsWith(suffix.chars)
            ? s.sub(0, s.chars.length() - suffix.chars.length())
            : s;
      }
      case "replace" ->
          replace(
              s,
              string(args.need(0, "old")),
              string(args.need(1, "new")),
              Ops.smallInteger(args.get(2, "count", -1L), "the count of replace"));
      case "find", "index" -> (long) find(s, args, name, false);
      case "rfind", "rindex" -> (long) find(s, args, name, true);
      case "count" -> count(s, string(args.need(0, "sub")));
      case "join" -> join(s, ops.iterate(args.need(0, "iterable")));
      case "format" -> new Formatting(ops).format(s, args, access);
      case "center" -> pad(s, args, 2);
      case "ljust" -> pad(s, args, 0);
      case "rjust" -> pad(s, args, 1);
      case "zfill" -> zfill(s, Ops.smallInteger(args.need(0, "width"), "the width of zfill"));
      case "isspace" -> all(s, Chars::isSpace);
      case "isdigit", "isdecimal", "isnumeric" -> all(s, Character::isDigit);
      case "isalpha" -> all(s, Character::isLetter);
      case "isalnum" -> all(s, Character::isLetterOrDigit);
      case "isascii" -> s.isEmpty() || all(s, c -> c < 128);
      case "islower" -> isCase(s, Character::isLowerCase, Character::isUpperCase);
      default -> isCase(s, Character::isUpperCase, Character::isLowerCase); // isupper
    };
  }

  private static Text string(Object v) {
    if (v instanceof Text t) {
      return t;
    }
    throw v instanceof Values.Undefined u
        ? Ops.undefined(u)
        : new Problem("a string is needed here, not a value of type " + Values.typeName(v));
  }

  // ---- case ----

  Text upper(Text s) {
    return s.map(ops.budget, t -> t.toUpperCase(Locale.ROOT));
  }

  Text lower(Text s) {
    return s.map(ops.budget, t -> t.toLowerCase(Locale.ROOT));
  }

  Text capitalize(Text s) {
    if (s.isEmpty()) {
      return s;
    }
    int first = s.offset(1);
    Text head = s.sub(0, first).map(ops.budget, t -> mapChars(t, (c, _) -> titleCase(c)));
    return new TextBuilder(ops.budget)
        .append(head)
        .append(lower(s.sub(first, s.chars.length())))
        .toText();
  }

  private Text title(Text s) {
    // what precedes a run decides how it begins, so the runs are not independent
    TextBuilder out = new TextBuilder(ops.budget);
    int before = ' ';
    for (int run = 0; run < s.runs(); run++) {
      int previous = before;
      String part = s.chars.substring(s.runStart(run), s.runEnd(run));
      out.append(
          mapChars(
              part,
              (c, i) -> {
                int left = i == 0 ? previous : part.codePointBefore(i);
                return Character.isLetter(left)
                    ? Character.toString(c).toLowerCase(Locale.ROOT)
                    : titleCase(c);
              }),
          s.runFromTemplate(run));
      before = part.isEmpty() ? before : part.codePointBefore(part.length());
    }
    return out.toText();
  }

  /** A character as the first of a word: 'ß' gives "Ss". */
  private static String titleCase(int c) {
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    if (upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(Character.toTitleCase(c));
    }
    int first = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
  }

  private interface CharChange {
    String apply(int codePoint, int offset);
  }

  private static String mapChars(String s, CharChange change) {
    StringBuilder out = new StringBuilder(s.length());
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      out.append(change.apply(c, i));
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static boolean all(Text s, IntPredicate test) {
    return !s.isEmpty() && s.chars.codePoints().allMatch(test);
  }

  private static boolean isCase(Text s, IntPredicate wanted, IntPredicate other) {
    return s.chars.codePoints().anyMatch(wanted) && s.chars.codePoints().noneMatch(other);
  }

  // ---- ends ----

  Text strip(Text s, Object chars, boolean left, boolean right) {
    String set = chars instanceof None ? null : string(chars).chars;
    String c = s.chars;
    ops.budget.chargeChars((long) c.length() * (set == null ? 1 : 1 + set.length() / 4));
    int from = 0;
    int to = c.length();
    while (left && from < to) {
      int code = c.codePointAt(from);
      if (set == null ? !Chars.isSpace(code) : set.indexOf(code) < 0) {
        break;
      }
      from += Character.charCount(code);
    }
    while (right && from < to) {
      int code = c.codePointBefore(to);
      if (set == null ? !Chars.isSpace(code) : set.indexOf(code) < 0) {
        break;
      }
      to -= Character.charCount(code);
    }
    return s.sub(from, to);
  }

  private boolean affix(Text s, Args args, boolean start) {
    Object affix = args.need(0, "prefix");
    int from = 0;
    int to = s.chars.length();
    if (args.size() > 1) {
      int length = s.length();
      from = s.offset(clip(args.get(1, "start", 0L), length, 0));
      to = s.offset(clip(args.get(2, "end", None.NONE), length, length));
    }
    if (affix instanceof Tuple several) {
      for (Object one : several) {
        if (affix(s, string(one), from, to, start)) {
          return true;
        }
      }
      return false;
    }
    return affix(s, string(affix), from, to, start);
  }

  private boolean affix(Text s, Text affix, int from, int to, boolean start) {
    ops.budget.chargeChars(affix.chars.length());
    int length = affix.chars.length();
    return to - from >= length && s.chars.startsWith(affix.chars, start ? from : to - length);
  }

  private static int clip(Object bound, int length, int otherwise) {
    if (bound instanceof None) {
      return otherwise;
    }
    int i = Ops.smallInteger(bound, "a bound");
    return Math.clamp(i < 0 ? (long) i + length : i, 0, length);
  }

  // ---- searching ----

  private int find(Text s, Args args, String name, boolean last) {
    Text wanted = string(args.need(0, "sub"));
    int length = s.length();
    int from = s.offset(clip(args.get(1, "start", 0L), length, 0));
    int to = s.offset(clip(args.get(2, "end", None.NONE), length, length));
    ops.budget.chargeSearch(s.chars.length(), wanted.chars.length());
    int at = -1;
    if (to - from >= wanted.chars.length()) {
      at =
          last
              ? s.chars.lastIndexOf(wanted.chars, to - wanted.chars.length())
              : s.chars.indexOf(wanted.chars, from, to);
    }
    if (at < from) {
      if (name.endsWith("index")) {
        throw new Problem("the substring is not found");
      }
      return -1;
    }
    return s.chars.codePointCount(0, at);
  }

  private long count(Text s, Text wanted) {
    ops.budget.chargeSearch(s.chars.length(), wanted.chars.length());
    if (wanted.isEmpty()) {
      return s.length() + 1L;
    }
    long n = 0;
    for (int at = s.chars.indexOf(wanted.chars);
        at >= 0;
        at = s.chars.indexOf(wanted.chars, at + wanted.chars.length())) {
      n++;
    }
    return n;
  }

  /** Replaces the first {@code count} occurrences, all if it is negative. */
  Text replace(Text s, Text old, Text by, int count) {
    ops.budget.chargeSearch(s.chars.length(), old.chars.length());
    TextBuilder out = new TextBuilder(ops.budget);
    int left = count < 0 ? Integer.MAX_VALUE : count;
    int done = 0;
    if (old.isEmpty()) { // before each character and at the end
      for (int i = 0; i <= s.chars.length() && left > 0; left--) {
        out.append(by);
        done = i == s.chars.length() ? i : s.chars.offsetByCodePoints(i, 1);
        out.append(s, i, done);
        i = done == i ? i + 1 : done;
      }
      return out.append(s, done, s.chars.length()).toText();
    }
    for (int at = s.chars.indexOf(old.chars); at >= 0 && left > 0; left--) {
      out.append(s, done, at).append(by);
      done = at + old.chars.length();
      at = s.chars.indexOf(old.chars, done);
    }
    return done == 0 ? s : out.append(s, done, s.chars.length()).toText();
  }

  // ---- parts ----

  private List<Object> split(Text s, Args args, boolean fromRight) {
    Object separator = args.get(0, "sep", None.NONE);
    int max = Ops.smallInteger(args.get(1, "maxsplit", -1L), "the maxsplit of split");
    int left = max < 0 ? Integer.MAX_VALUE : max;
    List<Object> parts =
        separator instanceof None
            ? splitSpace(s, left, fromRight)
            : splitAt(s, string(separator), left, fromRight);
    ops.budget.charge(2L * parts.size());
    return fromRight ? new ArrayList<>(parts.reversed()) : parts;
  }

  private List<Object> splitAt(Text s, Text separator, int max, boolean fromRight) {
    String sep = separator.chars;
    if (sep.isEmpty()) {
      throw new Problem("the separator of split is empty");
    }
    ops.budget.chargeSearch(s.chars.length(), sep.length());
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int to = s.chars.length();
    int left = max;
    if (fromRight) {
      for (int at = s.chars.lastIndexOf(sep);
          at >= 0 && left > 0;
          at = to < sep.length() ? -1 : s.chars.lastIndexOf(sep, to - sep.length()), left--) {
        ops.budget.charge(1);
        parts.add(s.sub(at + sep.length(), to));
        to = at;
      }
    } else {
      for (int at = s.chars.indexOf(sep);
          at >= 0 && left > 0;
          at = s.chars.indexOf(sep, from), left--) {
        ops.budget.charge(1);
        parts.add(s.sub(from, at));
        from = at + sep.length();
      }
    }
    parts.add(s.sub(from, to));
    return parts;
  }

  private List<Object> splitSpace(Text s, int max, boolean fromRight) {
    List<Object> parts = new ArrayList<>();
    Text rest =
        strip(s, None.NONE, !fromRight, fromRight); // what is left at the far end stays as it is
    String c = rest.chars;
    int from = 0;
    int to = c.length();
    while (from < to) {
      ops.budget.charge(1);
      if (parts.size() == max) {
        parts.add(rest.sub(from, to));
        break;
      }
      int i;
      if (fromRight) {
        i = wordStart(c, to);
        parts.add(rest.sub(i, to));
        to = i;
        while (to > 0 && Chars.isSpace(c.charAt(to - 1))) {
          to--;
        }
      } else {
        i = from;
        while (i < to && !Chars.isSpace(c.charAt(i))) {
          i++;
        }
        parts.add(rest.sub(from, i));
        from = Chars.skipSpace(c, i);
      }
    }
    return parts;
  }

  private static int wordStart(String c, int end) {
    int i = end;
    while (i > 0 && !Chars.isSpace(c.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private List<Object> splitLines(Text s, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    String c = s.chars;
    int from = 0;
    for (int i = 0; i < c.length(); i++) {
      if (!isLineEnd(c.charAt(i))) {
        continue;
      }
      int end =
          c.charAt(i) == '\r' && i + 1 < c.length() && c.charAt(i + 1) == '\n' ? i + 2 : i + 1;
      ops.budget.charge(2);
      lines.add(s.sub(from, keepEnds ? end : i));
      from = end;
      i = end - 1;
    }
    if (from < c.length()) {
      lines.add(s.sub(from, c.length()));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private Tuple partition(Text s, Text separator, boolean fromRight) {
    if (separator.isEmpty()) {
      throw new Problem("the separator of partition is empty");
    }
    ops.budget.chargeSearch(s.chars.length(), separator.chars.length());
    int at = fromRight ? s.chars.lastIndexOf(separator.chars) : s.chars.indexOf(separator.chars);
    if (at < 0) {
      return fromRight ? Tuple.of(Text.EMPTY, Text.EMPTY, s) : Tuple.of(s, Text.EMPTY, Text.EMPTY);
    }
    int end = at + separator.chars.length();
    return Tuple.of(s.sub(0, at), s.sub(at, end), s.sub(end, s.chars.length()));
  }

  private Text join(Text separator, List<Object> items) {
    TextBuilder out = new TextBuilder(ops.budget);
    for (int i = 0; i < items.size(); i++) {
      ops.budget.charge(1);
      out.append(i == 0 ? Text.EMPTY : separator).append(string(items.get(i)));
    }
    return out.toText();
  }

  // ---- padding ----

  /** side: 0 text left, 1 text right, 2 centred as CPython does. */
  private Text pad(Text s, Args args, int side) {
    int width = Ops.smallInteger(args.need(0, "width"), "a width");
    Text fill = string(args.get(1, "fillchar", Text.template(" ")));
    if (fill.length() != 1) {
      throw new Problem("the fill must be one character");
    }
    int pad = Math.max(0, width - s.length());
    int left = side == 0 ? 0 : side == 1 ? pad : pad / 2 + (pad & width & 1);
    TextBuilder out = new TextBuilder(ops.budget);
    ops.budget.checkText(width);
    out.append(fill.chars.repeat(left), fill.runFromTemplate(0)).append(s);
    return out.append(fill.chars.repeat(pad - left), fill.runFromTemplate(0)).toText();
  }

  private Text zfill(Text s, int width) {
    int pad = Math.max(0, width - s.length());
    ops.budget.checkText(pad);
    int sign = s.chars.startsWith("-") || s.chars.startsWith("+") ? 1 : 0;
    return new TextBuilder(ops.budget)
        .append(s, 0, sign)
        .append("0".repeat(pad))
        .append(s, sign, s.chars.length())
        .toText();
  }
}
