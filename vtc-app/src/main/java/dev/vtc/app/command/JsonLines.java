package dev.vtc.app.command;

import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** One JSON value on each line of stdin. */
final class JsonLines {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // A text may be longer than the 20 million characters that are allowed by default.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private JsonLines() {}

  /** Takes one line. */
  interface Consumer {
    /**
     * Called for every line that is not blank.
     *
     * @param number the line's number, from 1
     */
    void accept(String line, int number);
  }

  static void each(InputStream stdin, Consumer consumer) throws IOException {
    InputStream in = new BufferedInputStream(stdin, 1 << 16);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int number = 0;
    while (true) {
      int b = in.read();
      if (b >= 0 && b != '\n') {
        bytes.write(b);
        continue;
      }
      if (b < 0 && bytes.size() == 0) {
        return;
      }
      number++;
      String line = Terminal.decode(bytes.toByteArray(), "Line " + number + " of stdin");
      bytes.reset();
      if (!line.isBlank()) {
        consumer.accept(line, number);
      }
    }
  }

  /** The line as a JSON string. */
  static String string(String line, int number) {
    try (JsonParser p = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (p.nextToken() != JsonToken.VALUE_STRING) {
        throw wrong(number, "a JSON string", null);
      }
      String text = p.getString();
      if (p.nextToken() != null) {
        throw wrong(number, "one JSON string and nothing after it", null);
      }
      return text;
    } catch (JacksonException e) {
      throw wrong(number, "a JSON string", e);
    }
  }

  /** The line as a JSON array of token ids. */
  static int[] ids(String line, int number) {
    try (JsonParser p = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (p.nextToken() != JsonToken.START_ARRAY) {
        throw wrong(number, "a JSON array of token ids", null);
      }
      int[] ids = new int[16];
      int n = 0;
      while (p.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        if (n == ids.length) {
          ids = Arrays.copyOf(ids, 2 * n);
        }
        ids[n++] = p.getIntValue();
      }
      if (p.currentToken() != JsonToken.END_ARRAY || p.nextToken() != null) {
        throw wrong(number, "a JSON array of token ids", null);
      }
      return Arrays.copyOf(ids, n);
    } catch (JacksonException e) {
      throw wrong(number, "a JSON array of token ids", e);
    }
  }

  private static UserError wrong(
      int number, String wanted, @org.jspecify.annotations.Nullable Throwable cause) {
    return new UserError("Line " + number + " of stdin is not " + wanted + ".", cause);
  }
}
