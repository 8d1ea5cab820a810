package dev.vtc.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON files, read with bounds. Values become {@code Map}, {@code List}, {@code String}, {@code
 * Long}, {@code Double} and {@code Boolean}; members that are null are left out.
 */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxStringLength(1 << 24)
                  .maxNameLength(1 << 16)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Reads the value at which a parser stands. */
  @FunctionalInterface
  interface Reader<T> {
    T read(JsonParser json) throws IOException;
  }

  private Json() {}

  /** The object that is the whole of {@code file}. */
  static Map<String, Object> object(Path file, long maxBytes) throws IOException {
    return parse(file, maxBytes, json -> object(json));
  }

  /** The object that a file holds; an empty one when there is no such file. */
  static Map<String, Object> optional(Path file, long maxBytes) throws IOException {
    return Files.exists(file) ? object(file, maxBytes) : Map.of();
  }

  /**
   * Parses {@code file} by {@code reader}, which finds the parser at the first token.
   *
   * @throws FormatException when the file is too large or is not JSON; it names line and column
   */
  static <T> T parse(Path file, long maxBytes, Reader<T> reader) throws IOException {
    if (Files.size(file) > maxBytes) {
      throw new FormatException(
          file, -1, "the file is larger than the " + maxBytes + " bytes that make sense for it.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return parse(file, in, reader);
    }
  }

  static <T> T parse(Path file, InputStream in, Reader<T> reader) throws IOException {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      json.nextToken();
      T value = reader.read(json);
      if (json.nextToken() != null) {
        throw new FormatException(file, -1, "something follows the JSON value: " + again());
      }
      return value;
    } catch (JacksonException e) {
      throw new FormatException(
          file,
          -1,
          "the JSON is not sound at line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ", column "
              + (e.getLocation() == null ? "?" : e.getLocation().getColumnNr())
              + " ("
              + e.getOriginalMessage().lines().findFirst().orElse("no reason given")
              + "): "
              + again());
    } catch (WrongShape e) {
      throw new FormatException(file, -1, e.getMessage() + ": " + again());
    }
  }

  private static String again() {
    return "pull or copy the file again.";
  }

  /** JSON of another shape than expected; {@link #parse} turns it into a FormatException. */
  static final class WrongShape extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongShape(String message) {
      super(message);
    }
  }

  static void expect(JsonParser json, JsonToken token) {
    if (json.currentToken() != token) {
      throw new WrongShape(
          "the JSON has "
              + json.currentToken()
              + " where "
              + token
              + " belongs, line "
              + json.currentTokenLocation().getLineNr());
    }
  }

  /** The object at which {@code json} stands. */
  static Map<String, Object> object(JsonParser json) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    Map<String, Object> object = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      Object value = value(json);
      if (value != null) {
        object.put(name, value);
      }
    }
    return object;
  }

  /** The value at which {@code json} stands. */
  static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          Object element = value(json);
          if (element != null) {
            list.add(element);
          }
        }
        yield list;
      }
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) json.getDoubleValue()
              : (Object) json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new WrongShape("the JSON ends in the middle");
    };
  }

  /** Member {@code name} if it is an object, else an empty one. */
  @SuppressWarnings("unchecked") // maps in these trees are made by object(), with string keys
  static Map<String, Object> member(Map<String, Object> object, String name) {
    return object.get(name) instanceof Map<?, ?> m ? (Map<String, Object>) m : Map.of();
  }

  /** Elements of member {@code name} that are objects; none if it is no list. */
  @SuppressWarnings("unchecked") // as in member
  static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
    List<Map<String, Object>> found = new ArrayList<>();
    if (object.get(name) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> m) {
          found.add((Map<String, Object>) m);
        }
      }
    }
    return found;
  }
}
