package dev.vtc.format;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which tensor of a model gets which type when the model is quantized to one: as {@code
 * llama-quantize} of llama.cpp decides without an importance matrix (its {@code llama-quant.cpp}).
 *
 * <ul>
 *   <li>Vectors, norms and the router of experts stay f32.
 *   <li>The output matrix (the embedding, if tied) gets Q6_K where the others get fewer bits.
 *   <li>Q4_K and Q5_K give Q6_K to about half of the {@code attn_v}, {@code attn_qkv} and {@code
 *       ffn_down} (the mixes known as Q4_K_M and Q5_K_M); models of 80 layers whose heads share
 *       keys and values get Q5_K for the other {@code attn_v} of Q4_K.
 *   <li>Models of eight experts get Q8_0 for {@code attn_k} and {@code attn_v}, and Q4_K gives Q5_K
 *       to their {@code attn_output}.
 *   <li>A type whose blocks do not divide a row gives way to one of blocks of 32, and that to F16.
 * </ul>
 */
public final class QuantizedTypes {
  private static final Pattern EXPERT =
      Pattern.compile("(blk\\.\\d+\\.ffn_(?:gate|up|down))\\.(\\d+)\\.weight");
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(.+)\\.weight");

  /**
   * A tensor that could not have the type meant for it.
   *
   * @param columns elements of a row, no multiple of the block of {@code wanted}
   * @param type what it gets instead
   */
  public record Fallback(String tensor, long columns, DType wanted, DType type) {}

  private final DType type;
  private final boolean tied;
  private final int layers;
  private final boolean eightExperts;
  private final boolean sharedHeads;
  private final SequencedMap<String, Fallback> fallbacks = new LinkedHashMap<>();

  /**
   * @param type one that {@link Quantizer#supports}
   * @throws IllegalArgumentException when it is not
   */
  public QuantizedTypes(ModelSource source, DType type) {
    fileType(type);
    this.type = type;
    Metadata m = source.metadata();
    String architecture = m.string("general.architecture", "");
    tied = !source.tensors().containsKey("output.weight");
    layers = (int) m.integer(architecture + ".block_count", 1);
    eightExperts = m.integer(architecture + ".expert_count", 0) == 8;
    long heads = m.integer(architecture + ".attention.head_count", 1);
    sharedHeads =
        architecture.equals("qwen2")
            || (architecture.equals("llama")
                && m.integer(architecture + ".attention.head_count_kv", heads) != heads);
  }

  /**
   * The types of all weight matrices, experts that are stored one by one under their own names;
   * those that stay as they are, left out.
   */
  public static Map<String, DType> ofMatrices(ModelSource source, DType type) {
    QuantizedTypes types = new QuantizedTypes(source, type);
    Map<String, DType> all = new LinkedHashMap<>();
    for (Tensor t : source.tensors().values()) {
      DType to = types.of(stackOf(t.name()), t.columns(), t.rows(), t.type());
      if (t.type().isWeight() && t.rows() > 1 && to != DType.F32 && to != t.type()) {
        all.put(t.name(), to);
      }
    }
    return all;
  }

  /** The tensor of all experts for the name of one expert's; any other name as it is. */
  static String stackOf(String name) {
    Matcher expert = EXPERT.matcher(name);
    return expert.matches() ? expert.group(1) + "_exps.weight" : name;
  }

  /** Which expert a tensor belongs to that is stored alone; 0 for all others. */
  static int expertOf(String name) {
    Matcher expert = EXPERT.matcher(name);
    return expert.matches() ? Integer.parseInt(expert.group(2)) : 0;
  }

  /**
   * The type of a tensor.
   *
   * @param rows of all experts together; 1 for a vector
   * @param stored its type in the source
   */
  DType of(String name, long columns, long rows, DType stored) {
    if (!stored.isWeight()) {
      return stored;
    }
    if (rows == 1 || name.contains("ffn_gate_inp") || name.contains("_norm")) {
      return DType.F32;
    }
    DType wanted = wanted(name);
    DType fitting = fitting(wanted, columns);
    if (fitting != wanted) {
      fallbacks.put(name, new Fallback(name, columns, wanted, fitting));
    }
    return fitting;
  }

  /** Tensors asked for that could not have the type meant for them, in the order of asking. */
  List<Fallback> fallbacks() {
    return new ArrayList<>(fallbacks.values());
  }

  private DType wanted(String name) {
    boolean quantized =
        switch (type) {
          case F32, F16, BF16 -> false;
          default -> true;
        };
    if (!quantized) {
      return type;
    }
    if (name.equals(tied ? "token_embd.weight" : "output.weight")) {
      return type == DType.Q8_0 ? type : DType.Q6_K;
    }
    Matcher layer = LAYER.matcher(name);
    return layer.matches() ? wanted(layer.group(2), Integer.parseInt(layer.group(1))) : type;
  }

  private DType wanted(String part, int layer) {
    boolean mix = type == DType.Q4_K || type == DType.Q5_K;
    if (eightExperts && (part.equals("attn_k") || isValues(part))) {
      return DType.Q8_0;
    }
    if (mix && (isValues(part) || part.startsWith("ffn_down")) && getsMoreBits(layer)) {
      return DType.Q6_K;
    }
    if (type == DType.Q4_K
        && ((isValues(part) && layers == 80 && sharedHeads)
            || (eightExperts && part.equals("attn_output")))) {
      return DType.Q5_K;
    }
    return type;
  }

  private static boolean isValues(String part) {
    return part.equals("attn_v") || part.equals("attn_qkv");
  }

  /** The layers at both ends, and every third between: {@code use_more_bits}. */
  private boolean getsMoreBits(int i) {
    return i < layers / 8 || i >= 7 * layers / 8 || (i - layers / 8) % 3 == 2;
  }

  private static DType fitting(DType wanted, long columns) {
    if (columns % wanted.blockSize() == 0) {
      return wanted;
    }
    DType smaller =
        switch (wanted) {
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> DType.F16;
        };
    return fitting(smaller, columns);
  }

  /** The type that a user's word stands for, in either case, or null. */
  public static @Nullable DType named(String word) {
    for (DType t : DType.values()) {
      if (Quantizer.supports(t) && t.name().equalsIgnoreCase(word)) {
        return t;
      }
    }
    return null;
  }

  /**
   * {@code general.file_type}: the numbers of llama.cpp's {@code enum llama_ftype}.
   *
   * @throws IllegalArgumentException when VTC cannot quantize to {@code type}
   */
  public static long fileType(DType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 15;
      case Q5_K -> 17;
      case Q6_K -> 18;
      case BF16 -> 32;
      default -> throw new IllegalArgumentException("VTC cannot quantize to " + type + ".");
    };
  }
}
