package dev.vtc;

import dev.vtc.format.QuantizedTypes;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tvl.Pages;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to open a model.
 *
 * @param threads threads of a step; 0 for as many as there are physical cores
 * @param machine name of the machine to use; null for {@code VTC_MACHINE} or else the best this CPU
 *     supports
 * @param context positions of a session; 0 for what the model was trained for, 4096 at the most
 * @param chunk tokens of a prompt that a step takes at the most
 * @param batch sequences that take part in a step at the most
 * @param kvType how keys and values are stored
 * @param pages how the packed file is mapped
 * @param quantize the type to which a source's matrices are quantized while they are packed, as
 *     {@code vtc quantize} does (see {@link QuantizedTypes}); null to keep them as they are. Each
 *     type has a packed file of its own
 * @param cache folder for packed files; null for the user's cache folder
 * @param progress told how far packing is, or null
 */
public record ModelOptions(
    int threads,
    @Nullable String machine,
    int context,
    int chunk,
    int batch,
    KvType kvType,
    Pages pages,
    @Nullable DType quantize,
    @Nullable Path cache,
    @Nullable Progress progress) {

  /** Hears how far a long operation is. */
  public interface Progress {
    /**
     * Called now and then, from any thread.
     *
     * @param done bytes done
     * @param total bytes in all
     */
    void at(long done, long total);
  }

  private static final ModelOptions DEFAULTS =
      new ModelOptions(0, null, 0, 512, 16, KvType.F16, Pages.AUTO, null, null, null);

  public ModelOptions {
    if (threads < 0 || context < 0 || chunk < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "Options make no sense: "
              + threads
              + " threads, context "
              + context
              + ", chunk "
              + chunk
              + ", batch "
              + batch
              + ".");
    }
    if (quantize != null && (!Quantizer.supports(quantize) || quantize.blockSize() == 1)) {
      throw new IllegalArgumentException("VTC cannot quantize to " + quantize + ".");
    }
  }

  public static ModelOptions defaults() {
    return DEFAULTS;
  }

  public ModelOptions withThreads(int value) {
    return new ModelOptions(
        value, machine, context, chunk, batch, kvType, pages, quantize, cache, progress);
  }

  public ModelOptions withMachine(@Nullable String value) {
    return new ModelOptions(
        threads, value, context, chunk, batch, kvType, pages, quantize, cache, progress);
  }

  public ModelOptions withContext(int value) {
    return new ModelOptions(
        threads, machine, value, chunk, batch, kvType, pages, quantize, cache, progress);
  }

  public ModelOptions withChunk(int value) {
    return new ModelOptions(
        threads, machine, context, value, batch, kvType, pages, quantize, cache, progress);
  }

  public ModelOptions withBatch(int value) {
    return new ModelOptions(
        threads, machine, context, chunk, value, kvType, pages, quantize, cache, progress);
  }

  public ModelOptions withKvType(KvType value) {
    return new ModelOptions(
        threads, machine, context, chunk, batch, value, pages, quantize, cache, progress);
  }

  public ModelOptions withPages(Pages value) {
    return new ModelOptions(
        threads, machine, context, chunk, batch, kvType, value, quantize, cache, progress);
  }

  public ModelOptions withQuantize(@Nullable DType value) {
    return new ModelOptions(
        threads, machine, context, chunk, batch, kvType, pages, value, cache, progress);
  }

  public ModelOptions withCache(@Nullable Path value) {
    return new ModelOptions(
        threads, machine, context, chunk, batch, kvType, pages, quantize, value, progress);
  }

  public ModelOptions withProgress(@Nullable Progress value) {
    return new ModelOptions(
        threads, machine, context, chunk, batch, kvType, pages, quantize, cache, value);
  }
}
