package dev.vtc.program;

import java.util.Collections;
import java.util.List;

/**
 * How the pages of the KV cache lie in memory. Layers that look back equally far are a group; a
 * page holds 256 positions of one sequence, for all layers of a group and their key/value heads. So
 * groups with a window can give back pages that the others still need.
 *
 * <pre>
 *   page of a group      = layer of the group × kvHead × (keys, values)
 *   keys   of a kv head  : element k[position][d] at ((position/16 · headDim) + d) · 16 + position%16   (16 positions are the lanes)
 *   values of a kv head  : element v[position][d] at position · paddedDim + d                           (dimensions are the lanes)
 * </pre>
 *
 * So a kernel that scores 16 positions, or sums values into 16 dimensions, reads whole lines in
 * ascending order.
 *
 * @param windows of each layer that attends: how many positions, its own included, a token looks
 *     back at the most; 0 for all
 * @param kvHeads key/value heads of a layer
 * @param headDim dimensions of a head
 * @param type how an element is stored
 */
public record KvLayout(List<Integer> windows, int kvHeads, int headDim, KvType type) {
  /** How keys and values are stored. */
  public enum KvType {
    F16(2),
    F32(4);

    private final int bytes;

    KvType(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of an element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Positions of a page. */
  public static final int PAGE_POSITIONS = 256;

  public KvLayout {
    windows = List.copyOf(windows);
    for (int w : windows) {
      if (w < 0) {
        throw new IllegalArgumentException("A window of " + w + " positions.");
      }
    }
  }

  /** Layers that all look at every position. */
  public KvLayout(int layers, int kvHeads, int headDim, KvType type) {
    this(Collections.nCopies(layers, 0), kvHeads, headDim, type);
  }

  /** Layers that attend. */
  public int layers() {
    return windows.size();
  }

  /**
   * Number of groups: of different windows. They are numbered in the order of their first layers.
   */
  public int groups() {
    int groups = 0;
    for (int layer = 0; layer < layers(); layer++) {
      groups += isFirst(layer) ? 1 : 0;
    }
    return groups;
  }

  /** The group of a layer. */
  public int group(int layer) {
    int group = 0;
    for (int i = 0; i < windows.indexOf(windows.get(layer)); i++) {
      group += isFirst(i) ? 1 : 0;
    }
    return group;
  }

  /** How many positions a token looks back in a group's layers; 0 for all. */
  public int window(int group) {
    return windows.get(firstLayer(group));
  }

  /** True when a layer's pages keep what a token needs that looks back so far; 0 for all. */
  public boolean keeps(int layer, int window) {
    int kept = windows.get(layer);
    return kept == 0 || (window > 0 && window <= kept);
  }

  private boolean isFirst(int layer) {
    return windows.indexOf(windows.get(layer)) == layer;
  }

  /** How many of the first {@code end} layers have the window of a layer. */
  private int layersAlike(int layer, int end) {
    int alike = 0;
    for (int i = 0; i < end; i++) {
      alike += windows.get(i).equals(windows.get(layer)) ? 1 : 0;
    }
    return alike;
  }

  private int firstLayer(int group) {
    int layer = 0;
    while (group(layer) != group) {
      layer++;
    }
    return layer;
  }

  /** Dimensions of a value row in memory: a multiple of 16. */
  public int paddedDim() {
    return Math.ceilDiv(headDim, 16) * 16;
  }

  /** Bytes of the keys of one layer and kv head in a page. */
  public long keyBytes() {
    return (long) PAGE_POSITIONS * headDim * type.bytes();
  }

  /** Bytes of the values of one layer and kv head in a page. */
  public long valueBytes() {
    return (long) PAGE_POSITIONS * paddedDim() * type.bytes();
  }

  /**
   * Where the keys of a layer and kv head begin in a page of the layer's group, in bytes. The
   * values follow them.
   */
  public long keyOffset(int layer, int kvHead) {
    long inGroup = layersAlike(layer, layer);
    return (inGroup * kvHeads + kvHead) * (keyBytes() + valueBytes());
  }

  /** Where the values of a layer and kv head begin in a page of the layer's group, in bytes. */
  public long valueOffset(int layer, int kvHead) {
    return keyOffset(layer, kvHead) + keyBytes();
  }

  /** Bytes of a page of a group, a multiple of 64. */
  public long pageBytes(int group) {
    long layers = layersAlike(firstLayer(group), layers());
    return layers * kvHeads * (keyBytes() + valueBytes());
  }
}
