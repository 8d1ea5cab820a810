package dev.vtc.format;

import dev.vtc.tensor.Tensor;
import java.nio.file.Path;
import java.util.SequencedMap;

/**
 * A model file, opened: metadata and tensors over one read-only mapping.
 *
 * <p>Owns the mapping: {@link #close} ends the life of every tensor's memory. Safe to read from
 * several threads.
 */
public interface ModelSource extends AutoCloseable {
  /** The file (the first one of a split model), for messages. */
  Path path();

  /** A short name of the format, such as {@code "GGUF v3"}. */
  String formatName();

  /** What the file says of the model, with GGUF's key names whatever the format. */
  Metadata metadata();

  /** All tensors by name (GGUF's names whatever the format), in file order. */
  SequencedMap<String, Tensor> tensors();

  /**
   * The tensor with this name.
   *
   * @throws IllegalArgumentException when the model lacks it
   */
  default Tensor tensor(String name) {
    Tensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(path() + " lacks the tensor " + name + ".");
    }
    return tensor;
  }

  @Override
  void close();
}
