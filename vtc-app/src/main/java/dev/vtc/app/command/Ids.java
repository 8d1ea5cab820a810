package dev.vtc.app.command;

import dev.vtc.app.UserError;
import java.util.Arrays;

/** Token ids as text. */
final class Ids {
  private Ids() {}

  /** Reads ids separated by commas or blanks, with or without the brackets of a JSON array. */
  static int[] parse(String text) {
    String inner = text.strip();
    if (inner.startsWith("[") && inner.endsWith("]")) {
      inner = inner.substring(1, inner.length() - 1).strip();
    }
    if (inner.isEmpty()) {
      return new int[0];
    }
    String[] parts = inner.split("\\s*,\\s*|\\s+", -1);
    int[] ids = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        ids[i] = Integer.parseInt(parts[i]);
      } catch (NumberFormatException e) {
        throw UserError.usage("\"" + parts[i] + "\" is not a token id; ids are written 1,2,3.");
      }
      if (ids[i] < 0) {
        throw UserError.usage("A token id is not negative: " + ids[i] + ".");
      }
    }
    return ids;
  }

  /** As {@code 1,2,3}. */
  static String format(int[] ids) {
    StringBuilder s = new StringBuilder();
    Arrays.stream(ids).forEach(id -> s.append(s.isEmpty() ? "" : ",").append(id));
    return s.toString();
  }
}
