package dev.vtc;

import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import dev.vtc.model.Architectures;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.TokenizerTables;
import dev.vtc.tvl.PackOptions;
import dev.vtc.tvl.PackPlan;
import dev.vtc.tvl.PackProgress;
import dev.vtc.tvl.PackedCache;
import dev.vtc.tvl.PackedExtras;
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
  private static final String RECIPE = "tokenizer-3";

  static PackedModel open(Path file, ModelOptions options) throws IOException {
    PackOptions packing =
        PackOptions.defaults()
            .withPlan(ModelFiles::plan)
            .withExtras(RECIPE, source -> extras(source.metadata()))
            .withPages(options.pages());
    ModelOptions.Progress progress = options.progress();
    PackedCache cache =
        options.cache() == null ? PackedCache.ofUser() : new PackedCache(options.cache());
    return cache.open(file, packing, progress == null ? PackProgress.SILENT : progress::at);
  }

  /** What cannot run is refused before it is packed. */
  private static PackPlan plan(ModelSource source) {
    Architectures.check(source);
    return PackPlan.byNames(source.tensors());
  }

  private static PackedExtras extras(Metadata metadata) {
    if (!TokenizerTables.present(metadata)) {
      return PackedExtras.NONE;
    }
    TokenizerTables tables = TokenizerTables.build(metadata);
    SequencedMap<String, MemorySegment> blobs = new LinkedHashMap<>();
    tables.toSegments().forEach((name, data) -> blobs.put(TABLE_PREFIX + name, data));
    Map<String, Object> settings = new HashMap<>();
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
