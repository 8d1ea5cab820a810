package dev.vtc.text.template;

import dev.vtc.text.template.Values.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns plain Java data into the values of a template, as text of data. */
final class DataReader {
  private static final int MAX_DEPTH = 100;

  /** Longest role that counts as text of the template. */
  private static final int MAX_ROLE = 32;

  /** Characters and values read so far. */
  long size;

  /** Messages: as other data, but a role that is a plain word counts as text of the template. */
  List<Object> messages(List<? extends Map<String, ?>> messages) {
    List<Object> list = new ArrayList<>(messages.size());
    for (Map<String, ?> message : messages) {
      Object value = value(message, 1);
      if (value instanceof Map<?, ?> map
          && map.get(ROLE) instanceof Text role
          && isWord(role.chars)) {
        Ops.objects(map).put(ROLE, Text.template(role.chars));
      }
      list.add(value);
    }
    return list;
  }

  private static final Text ROLE = Text.template("role");

  private static boolean isWord(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
        return false;
      }
    }
    return s.length() <= MAX_ROLE;
  }

  Object value(@Nullable Object v) {
    return value(v, 0);
  }

  private Object value(@Nullable Object v, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "The data for a chat template nests more than " + MAX_DEPTH + " levels.");
    }
    size++;
    return switch (v) {
      case null -> None.NONE;
      case CharSequence s -> {
        size += s.length();
        yield Text.data(s.toString());
      }
      case Boolean b -> b;
      case Double d -> d;
      case Float f -> (double) f;
      case Long l -> l;
      case Integer i -> (long) i;
      case Short s -> (long) s;
      case Byte b -> (long) b;
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          copy.put(Ops.key(value(entry.getKey(), depth + 1)), value(entry.getValue(), depth + 1));
        }
        yield copy;
      }
      case Iterable<?> items -> {
        List<Object> copy = new ArrayList<>();
        for (Object item : items) {
          copy.add(value(item, depth + 1));
        }
        yield copy;
      }
      default ->
          throw new IllegalArgumentException(
              "A chat template takes maps, lists, strings, numbers, booleans and null, not "
                  + v.getClass().getName()
                  + ".");
    };
  }
}
