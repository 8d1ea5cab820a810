package dev.vtc.sample;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What one row of logits offers to a {@link Sampler}: the best tokens, ranked, and behind them all
 * logits. The engine's {@code Select} instruction fills in the ranked list, so that a greedy or
 * top-k choice never walks the vocabulary in Java; {@link #selectFrom} computes the same list where
 * no engine did.
 *
 * <p>Ranking (rule 9 of the numerics): larger logit first; of equal logits the smaller id first.
 *
 * <p>Reused from step to step: {@link #set} and {@link #selectFrom} allocate nothing. The memory of
 * the logits belongs to the caller and must stay unchanged until the sampler has returned. Not
 * thread-safe.
 */
public final class Candidates {
  /** Number of ranked tokens that covers the usual top-k settings. */
  public static final int DEFAULT_TOP = 64;

  /** Logits of a tile of {@link #selectFrom(MemorySegment, MemorySegment)}. */
  public static final int TILE = 64;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

  private final int vocabularySize;
  private final int[] topIds; // (capacity), best first
  private final float[] topLogits; // (capacity), logits of topIds
  private int topCount;
  private MemorySegment logits = MemorySegment.NULL; // f32 (vocabularySize)
  private final float[] logitScratch = new float[TILE];
  private float[] tileScratch = {}; // f32 (tiles), only for selectFrom with tiles
  private float[] scratch = {}; // f32 (vocabularySize), only for selectFrom

  /**
   * @param vocabularySize number of logits in a row, ≥ 1
   * @param capacity largest number of ranked tokens, ≥ 1
   */
  public Candidates(int vocabularySize, int capacity) {
    if (vocabularySize < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "A row of "
              + vocabularySize
              + " logits with "
              + capacity
              + " candidates cannot be sampled.");
    }
    this.vocabularySize = vocabularySize;
    this.topIds = new int[Math.min(capacity, vocabularySize)];
    this.topLogits = new float[topIds.length];
  }

  /**
   * Takes over what {@code Select} wrote.
   *
   * @param logits f32 (vocabularySize)
   * @param ids i32 (≥ count), the best tokens in rank order
   * @param values f32 (≥ count), their logits
   * @param count number of ranked tokens, from 1 to the capacity
   */
  public void set(MemorySegment logits, MemorySegment ids, MemorySegment values, int count) {
    checkLogits(logits);
    if (count < 1 || count > topIds.length) {
      throw new IllegalArgumentException(
          "A list of " + count + " ranked tokens does not fit 1 to " + topIds.length + ".");
    }
    MemorySegment.copy(ids, I32, 0, topIds, 0, count);
    MemorySegment.copy(values, F32, 0, topLogits, 0, count);
    this.logits = logits;
    this.topCount = count;
  }

  /**
   * Ranks the tokens of a row in Java, in one pass over the vocabulary.
   *
   * @param logits f32 (vocabularySize)
   * @throws IllegalStateException if a logit is NaN or +∞
   */
  public void selectFrom(MemorySegment logits) {
    checkLogits(logits);
    if (scratch.length == 0) {
      scratch = new float[vocabularySize];
    }
    MemorySegment.copy(logits, F32, 0, scratch, 0, vocabularySize);
    this.logits = logits;
    topCount = selectTop(scratch, topIds, topLogits, topIds.length);
  }

  /**
   * Ranks the tokens of a row with the help of the largest logit of each tile of 64: of a tile
   * whose best does not reach the list, nothing else is looked at.
   *
   * @param logits f32 (vocabularySize)
   * @param tileMax f32 (ceil(vocabularySize / 64)); NaN where a tile has a logit that is not finite
   * @throws NonFiniteLogitException if a logit is not finite
   */
  public void selectFrom(MemorySegment logits, MemorySegment tileMax) {
    checkLogits(logits);
    this.logits = logits;
    topCount = 0;
    int k = topIds.length;
    int tiles = Math.ceilDiv(vocabularySize, TILE);
    // Through arrays: element by element, memory segments are slow before the JIT compiler has come
    // far.
    if (tileScratch.length == 0) {
      tileScratch = new float[tiles];
    }
    MemorySegment.copy(tileMax, F32, 0, tileScratch, 0, tiles);
    for (int tile = 0; tile < tiles; tile++) {
      float max = tileScratch[tile];
      if (Float.isNaN(max)) {
        throw new NonFiniteLogitException(tile * TILE, max);
      }
      if (topCount == k && max <= topLogits[k - 1]) {
        continue;
      }
      int count = Math.min(vocabularySize - tile * TILE, TILE);
      MemorySegment.copy(logits, F32, 4L * tile * TILE, logitScratch, 0, count);
      for (int i = 0; i < count; i++) {
        insert(tile * TILE + i, logitScratch[i], k);
      }
    }
  }

  private void insert(int id, float logit, int k) {
    if (topCount == k && logit <= topLogits[k - 1]) {
      return;
    }
    int at = topCount < k ? topCount++ : k - 1;
    for (; at > 0 && topLogits[at - 1] < logit; at--) {
      topIds[at] = topIds[at - 1];
      topLogits[at] = topLogits[at - 1];
    }
    topIds[at] = id;
    topLogits[at] = logit;
  }

  /**
   * The k best of all logits by insertion: ids ascend, so an equal logit stays behind the earlier,
   * smaller id.
   *
   * @return how many were found: the smaller of k and the number of logits
   */
  static int selectTop(float[] logits, int[] topIds, float[] topLogits, int k) {
    int count = 0;
    for (int id = 0; id < logits.length; id++) {
      float l = logits[id];
      if (!(l < Float.POSITIVE_INFINITY)) {
        throw new NonFiniteLogitException(id, l);
      }
      if (count == k && l <= topLogits[k - 1]) {
        continue;
      }
      int at = count < k ? count++ : k - 1;
      for (; at > 0 && topLogits[at - 1] < l; at--) {
        topIds[at] = topIds[at - 1];
        topLogits[at] = topLogits[at - 1];
      }
      topIds[at] = id;
      topLogits[at] = l;
    }
    return count;
  }

  private void checkLogits(MemorySegment logits) {
    if (logits.byteSize() < 4L * vocabularySize) {
      throw new IllegalArgumentException(
          "A row of "
              + vocabularySize
              + " logits needs "
              + 4L * vocabularySize
              + " bytes, but has "
              + logits.byteSize()
              + ".");
    }
  }

  /** Number of logits in the row. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** Number of ranked tokens; 0 before the first {@link #set} or {@link #selectFrom}. */
  public int topCount() {
    return topCount;
  }

  /** The token of a rank; rank 0 is the best. */
  public int topId(int rank) {
    return topIds[rank];
  }

  /** The logit of the token of a rank. */
  public float topLogit(int rank) {
    return topLogits[rank];
  }

  /** The logit of a token. */
  public float logit(int id) {
    return logits.get(F32, 4L * id);
  }

  /** Copies all logits, f32 (vocabularySize). */
  void copyLogits(float[] target) {
    MemorySegment.copy(logits, F32, 0, target, 0, vocabularySize);
  }
}
