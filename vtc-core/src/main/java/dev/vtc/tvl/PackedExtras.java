package dev.vtc.tvl;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What is stored with the weights so that a start needs no parsing.
 *
 * @param blobs arrays that are used where they lie (tokenizer tables), by name; stored on 64-byte
 *     boundaries
 * @param settings added to the metadata, or put in place of a value of the same key: {@code Long},
 *     {@code Double}, {@code Boolean}, {@code String} or {@code MetadataArray}
 * @param dropped metadata keys that are not stored, such as the vocabulary that a blob replaces
 */
public record PackedExtras(
    SequencedMap<String, MemorySegment> blobs, Map<String, Object> settings, Set<String> dropped) {
  /** Nothing added, nothing left out. */
  public static final PackedExtras NONE =
      new PackedExtras(new LinkedHashMap<>(), Map.of(), Set.of());

  public PackedExtras {
    blobs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(blobs));
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    dropped = Set.copyOf(dropped);
  }
}
