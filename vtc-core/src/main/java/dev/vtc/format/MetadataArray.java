package dev.vtc.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An array of a model file's metadata, read where it lies. An accessor of another kind than the
 * elements' throws {@link IllegalArgumentException}; an index outside throws {@link
 * IndexOutOfBoundsException}.
 */
public interface MetadataArray {
  /** What the elements are. */
  enum Kind {
    INTEGER,
    NUMBER,
    BOOLEAN,
    STRING,
    ARRAY
  }

  Kind kind();

  int size();

  long integer(int index);

  double number(int index);

  boolean bool(int index);

  /** The bytes of a string as the file has them: not necessarily valid UTF-8. */
  byte[] bytes(int index);

  MetadataArray array(int index);

  /** A string, malformed UTF-8 replaced. */
  default String string(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  /**
   * An array over Java values, all of one kind: {@code Long}, {@code Double}, {@code Boolean},
   * {@code String} or {@link MetadataArray}.
   */
  static MetadataArray of(List<?> values) {
    return new ListArray(values);
  }
}
