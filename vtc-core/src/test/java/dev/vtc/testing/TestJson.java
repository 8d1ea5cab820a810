package dev.vtc.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as plain Java data (Map, List, String, Long, Double, Boolean, null), for goldens. */
@org.jspecify.annotations.NullUnmarked
public final class TestJson {
  private TestJson() {}

  /** The text of a resource that stands next to a class. */
  public static String text(Class<?> neighbour, String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(neighbour.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Reads a resource that stands next to a class. */
  public static Object resource(Class<?> neighbour, String name) throws IOException {
    return parse(text(neighbour, name));
  }

  /** Parses one JSON value. */
  public static Object parse(String json) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      return value(parser, parser.nextToken());
    }
  }

  /** Parses one JSON object. */
  @SuppressWarnings("unchecked") // an object's names are strings
  public static Map<String, Object> parseObject(String json) {
    return (Map<String, Object>) parse(json);
  }

  /** The value of a key that must be there, as the type the caller expects. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // wrong types fail in the test
  public static <T> T get(Map<String, ?> map, String key) {
    if (!map.containsKey(key)) {
      throw new AssertionError("no " + key + " in " + map);
    }
    return (T) map.get(key);
  }

  private static Object value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          map.put(name, value(parser, parser.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          list.add(value(parser, t));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalStateException("unexpected " + token);
    };
  }
}
