package dev.vtc.testing;

import dev.vtc.format.GgufWriter;
import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Models with one weight that is no number. */
public final class BrokenWeight {
  private BrokenWeight() {}

  /**
   * Writes a model as GGUF, one weight changed.
   *
   * @param model of F32 weights
   * @param tensor that has the weight
   * @param index of the weight in it
   */
  public static void write(Path model, Path to, String tensor, int index, float value)
      throws IOException {
    try (ModelSource source = ModelSources.open(model)) {
      GgufWriter broken = new GgufWriter();
      Metadata m = source.metadata();
      m.keys().forEach(k -> broken.put(k, Objects.requireNonNull(m.get(k))));
      source
          .tensors()
          .forEach((name, t) -> {
            byte[] data = t.data().toArray(ValueLayout.JAVA_BYTE);
            if (name.equals(tensor)) {
              ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * index, value);
            }
            List<Long> shape =
                t.rows() == 1 ? List.of(t.columns()) : List.of(t.columns(), t.rows());
            broken.tensor(name, shape, t.type().ggmlId(), MemorySegment.ofArray(data));
          });
      broken.write(to);
    }
  }
}
