package dev.vtc.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@link MetadataArray} over a Java list: for formats other than GGUF, and for tests. */
record ListArray(List<?> values) implements MetadataArray {
  ListArray {
    values = List.copyOf(values);
    Class<?> type = values.isEmpty() ? Long.class : values.getFirst().getClass();
    for (Object v : values) {
      if (!type.isInstance(v)) {
        throw new IllegalArgumentException("An array of " + type.getSimpleName() + " holds " + v);
      }
    }
  }

  @Override
  public Kind kind() {
    return values.isEmpty()
        ? Kind.INTEGER
        : switch (values.getFirst()) {
          case Long _ -> Kind.INTEGER;
          case Double _ -> Kind.NUMBER;
          case Boolean _ -> Kind.BOOLEAN;
          case String _ -> Kind.STRING;
          case MetadataArray _ -> Kind.ARRAY;
          default ->
              throw new IllegalArgumentException(
                  "No metadata kind for " + values.getFirst().getClass());
        };
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public long integer(int index) {
    return at(index, Long.class);
  }

  @Override
  public double number(int index) {
    return kind() == Kind.INTEGER ? (double) integer(index) : at(index, Double.class);
  }

  @Override
  public boolean bool(int index) {
    return at(index, Boolean.class);
  }

  @Override
  public byte[] bytes(int index) {
    return at(index, String.class).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public MetadataArray array(int index) {
    return at(index, MetadataArray.class);
  }

  private <T> T at(int index, Class<T> type) {
    Object v = values.get(index);
    if (!type.isInstance(v)) {
      throw new IllegalArgumentException(
          "Element " + index + " is no " + type.getSimpleName() + ".");
    }
    return type.cast(v);
  }
}
