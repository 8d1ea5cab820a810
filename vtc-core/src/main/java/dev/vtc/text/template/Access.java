package dev.vtc.text.template;

import dev.vtc.text.template.Values.Builtin;
import dev.vtc.text.template.Values.Namespace;
import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Tuple;
import dev.vtc.text.template.Values.Undefined;
import dev.vtc.text.template.Values.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code v.name} and {@code v[index]} as Jinja's sandbox resolves them: an attribute first, then an
 * item, and the other way round. What does not exist is undefined. Methods that would change a
 * value are undefined too.
 */
final class Access {
  /** An object of the interpreter with attributes, such as {@code loop}. */
  interface WithAttributes {
    @Nullable Object attribute(String name);
  }

  private final Ops ops;
  private final StringMethods strings;
  private final Arithmetic arithmetic;

  Access(Ops ops, Arithmetic arithmetic) {
    this.ops = ops;
    this.arithmetic = arithmetic;
    this.strings = new StringMethods(ops, this);
  }

  StringMethods strings() {
    return strings;
  }

  /** {@code v.name}. */
  Object attribute(Object v, String name) {
    Object found = method(v, name);
    if (found == null && v instanceof Map<?, ?> map) {
      found = map.get(Text.template(name));
    }
    return found != null ? found : missing(v, name);
  }

  /** {@code v[index]}. */
  Object item(Object v, Object index) {
    Object found = null;
    if (v instanceof Map<?, ?> map) {
      found = isKey(index) ? map.get(Ops.key(index)) : null;
    } else if (v instanceof List<?> list && Ops.number(index) instanceof Long i) {
      long at = i < 0 ? i + list.size() : i;
      found = at >= 0 && at < list.size() ? list.get((int) at) : null;
    } else if (v instanceof Text t && Ops.number(index) instanceof Long i) {
      found = character(t, i);
    }
    if (found == null && index instanceof Text name) {
      found = method(v, name.chars);
    }
    return found != null ? found : missing(v, ops.repr(index).chars);
  }

  private @Nullable Text character(Text t, long index) {
    int length = t.length();
    ops.budget.chargeChars(t.chars.length());
    long at = index < 0 ? index + length : index;
    if (at < 0 || at >= length) {
      return null;
    }
    int offset = t.offset((int) at);
    return t.sub(offset, t.chars.offsetByCodePoints(offset, 1));
  }

  /** {@code v[from:to:step]}. */
  Object slice(Object v, @Nullable Object from, @Nullable Object to, @Nullable Object step) {
    Object found = arithmetic.slice(v, from, to, step);
    return found != null ? found : missing(v, "a slice");
  }

  private static boolean isKey(Object v) {
    return v instanceof Text || v instanceof None || Ops.number(v) != null;
  }

  private static Undefined missing(Object v, String name) {
    if (v instanceof Undefined u) {
      throw Ops.undefined(u);
    }
    return new Undefined(
        "a value of type " + Values.typeName(v) + " has no attribute or item " + name);
  }

  // ---- methods ----

  private @Nullable Object method(Object v, String name) {
    return switch (v) {
      case Text t ->
          StringMethods.has(name) ? new Builtin(name, args -> strings.call(t, name, args)) : null;
      case Map<?, ?> map -> dictMethod(Ops.objects(map), name);
      case List<?> list -> listMethod(list, name);
      case Namespace ns -> ns.attributes().get(Text.template(name));
      case WithAttributes object -> object.attribute(name);
      default -> null;
    };
  }

  private @Nullable Object dictMethod(Map<Object, Object> map, String name) {
    return switch (name) {
      case "get" ->
          new Builtin(
              name,
              args -> {
                args.expect("get", "key", "default");
                Object key = args.need(0, "key");
                Object found = key instanceof Undefined ? null : map.get(Ops.key(key));
                return found != null ? found : args.get(1, "default", None.NONE);
              });
      case "items" -> new Builtin(name, args -> view(args, "dict_items", items(map)));
      case "keys" ->
          new Builtin(name, args -> view(args, "dict_keys", new ArrayList<>(map.keySet())));
      case "values" ->
          new Builtin(name, args -> view(args, "dict_values", new ArrayList<>(map.values())));
      case "copy" -> new Builtin(name, _ -> new LinkedHashMap<>(map));
      case "clear", "pop", "popitem", "setdefault", "update", "fromkeys" -> unsafe(name);
      default -> null;
    };
  }

  private View view(Args args, String kind, List<Object> items) {
    args.expect(kind);
    ops.budget.charge(items.size());
    return new View(kind, items);
  }

  static List<Object> items(Map<Object, Object> map) {
    List<Object> items = new ArrayList<>(map.size());
    for (Map.Entry<Object, Object> entry : map.entrySet()) {
      items.add(Tuple.of(entry.getKey(), entry.getValue()));
    }
    return items;
  }

  private @Nullable Object listMethod(List<?> list, String name) {
    return switch (name) {
      case "index" ->
          new Builtin(
              name,
              args -> {
                for (int i = 0; i < list.size(); i++) {
                  if (ops.equal(list.get(i), args.need(0, "value"))) {
                    return (long) i;
                  }
                }
                throw new Problem("the value is not in the list");
              });
      case "count" ->
          new Builtin(
              name,
              args -> {
                long n = 0;
                for (Object item : list) {
                  n += ops.equal(item, args.need(0, "value")) ? 1 : 0;
                }
                return n;
              });
      case "copy" -> list instanceof Tuple ? null : new Builtin(name, _ -> new ArrayList<>(list));
      case "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort" ->
          list instanceof Tuple ? null : unsafe(name);
      default -> null;
    };
  }

  private static Undefined unsafe(String name) {
    return new Undefined(
        "the method '" + name + "' would change a value, which templates may not do");
  }
}
