package dev.vtc;

import dev.vtc.format.FormatException;
import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import dev.vtc.format.QuantizedTypes;
import dev.vtc.model.Architectures;
import dev.vtc.tensor.DType;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.TokenizerTables;
import dev.vtc.tvl.PackOptions;
import dev.vtc.tvl.PackPlan;
import dev.vtc.tvl.PackProgress;
import dev.vtc.tvl.PackedCache;
import dev.vtc.tvl.PackedExtras;
import dev.vtc.tvl.PackedFile;
import dev.vtc.tvl.PackedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From a model file to a packed model with its tokenizer. */
final class ModelFiles {
  private static final String TABLE_PREFIX = "tokenizer.table.";
  private static final String SETTING_PREFIX = "tokenizer.setting.";

  /** To which type the matrices were quantized while they were packed. */
  static final String QUANTIZED = "vtc.quantized";

  // What the tables replace: none of it is read again.
  private static final Set<String> DROPPED =
      Set.of(
          "tokenizer.ggml.tokens",
          "tokenizer.ggml.token_type",
          "tokenizer.ggml.scores",
          "tokenizer.ggml.merges",
          "tokenizer.ggml.precompiled_charsmap");

  private ModelFiles() {}

  /**
   * Names {@link #extras}: to be changed with what they hold, so that older packed files are packed
   * anew.
   */
  private static final String RECIPE = "tokenizer-6";

  static PackedModel open(Path file, ModelOptions options) throws IOException {
    DType type = options.quantize();
    if (type != null && PackedFile.isPacked(file)) {
      throw new FormatException(
          file, -1, "the model is packed, its weights stay as they are: quantize its source.");
    }
    PackOptions packing =
        PackOptions.defaults()
            .withPlan(source -> plan(source, type))
            .withExtras(
                type == null ? RECIPE : RECIPE + "-" + type,
                source -> extras(source.metadata(), type))
            .withPages(options.pages());
    ModelOptions.Progress progress = options.progress();
    PackedCache cache =
        options.cache() == null ? PackedCache.ofUser() : new PackedCache(options.cache());
    return cache.open(file, packing, progress == null ? PackProgress.SILENT : progress::at);
  }

  /** What cannot run is refused before it is packed. */
  private static PackPlan plan(ModelSource source, @Nullable DType type) {
    Architectures.check(source);
    PackPlan plan = PackPlan.byNames(source.tensors());
    return type == null ? plan : plan.withTypes(QuantizedTypes.ofMatrices(source, type));
  }

  private static PackedExtras extras(Metadata metadata, @Nullable DType type) {
    Map<String, Object> settings = new HashMap<>();
    if (type != null) {
      settings.put(QUANTIZED, type.name());
      settings.put("general.file_type", QuantizedTypes.fileType(type));
    }
    if (!TokenizerTables.present(metadata)) {
      return new PackedExtras(new LinkedHashMap<>(), settings, Set.of());
    }
    TokenizerTables tables = TokenizerTables.build(metadata);
    SequencedMap<String, MemorySegment> blobs = new LinkedHashMap<>();
    tables.toSegments().forEach((name, data) -> blobs.put(TABLE_PREFIX + name, data));
    tables.settings().forEach((name, value) -> settings.put(SETTING_PREFIX + name, value));
    return new PackedExtras(blobs, settings, new TreeSet<>(DROPPED));
  }

  /** The tokenizer over the packed file's arrays, or null when it has none. */
  static @Nullable Tokenizer tokenizer(PackedModel packed) {
    SequencedMap<String, MemorySegment> segments = new LinkedHashMap<>();
    for (String name : packed.blobs()) {
      if (name.startsWith(TABLE_PREFIX)) {
        segments.put(name.substring(TABLE_PREFIX.length()), packed.blob(name));
      }
    }
    if (segments.isEmpty()) {
      return null;
    }
    Map<String, Object> settings = new HashMap<>();
    for (String key : packed.metadata().keys()) {
      Object value = packed.metadata().get(key);
      if (key.startsWith(SETTING_PREFIX) && value != null) {
        settings.put(key.substring(SETTING_PREFIX.length()), value);
      }
    }
    return new Tokenizer(TokenizerTables.of(segments, settings));
  }
}
