package dev.vtc.format;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face model folder: {@code config.json}, {@code *.safetensors}, and the tokenizer's
 * files, offered with GGUF's names and keys.
 *
 * <p>Matrices are views of the mapped files; where GGUF has the rows of q and k in another order,
 * {@link Tensor#turnedHead} says so. Vectors that GGUF files hold as other values (Gemma's norms
 * are stored less one, RoPE factors only as formula) are computed and held in memory: a few
 * kilobytes. Lifetime and threads as {@link ModelSource} says.
 */
public final class SafetensorsFolder implements ModelSource {
  private static final int MAX_FILES = 10_000;

  private final Path folder;
  private final Arena arena;
  private final Metadata metadata;
  private final SequencedMap<String, Tensor> tensors;

  private SafetensorsFolder(
      Path folder, Arena arena, Metadata metadata, SequencedMap<String, Tensor> tensors) {
    this.folder = folder;
    this.arena = arena;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
  }

  /** True for a folder with a {@code config.json}. */
  public static boolean isOne(Path path) {
    return Files.isDirectory(path) && Files.isRegularFile(path.resolve("config.json"));
  }

  /** What to say of a folder that is none. */
  public static FormatException noModel(Path folder) {
    return new FormatException(
        folder, -1, "the folder has no config.json: give a model file or a Hugging Face folder.");
  }

  /**
   * Opens a folder.
   *
   * @throws FormatException when a file is missing or not sound, or the architecture is not
   *     supported
   */
  public static SafetensorsFolder open(Path folder) throws IOException {
    Path configFile = folder.resolve("config.json");
    Arena arena = MappedFile.newArena();
    boolean opened = false;
    try {
      Map<String, Object> json = Json.object(configFile, HfConfig.MAX_BYTES);
      SafetensorsFolder model;
      try {
        HfConfig config = HfConfig.of(json);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.name", String.valueOf(folder.toAbsolutePath().getFileName()));
        values.putAll(config.metadata());
        values.putAll(HfTokenizer.metadata(folder, config));
        values.putAll(HfGeneration.metadata(folder, config));
        SequencedMap<String, Tensor> tensors = tensors(folder, config, arena);
        model = new SafetensorsFolder(folder, arena, new Metadata(values), tensors);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new FormatException(configFile, -1, String.valueOf(e.getMessage()));
      }
      opened = true;
      return model;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** The weight files: those the index names, or all. */
  private static List<Path> files(Path folder) throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    if (!Files.exists(index)) {
      try (Stream<Path> all = Files.list(folder)) {
        List<Path> files = all.filter(p -> p.toString().endsWith(".safetensors")).sorted().toList();
        if (files.isEmpty()) {
          throw new FormatException(
              folder, -1, "the folder has no *.safetensors file: pull the model again.");
        }
        return files;
      }
    }
    TreeSet<String> names = new TreeSet<>();
    for (Object name : Json.member(Json.object(index, 1 << 28), "weight_map").values()) {
      // Only files of this folder: an index is no reason to read any other.
      if (!(name instanceof String s) || !s.matches("[\\w.-]+\\.safetensors")) {
        throw new FormatException(
            index, -1, "weight_map names a file that is no *.safetensors file of the folder.");
      }
      names.add(s);
    }
    if (names.isEmpty() || names.size() > MAX_FILES) {
      throw new FormatException(
          index, -1, "weight_map names " + names.size() + " files: pull the model again.");
    }
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        throw new FormatException(
            file, -1, "this part of the model is missing: pull it into the folder of the others.");
      }
      files.add(file);
    }
    return files;
  }

  private static SequencedMap<String, Tensor> tensors(Path folder, HfConfig config, Arena arena)
      throws IOException {
    Map<String, Tensor> tensors = new TreeMap<>(HfOrder.BY_LAYER);
    for (Path file : files(folder)) {
      SafetensorsFile header = SafetensorsFile.read(file, MappedFile.map(file, arena));
      for (SafetensorsFile.Entry entry : header.entries()) {
        if (HfTensorNames.skipped(entry.name(), config)) {
          continue;
        }
        String name = HfTensorNames.gguf(entry.name(), config.architecture());
        if (name == null) {
          throw new FormatException(
              file,
              entry.offset(),
              "tensor "
                  + entry.name()
                  + " is unknown in the architecture "
                  + config.architecture().gguf
                  + ": the model is not what its config.json says, or needs a newer VTC.");
        }
        if (tensors.putIfAbsent(name, tensor(header, entry, name, config, arena)) != null) {
          throw new FormatException(
              file, entry.offset(), "tensor " + entry.name() + " occurs twice: pull it again.");
        }
      }
    }
    extra(tensors, "rope_freqs.weight", config.llama3Factors(), arena);
    extra(tensors, "rope_factors_long.weight", config.longRopeFactors("long_factor"), arena);
    extra(tensors, "rope_factors_short.weight", config.longRopeFactors("short_factor"), arena);
    return new LinkedHashMap<>(tensors);
  }

  private static void extra(
      Map<String, Tensor> tensors, String name, float @Nullable [] values, Arena arena) {
    if (values != null && values.length > 0) {
      tensors.put(name, vector(name, values, 0, arena));
    }
  }

  private static Tensor vector(String name, float[] values, long offset, Arena arena) {
    MemorySegment data = arena.allocate((long) values.length * Float.BYTES, 64);
    MemorySegment.copy(values, 0, data, Little.F32, 0, values.length);
    return new Tensor(name, DType.F32, 1, values.length, data, offset);
  }

  private static Tensor tensor(
      SafetensorsFile file, SafetensorsFile.Entry entry, String name, HfConfig config, Arena arena)
      throws FormatException {
    DType type = entry.type();
    if (type == null) {
      throw new FormatException(
          file.path(),
          entry.offset(),
          "tensor "
              + entry.name()
              + " is stored as "
              + entry.dtype()
              + "; VTC reads F32, F16 and BF16 from safetensors: get the model in one of these or"
              + " as GGUF.");
    }
    List<Long> shape = entry.shape();
    if (shape.isEmpty() || shape.size() > 2 || entry.size() == 0) {
      throw new FormatException(
          file.path(),
          entry.offset(),
          "tensor " + entry.name() + " has the shape " + shape + ", neither vector nor matrix.");
    }
    boolean turned =
        config.architecture().turnsHeads
            && (name.contains(".attn_q.") || name.contains(".attn_k."));
    MemorySegment data = file.bytes().asSlice(entry.offset(), entry.size());
    if (shape.size() == 2) {
      int head = turned ? config.headDim() : 0;
      return new Tensor(name, type, shape.get(0), shape.get(1), data, entry.offset(), head);
    }
    boolean lessOne = config.architecture().isGemma() && name.endsWith("norm.weight");
    if (!turned && !lessOne) {
      return new Tensor(name, type, 1, shape.getFirst(), data, entry.offset());
    }
    if (shape.getFirst() > 1 << 22) {
      throw new FormatException(
          file.path(), entry.offset(), "the vector " + entry.name() + " is too long.");
    }
    float[] values = new float[Math.toIntExact(shape.getFirst())];
    Decoder.decode(type, data, 0, values, 0, values.length);
    if (lessOne) {
      for (int i = 0; i < values.length; i++) {
        values[i] += 1;
      }
    } else {
      // A bias of q or k has one element for each row, in the rows' order.
      Tensor rows =
          new Tensor(name, type, values.length, 1, data, entry.offset(), config.headDim());
      for (int i = 0; i < values.length; i++) {
        Decoder.decodeRow(rows, i, values, i);
      }
    }
    return vector(name, values, entry.offset(), arena);
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public String formatName() {
    return "safetensors";
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /** Ends the life of all tensors. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
