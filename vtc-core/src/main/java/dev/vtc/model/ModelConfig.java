package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;

/**
 * The numbers of a transformer, read from GGUF's {@code ARCH.*} keys and checked for sense.
 *
 * @param architecture {@code general.architecture}
 * @param layers number of blocks
 * @param width elements of the residual stream
 * @param ffnWidth elements between gate/up and down
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param headDim dimensions of a head
 * @param vocabulary number of tokens
 * @param trainedContext positions the model was trained for
 * @param normEps epsilon of its RMS norms
 * @param ropeDims dimensions of a head that turn
 * @param ropeBase base of the rotation frequencies
 */
public record ModelConfig(
    String architecture,
    int layers,
    int width,
    int ffnWidth,
    int heads,
    int kvHeads,
    int headDim,
    int vocabulary,
    int trainedContext,
    float normEps,
    int ropeDims,
    double ropeBase) {

  static final int MAX_WIDTH = 1 << 20;

  private static final int MAX_LAYERS = 4096;
  private static final int MAX_VOCABULARY = 1 << 24;

  /** Reads and checks; an {@code IllegalArgumentException} names the key that makes no sense. */
  public static ModelConfig read(Metadata m, int vocabulary) {
    String arch = m.string("general.architecture");
    Architectures.named(arch);
    int layers = bounded(m, arch + ".block_count", MAX_LAYERS);
    int width = bounded(m, arch + ".embedding_length", MAX_WIDTH);
    int heads = bounded(m, arch + ".attention.head_count", MAX_WIDTH);
    String kvKey = arch + ".attention.head_count_kv";
    int kvHeads = m.has(kvKey) ? bounded(m, kvKey, heads) : heads;
    String lengthKey = arch + ".attention.key_length";
    if (!m.has(lengthKey) && width % heads != 0) {
      throw new IllegalArgumentException(
          arch
              + ".embedding_length "
              + width
              + " is no multiple of "
              + arch
              + ".attention.head_count "
              + heads
              + ".");
    }
    int headDim = m.has(lengthKey) ? bounded(m, lengthKey, MAX_WIDTH) : width / heads;
    if (m.integer(arch + ".attention.value_length", headDim) != headDim) {
      throw new IllegalArgumentException(
          "Keys and values of different head sizes ("
              + arch
              + ".attention.value_length) are not supported.");
    }
    if ((long) heads * headDim > MAX_WIDTH) {
      throw new IllegalArgumentException(
          heads + " heads of " + headDim + " dimensions (" + arch + ") make no sense.");
    }
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          arch
              + ".attention.head_count "
              + heads
              + " is no multiple of head_count_kv "
              + kvHeads
              + ".");
    }
    String ropeKey = arch + ".rope.dimension_count";
    int ropeDims = m.has(ropeKey) ? bounded(m, ropeKey, headDim) : headDim;
    if (ropeDims % 2 != 0) {
      throw new IllegalArgumentException(ropeKey + " " + ropeDims + " is odd.");
    }
    if (vocabulary < 1 || vocabulary > MAX_VOCABULARY) {
      throw new IllegalArgumentException(
          "A vocabulary of " + vocabulary + " tokens makes no sense.");
    }
    double eps = m.number(arch + ".attention.layer_norm_rms_epsilon", 1e-5);
    double base = m.number(arch + ".rope.freq_base", 10_000);
    if (!(eps >= 0 && eps < 1) || !(base > 0 && base < 1e12)) {
      throw new IllegalArgumentException(
          "A norm epsilon of " + eps + " or a rope base of " + base + " makes no sense.");
    }
    return new ModelConfig(
        arch,
        layers,
        width,
        bounded(m, ffnKey(m, arch), MAX_WIDTH),
        heads,
        kvHeads,
        headDim,
        vocabulary,
        m.has(arch + ".context_length")
            ? bounded(m, arch + ".context_length", Integer.MAX_VALUE)
            : 2048,
        (float) eps,
        ropeDims,
        base);
  }

  /** Models all of whose layers have experts may state only the width of these. */
  private static String ffnKey(Metadata m, String arch) {
    String key = arch + ".feed_forward_length";
    String ofExperts = arch + ".expert_feed_forward_length";
    return !m.has(key) && m.has(ofExperts) ? ofExperts : key;
  }

  static int bounded(Metadata m, String key, int max) {
    long value = m.get(key) instanceof MetadataArray array ? uniform(array, key) : m.integer(key);
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "The metadata key " + key + " is " + value + "; 1 to " + max + " make sense.");
    }
    return (int) value;
  }

  /** A value that a file states for each layer: only one value for all is supported. */
  private static long uniform(MetadataArray array, String key) {
    if (array.size() == 0) {
      throw new IllegalArgumentException("The metadata key " + key + " is an empty array.");
    }
    long value = array.integer(0);
    for (int i = 1; i < array.size(); i++) {
      if (array.integer(i) != value) {
        throw new IllegalArgumentException(
            "Layers of different shapes (" + key + ") are not supported.");
      }
    }
    return value;
  }
}
