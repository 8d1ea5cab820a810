package dev.vtc.program;

/**
 * How a page of the KV cache lies in memory: 256 positions of one sequence, for all layers and
 * key/value heads.
 *
 * <pre>
 *   page                 = layer × kvHead × (keys, values)
 *   keys   of a kv head  : element k[position][d] at ((position/16 · headDim) + d) · 16 + position%16   (16 positions are the lanes)
 *   values of a kv head  : element v[position][d] at position · paddedDim + d                           (dimensions are the lanes)
 * </pre>
 *
 * So a kernel that scores 16 positions, or sums values into 16 dimensions, reads whole lines in
 * ascending order.
 *
 * @param layers layers that attend
 * @param kvHeads key/value heads of a layer
 * @param headDim dimensions of a head
 * @param type how an element is stored
 */
public record KvLayout(int layers, int kvHeads, int headDim, KvType type) {
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

  /** Where the keys of a layer and kv head begin in a page, in bytes. The values follow them. */
  public long keyOffset(int layer, int kvHead) {
    return ((long) layer * kvHeads + kvHead) * (keyBytes() + valueBytes());
  }

  /** Where the values of a layer and kv head begin in a page, in bytes. */
  public long valueOffset(int layer, int kvHead) {
    return keyOffset(layer, kvHead) + keyBytes();
  }

  /** Bytes of a page, a multiple of 64. */
  public long pageBytes() {
    return layers * (long) kvHeads * (keyBytes() + valueBytes());
  }
}
