package dev.vtc.text.template;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The values of a running template besides {@link Text}, {@link Long}, {@link Double}, {@link
 * Boolean}, {@link List} (a Python list) and {@link Map} (a Python dict; keys are Text, numbers and
 * None).
 */
final class Values {
  private Values() {}

  /** Python's None. */
  enum None {
    NONE
  }

  /**
   * A name or attribute that does not exist: empty as text, false as condition, an error in any
   * other operation.
   *
   * @param what for the message, such as {@code 'tools' is undefined}
   */
  record Undefined(String what) {}

  /** A Python tuple: a list that is unequal to every list and prints with round brackets. */
  static final class Tuple extends AbstractList<Object> {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }

    static Tuple of(Object... items) {
      return new Tuple(List.of(items));
    }

    @Override
    public Object get(int index) {
      return items.get(index);
    }

    @Override
    public int size() {
      return items.size();
    }
  }

  /**
   * What a dict's {@code keys()}, {@code values()} and {@code items()} give: has a length, but no
   * subscripts.
   */
  record View(String kind, List<Object> items) {}

  /** What filters such as {@code map} give: can be walked once. */
  static final class Generator {
    private final Iterator<Object> items;

    Generator(List<Object> items) {
      this.items = items.iterator();
    }

    Iterator<Object> items() {
      return items;
    }
  }

  /** Jinja's {@code namespace()}: attributes that {@code set ns.x = …} changes. */
  record Namespace(Map<Object, Object> attributes) {}

  /** Something that can be called. */
  interface Function {
    Object call(Args args);
  }

  /** A function with a Python name, for messages and printing. */
  record Builtin(String name, Function function) implements Function {
    @Override
    public Object call(Args args) {
      return function.call(args);
    }
  }

  static Object bool(boolean b) {
    return b;
  }

  /** The name of a value's Python type. */
  static String typeName(Object v) {
    return switch (v) {
      case Text _ -> "str";
      case Long _ -> "int";
      case Double _ -> "float";
      case Boolean _ -> "bool";
      case None _ -> "NoneType";
      case Tuple _ -> "tuple";
      case List<?> _ -> "list";
      case Map<?, ?> _ -> "dict";
      case View view -> view.kind();
      case Generator _ -> "generator";
      case Namespace _ -> "Namespace";
      case Undefined _ -> "Undefined";
      case Function _ -> "function";
      default -> v.getClass().getSimpleName();
    };
  }
}
