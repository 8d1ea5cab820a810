package dev.vtc.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Key/value pairs of a model file. Integers of every width are held as {@code Long} (u64 must fit a
 * long), f32 and f64 as {@code Double}, and arrays as {@link MetadataArray}, which reads from the
 * file's mapping when asked.
 *
 * <p>Immutable. A getter throws {@link IllegalArgumentException} with a sentence that names the key
 * when the value is missing (and no default is given) or of another kind.
 */
public final class Metadata {
  private final Map<String, Object> values;

  /**
   * Values must be {@code Long}, {@code Double}, {@code Boolean}, {@code String} or {@link
   * MetadataArray}.
   */
  public Metadata(Map<String, Object> values) {
    for (Map.Entry<String, Object> e : values.entrySet()) {
      Object v = e.getValue();
      if (!(v instanceof Long
          || v instanceof Double
          || v instanceof Boolean
          || v instanceof String
          || v instanceof MetadataArray)) {
        throw new IllegalArgumentException(
            "Metadata key " + e.getKey() + " has a value of " + v.getClass());
      }
    }
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All keys in file order. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** The raw value, or null. */
  public @Nullable Object get(String key) {
    return values.get(key);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String string(String key) {
    return require(key, String.class);
  }

  public String string(String key, String otherwise) {
    return has(key) ? string(key) : otherwise;
  }

  public long integer(String key) {
    return require(key, Long.class);
  }

  public long integer(String key, long otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /** A floating-point value; integers convert. */
  public double number(String key) {
    Object v = values.get(key);
    return v instanceof Long l ? (double) l : require(key, Double.class);
  }

  public double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  /**
   * The decimal that was meant by a number: files hold 0.6 as an f32, which is 0.60000002384… as a
   * double. For what people write and read; whatever is computed keeps the file's number.
   *
   * @return for a number that is an f32 exactly, the double of its shortest decimal
   */
  public static double decimal(double number) {
    return (float) number == number ? Double.parseDouble(Float.toString((float) number)) : number;
  }

  public boolean bool(String key) {
    return require(key, Boolean.class);
  }

  public boolean bool(String key, boolean otherwise) {
    return has(key) ? bool(key) : otherwise;
  }

  public MetadataArray array(String key) {
    return require(key, MetadataArray.class);
  }

  private <T> T require(String key, Class<T> type) {
    Object v = values.get(key);
    if (v == null) {
      throw new IllegalArgumentException("The model file lacks the metadata key " + key + ".");
    }
    if (!type.isInstance(v)) {
      throw new IllegalArgumentException(
          "The metadata key "
              + key
              + " holds "
              + kind(v.getClass())
              + " where "
              + kind(type)
              + " is needed.");
    }
    return type.cast(v);
  }

  private static String kind(Class<?> type) {
    if (MetadataArray.class.isAssignableFrom(type)) {
      return "an array";
    }
    return switch (type.getSimpleName()) {
      case "Long" -> "an integer";
      case "Double" -> "a number";
      case "Boolean" -> "a boolean";
      default -> "a string";
    };
  }
}
