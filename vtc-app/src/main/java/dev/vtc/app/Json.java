package dev.vtc.app;

import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes maps, lists, strings, numbers, booleans and nulls as JSON. Only loaded where JSON is asked
 * for.
 */
public final class Json {
  private Json() {}

  /** One value on one line, with a line feed. */
  public static void line(OutputStream out, @Nullable Object value) {
    JsonFactory factory =
        JsonFactory.builder()
            .disable(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();
    try (JsonGenerator g =
        factory.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
      write(g, value);
      g.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator g, @Nullable Object value) {
    switch (value) {
      case null -> g.writeNull();
      case String s -> g.writeString(s);
      case Boolean b -> g.writeBoolean(b);
      case Integer i -> g.writeNumber(i);
      case Long l -> g.writeNumber(l);
      // A float is written with its own shortest digits, not with those of the double it converts
      // to.
      case Float f -> g.writeNumber(f);
      case Double d -> g.writeNumber(d);
      case Map<?, ?> map -> {
        g.writeStartObject();
        for (Map.Entry<?, ?> e : map.entrySet()) {
          g.writeName(String.valueOf(e.getKey()));
          write(g, e.getValue());
        }
        g.writeEndObject();
      }
      case Iterable<?> list -> {
        g.writeStartArray();
        for (Object element : list) {
          write(g, element);
        }
        g.writeEndArray();
      }
      case int[] array -> {
        g.writeStartArray();
        for (int v : array) {
          g.writeNumber(v);
        }
        g.writeEndArray();
      }
      case float[] array -> {
        g.writeStartArray();
        for (float v : array) {
          g.writeNumber(v);
        }
        g.writeEndArray();
      }
      default -> throw new IllegalArgumentException("No JSON for " + value.getClass());
    }
  }
}
