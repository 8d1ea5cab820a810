package dev.vtc.text.template;

import dev.vtc.text.template.Values.Generator;
import dev.vtc.text.template.Values.Namespace;
import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Tuple;
import dev.vtc.text.template.Values.Undefined;
import dev.vtc.text.template.Values.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every Python value can do: truth, text, equality, order, iteration, membership. */
final class Ops {
  final Budget budget;

  Ops(Budget budget) {
    this.budget = budget;
  }

  static Problem undefined(Undefined u) {
    return new Problem(u.what());
  }

  // ---- truth, numbers ----

  static boolean truth(Object v) {
    return switch (v) {
      case Boolean b -> b;
      case Text t -> !t.isEmpty();
      case None _, Undefined _ -> false;
      case Long l -> l != 0;
      case Double d -> d != 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case View view -> !view.items().isEmpty();
      default -> true;
    };
  }

  /** A number as Long or Double, booleans as 0 and 1; null for anything else. */
  static @Nullable Number number(Object v) {
    return switch (v) {
      case Long l -> l;
      case Double d -> d;
      case Boolean b -> b ? 1L : 0L;
      default -> null;
    };
  }

  /** An integer that Python would accept as index or count. */
  static long integer(Object v, String what) {
    if (v instanceof Undefined u) {
      throw undefined(u);
    }
    if (number(v) instanceof Long l) {
      return l;
    }
    throw new Problem(what + " must be an integer, not " + Values.typeName(v));
  }

  /** An integer in the range of int; larger ones are cut off, which no length can tell. */
  static int smallInteger(Object v, String what) {
    return Math.clamp(integer(v, what), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  // ---- text ----

  /** Python's {@code str(v)}. */
  Text str(Object v) {
    return switch (v) {
      case Text t -> t;
      case Undefined _ -> Text.EMPTY;
      case Long l -> Text.template(Long.toString(l));
      case Double d -> Text.template(Numbers.repr(d));
      case Boolean b -> Text.template(b ? "True" : "False");
      case None _ -> Text.template("None");
      default -> repr(v);
    };
  }

  /** Python's {@code repr(v)}. Counts as data, because it shows the insides of data. */
  Text repr(Object v) {
    TextBuilder out = new TextBuilder(budget);
    repr(out, v);
    return out.toText();
  }

  private void repr(TextBuilder out, Object v) {
    budget.enter();
    switch (v) {
      case Text t -> out.append(quote(t.chars), false);
      case Undefined _ -> out.append("Undefined", false);
      case Tuple tuple -> items(out, "(", tuple, tuple.size() == 1 ? ",)" : ")");
      case List<?> list -> items(out, "[", list, "]");
      case Map<?, ?> map -> dict(out, map);
      case View view -> items(out, view.kind() + "([", view.items(), "])");
      case Namespace ns -> {
        out.append("<Namespace ", false);
        dict(out, ns.attributes());
        out.append(">", false);
      }
      case Long _, Double _, Boolean _, None _ -> out.append(str(v).chars, false);
      default -> out.append("<" + Values.typeName(v) + ">", false);
    }
    budget.leave();
  }

  private void items(TextBuilder out, String open, List<?> items, String close) {
    out.append(open, false);
    String separator = "";
    for (Object item : items) {
      out.append(separator, false);
      repr(out, item);
      separator = ", ";
    }
    out.append(close, false);
  }

  private void dict(TextBuilder out, Map<?, ?> map) {
    out.append("{", false);
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator, false);
      repr(out, entry.getKey());
      out.append(": ", false);
      repr(out, entry.getValue());
      separator = ", ";
    }
    out.append("}", false);
  }

  private static String quote(String s) {
    char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(s.length() + 2).append(quote);
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (c == quote || c == '\\') {
        out.append('\\').append((char) c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (isPrintable(c)) {
        out.appendCodePoint(c);
      } else if (c < 0x100) {
        Numbers.hex(out.append("\\x"), c, 2);
      } else if (c < 0x10000) {
        Numbers.hex(out.append("\\u"), c, 4);
      } else {
        Numbers.hex(out.append("\\U"), c, 8);
      }
    }
    return out.append(quote).toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  // ---- equality and order ----

  boolean equal(Object a, Object b) {
    budget.charge(1);
    if (a instanceof Text s && b instanceof Text t) {
      budget.chargeChars(Math.min(s.chars.length(), t.chars.length()));
      return s.equals(t);
    }
    Number x = number(a);
    Number y = number(b);
    if (x != null && y != null) {
      return Numbers.compare(x, y) == 0;
    }
    if (a instanceof Undefined || a instanceof None || a instanceof Values.Function) {
      return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
    }
    budget.enter();
    boolean same = false;
    if (a instanceof List<?> s && b instanceof List<?> t) {
      same = a instanceof Tuple == b instanceof Tuple && s.size() == t.size();
      for (int i = 0; same && i < s.size(); i++) {
        same = equal(s.get(i), t.get(i));
      }
    } else if (a instanceof Map<?, ?> s && b instanceof Map<?, ?> t) {
      same = s.size() == t.size();
      for (Map.Entry<?, ?> entry : s.entrySet()) {
        Object other = t.get(entry.getKey());
        same = same && other != null && equal(entry.getValue(), other);
      }
    }
    budget.leave();
    return same;
  }

  /**
   * Python's order: negative, 0 or positive; an error where there is none.
   *
   * @param operator for the message
   * @return {@link Numbers#UNORDERED} for NaN
   */
  int compare(Object a, Object b, String operator) {
    budget.charge(1);
    Number x = number(a);
    Number y = number(b);
    if (x != null && y != null) {
      return Numbers.compare(x, y);
    }
    if (a instanceof Text s && b instanceof Text t) {
      budget.chargeChars(Math.min(s.chars.length(), t.chars.length()));
      return compareCodePoints(s.chars, t.chars);
    }
    if (a instanceof List<?> s
        && b instanceof List<?> t
        && a instanceof Tuple == b instanceof Tuple) {
      budget.enter();
      int result = Integer.compare(s.size(), t.size());
      for (int i = 0; i < Math.min(s.size(), t.size()); i++) {
        if (!equal(s.get(i), t.get(i))) {
          result = compare(s.get(i), t.get(i), operator);
          break;
        }
      }
      budget.leave();
      return result;
    }
    throw binary(operator, a, b);
  }

  /** Sorts; where NaN leaves no order, an error. */
  <T> void sort(List<T> list, Comparator<T> comparator) {
    try {
      list.sort(comparator);
    } catch (IllegalArgumentException e) {
      throw new Problem("values without an order, such as NaN, cannot be sorted");
    }
  }

  private static int compareCodePoints(String s, String t) {
    for (int i = 0; i < s.length() && i < t.length(); i++) {
      char c = s.charAt(i);
      char d = t.charAt(i);
      if (c != d) {
        // surrogates stand for code points above all others
        boolean cs = Character.isSurrogate(c);
        boolean ds = Character.isSurrogate(d);
        return cs == ds ? Character.compare(c, d) : cs ? 1 : -1;
      }
    }
    return Integer.compare(s.length(), t.length());
  }

  /** The error of an operator that these operands do not have. */
  static Problem binary(String operator, Object a, Object b) {
    if (a instanceof Undefined u) {
      return undefined(u);
    }
    if (b instanceof Undefined u) {
      return undefined(u);
    }
    return new Problem(
        "the operator '"
            + operator
            + "' does not work on "
            + Values.typeName(a)
            + " and "
            + Values.typeName(b));
  }

  // ---- containers ----

  /**
   * A value as key of a dict: equal numbers are one key. (Python would keep which of them came
   * first.)
   */
  static Object key(Object v) {
    return switch (v) {
      case Text _, Long _, None _ -> v;
      case Boolean b -> b ? 1L : 0L;
      case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 -> (long) (double) d;
      case Double d -> d;
      default ->
          throw new Problem(
              "a value of type " + Values.typeName(v) + " cannot be the key of a dict");
    };
  }

  boolean contains(Object container, Object item) {
    return switch (container) {
      case Text t -> containsText(t, item);
      case Map<?, ?> map -> !(item instanceof Undefined) && map.containsKey(key(item));
      case Generator generator -> contains(generator.items(), item);
      default -> contains(iterate(container).iterator(), item);
    };
  }

  private boolean contains(Iterator<Object> items, Object item) {
    while (items.hasNext()) {
      if (equal(items.next(), item)) {
        return true;
      }
    }
    return false;
  }

  private boolean containsText(Text t, Object item) {
    if (!(item instanceof Text wanted)) {
      throw item instanceof Undefined u
          ? undefined(u)
          : new Problem("'in' a string needs a string on its left, not " + Values.typeName(item));
    }
    budget.chargeSearch(t.chars.length(), wanted.chars.length());
    return t.chars.contains(wanted.chars);
  }

  /** The items that a loop over the value sees. */
  List<Object> iterate(Object v) {
    return switch (v) {
      case List<?> list -> objects(list);
      case Text t -> characters(t);
      case Map<?, ?> map -> {
        budget.charge(map.size());
        yield new ArrayList<>(map.keySet());
      }
      case View view -> view.items();
      case Undefined _ -> List.of();
      case Generator generator -> {
        List<Object> items = new ArrayList<>();
        for (Iterator<Object> it = generator.items(); it.hasNext(); ) {
          budget.charge(1);
          items.add(it.next());
        }
        yield items;
      }
      default -> throw new Problem("a value of type " + Values.typeName(v) + " cannot be walked");
    };
  }

  @SuppressWarnings(
      "unchecked") // the lists of a template hold nothing but its values, and nobody changes them
  static List<Object> objects(List<?> list) {
    return (List<Object>) list;
  }

  @SuppressWarnings(
      "unchecked") // the dicts of a template hold nothing but its values, and nobody changes them
  static Map<Object, Object> objects(Map<?, ?> map) {
    return (Map<Object, Object>) map;
  }

  private List<Object> characters(Text t) {
    budget.charge(4L * t.chars.length()); // each becomes an object
    List<Object> list = new ArrayList<>(t.chars.length());
    for (int i = 0; i < t.chars.length(); ) {
      int end = t.chars.offsetByCodePoints(i, 1);
      list.add(t.sub(i, end));
      i = end;
    }
    return list;
  }

  /** Python's {@code len}. */
  long length(Object v) {
    return switch (v) {
      case Text t -> {
        budget.chargeChars(t.chars.length());
        yield t.length();
      }
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case View view -> view.items().size();
      case Undefined _ -> 0;
      default -> throw new Problem("a value of type " + Values.typeName(v) + " has no length");
    };
  }
}
