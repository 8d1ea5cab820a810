package dev.vtc.text.template;

import dev.vtc.text.template.Values.None;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The filter {@code tojson} as transformers defines it: Python's {@code json.dumps} with {@code
 * ensure_ascii=False} by default.
 */
final class Json {
  private final Ops ops;
  private final TextBuilder out;
  private final boolean ascii;
  private final boolean indented;
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sortKeys;

  private Json(Ops ops, Args args) {
    this.ops = ops;
    this.out = new TextBuilder(ops.budget);
    this.ascii = Ops.truth(args.get(1, "ensure_ascii", false));
    Object spaces = args.get(2, "indent", None.NONE);
    this.indented = spaces != None.NONE;
    if (spaces instanceof Text t) {
      this.indent = t.chars;
    } else {
      int width = indented ? Math.max(0, Ops.smallInteger(spaces, "the indent of tojson")) : 0;
      ops.budget.checkText(width);
      this.indent = " ".repeat(width);
    }
    String item = indented ? "," : ", ";
    String key = ": ";
    Object separators = args.get(3, "separators", None.NONE);
    if (separators != None.NONE) {
      if (!(separators instanceof List<?> pair && pair.size() == 2)) {
        throw new Problem("the separators of tojson must be two strings");
      }
      item = ops.str(pair.get(0)).chars;
      key = ops.str(pair.get(1)).chars;
    }
    this.itemSeparator = item;
    this.keySeparator = key;
    this.sortKeys = Ops.truth(args.get(4, "sort_keys", false));
  }

  /**
   * The filter.
   *
   * @param args the value, then ensure_ascii, indent, separators, sort_keys
   */
  static Text toJson(Ops ops, Args args) {
    args.expect("tojson", "value", "ensure_ascii", "indent", "separators", "sort_keys");
    Json json = new Json(ops, args);
    json.value(args.need(0, "value"), 0);
    return json.out.toText();
  }

  private void put(String s) {
    out.append(s, false);
  }

  private void value(Object v, int level) {
    ops.budget.enter();
    switch (v) {
      case Text t -> string(t.chars);
      case None _ -> put("null");
      case Boolean b -> put(b ? "true" : "false");
      case Long l -> put(Long.toString(l));
      case Double d -> put(number(d));
      case List<?> list -> {
        put("[");
        for (int i = 0; i < list.size(); i++) {
          next(i, level + 1);
          value(list.get(i), level + 1);
        }
        close("]", list.isEmpty(), level);
      }
      case Map<?, ?> map -> {
        put("{");
        int i = 0;
        for (Object key : keys(map)) {
          next(i++, level + 1);
          string(keyText(key));
          put(keySeparator);
          value(Ops.objects(map).getOrDefault(key, None.NONE), level + 1);
        }
        close("}", map.isEmpty(), level);
      }
      case Values.Undefined u -> throw new Problem(u.what() + ", so it has no JSON form");
      default -> throw new Problem("a value of type " + Values.typeName(v) + " has no JSON form");
    }
    ops.budget.leave();
  }

  private List<Object> keys(Map<?, ?> map) {
    List<Object> keys = new ArrayList<>(map.keySet());
    if (sortKeys) {
      ops.budget.charge(16L * keys.size());
      ops.sort(keys, (a, b) -> ops.compare(a, b, "<"));
    }
    return keys;
  }

  private static String keyText(Object key) {
    return switch (key) {
      case Text t -> t.chars;
      case None _ -> "null";
      case Double d -> number(d);
      default -> key.toString();
    };
  }

  private static String number(double d) {
    return Double.isNaN(d)
        ? "NaN"
        : Double.isInfinite(d) ? (d > 0 ? "Infinity" : "-Infinity") : Numbers.repr(d);
  }

  private void next(int index, int level) {
    if (index > 0) {
      put(itemSeparator);
    }
    newline(level);
  }

  private void close(String bracket, boolean empty, int level) {
    if (!empty) {
      newline(level);
    }
    put(bracket);
  }

  private void newline(int level) {
    if (indented) {
      put("\n");
      for (int i = 0; i < level; i++) {
        put(indent);
      }
    }
  }

  private void string(String s) {
    ops.budget.chargeChars(s.length());
    StringBuilder b = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> b.append("\\\"");
        case '\\' -> b.append("\\\\");
        case '\n' -> b.append("\\n");
        case '\r' -> b.append("\\r");
        case '\t' -> b.append("\\t");
        case '\b' -> b.append("\\b");
        case '\f' -> b.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            Numbers.hex(b.append("\\u"), c, 4);
          } else {
            b.append(c);
          }
        }
      }
    }
    put(b.append('"').toString());
  }
}
