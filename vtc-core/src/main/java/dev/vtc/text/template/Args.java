package dev.vtc.text.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call.
 *
 * @param positional in order
 * @param named in order of appearance
 */
record Args(List<Object> positional, Map<String, Object> named) {
  static final Args NONE = new Args(List.of(), Map.of());

  static Args of(Object... positional) {
    return new Args(List.of(positional), Map.of());
  }

  int size() {
    return positional.size();
  }

  /** The argument at a position or with a name, or null. */
  @Nullable Object find(int position, String name) {
    return position < positional.size() ? positional.get(position) : named.get(name);
  }

  /** The argument at a position or with a name, or a default. */
  Object get(int position, String name, Object otherwise) {
    Object value = find(position, name);
    return value == null ? otherwise : value;
  }

  /** The argument at a position or with a name; an error if it is missing. */
  Object need(int position, String name) {
    Object value = find(position, name);
    if (value == null) {
      throw new Problem("the argument '" + name + "' is missing");
    }
    return value;
  }

  /**
   * Refuses more arguments than these parameters, and names that are none of them.
   *
   * @param what the function, for the message
   */
  Args expect(String what, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Problem(
          what
              + "() takes at most "
              + parameters.length
              + " arguments, but got "
              + positional.size());
    }
    for (String name : named.keySet()) {
      int at = List.of(parameters).indexOf(name);
      if (at < 0) {
        throw new Problem(what + "() has no argument '" + name + "'");
      }
      if (at < positional.size()) {
        throw new Problem(what + "() got the argument '" + name + "' twice");
      }
    }
    return this;
  }
}
