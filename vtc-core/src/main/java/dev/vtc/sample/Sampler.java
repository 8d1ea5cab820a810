package dev.vtc.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Chooses the tokens of one sequence. Holds the generator and the penalty counts of that sequence;
 * the steps and their order stand in {@link SamplingOptions}.
 *
 * <p>Where it can, it looks at the ranked list of the {@link Candidates} only. That is exact under
 * one condition. The pool is the ranked list and every token that a bias or a penalty changes, with
 * the changed logits. A token outside the pool has its raw logit, which ranks behind the last entry
 * of the list. So the k best of the pool are the k best of the vocabulary if the k-th ranks no
 * later than the last entry of the list does with its raw logit. Otherwise, and where an option
 * needs a sum over all tokens (top-p without top-k, no filter at all, log-probabilities), all
 * logits are read. Both ways give the same bits.
 *
 * <p>Order of the sums, which makes the result reproducible: probabilities among the k best of
 * top-k are summed in rank order; over the whole vocabulary in ascending id order. The draw takes u
 * = nextDouble() · total and the first candidate at which the running sum exceeds u: in rank order,
 * or in id order if no filter is on.
 *
 * <p>After the first tokens nothing is allocated, except by {@link #topLogprobs()}. Not
 * thread-safe.
 */
public final class Sampler {
  private final SamplingOptions options;
  private final int vocabularySize;
  private final L64X128Mix random;
  private final TokenCounts counts; // of no token, where no penalty is on
  private final boolean penalties;
  private final int[] biasIds; // ascending
  private final double[] biases; // of biasIds
  private final int topK; // 0 = off
  private final double logMinP; // −∞ = off

  /**
   * The pool: a binary max-heap by rank in [0, size − popped); popped entries stand behind it, so
   * that the entry of rank r is at size − 1 − r.
   */
  private int[] ids = {};

  private double[] values = {}; // logits of ids, after bias and penalties
  private int size;
  private int popped;
  private int kept; // ranks 0 … kept − 1 passed the filters
  private double[] weights = {}; // (kept), by rank: exp((l − max) / T)
  private double total; // sum of weights

  private float[] raw = {}; // f32 (vocabularySize), when all logits are read
  private int[] poolMark = {}; // (vocabularySize): poolStamp where the token is in the pool already
  private int poolStamp;

  private double chosenLogprob = Double.NaN;
  private final int[] topLogprobIds;
  private final float[] topLogprobLogits;
  private int topLogprobCount;
  private double logNormalizer;

  /**
   * @param vocabularySize number of logits in a row
   * @throws IllegalArgumentException if a logit bias names a token outside the vocabulary
   */
  public Sampler(SamplingOptions options, int vocabularySize) {
    this.options = options;
    this.vocabularySize = vocabularySize;
    this.random = new L64X128Mix(options.seed());
    this.penalties = options.hasPenalties();
    this.counts =
        new TokenCounts(penalties ? vocabularySize : 0, penalties ? options.repeatLastN() : 0);
    this.biasIds =
        options.logitBias().keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.biases = new double[biasIds.length];
    for (Map.Entry<Integer, Double> bias : options.logitBias().entrySet()) {
      if (bias.getKey() >= vocabularySize) {
        throw new IllegalArgumentException(
            "A logit bias names token "
                + bias.getKey()
                + ", but the vocabulary has "
                + vocabularySize
                + " tokens.");
      }
      biases[Arrays.binarySearch(biasIds, bias.getKey())] = bias.getValue();
    }
    this.topK = options.topK() < vocabularySize ? options.topK() : 0;
    this.logMinP = options.minP() > 0 ? StrictMath.log(options.minP()) : Double.NEGATIVE_INFINITY;
    int top = Math.min(Math.max(0, options.topLogprobs()), vocabularySize);
    this.topLogprobIds = new int[top];
    this.topLogprobLogits = new float[top];
  }

  /** The options this sampler was made with. */
  public SamplingOptions options() {
    return options;
  }

  /**
   * Tells the sampler that a token is now part of the sequence: each token of the prompt and each
   * generated one, in order. Only the penalties use it. {@link #sample} does not do this by itself.
   */
  public void accept(int token) {
    if (penalties) {
      counts.add(token);
    }
  }

  /** Forgets the accepted tokens; the generator goes on. */
  public void clearHistory() {
    counts.clear();
  }

  /**
   * Chooses a token.
   *
   * @return its id
   * @throws IllegalStateException if a logit that had to be read is NaN or +∞, or if every token is
   *     forbidden (−∞)
   */
  public int sample(Candidates candidates) {
    if (candidates.vocabularySize() != vocabularySize || candidates.topCount() == 0) {
      throw new IllegalArgumentException(
          "The sampler is for rows of "
              + vocabularySize
              + " logits, but got "
              + candidates.vocabularySize()
              + " logits with "
              + candidates.topCount()
              + " ranked tokens.");
    }
    int id;
    if (options.isGreedy()) {
      id = best(candidates);
    } else if (topK == 0 && options.topP() == 1 && options.minP() == 0) {
      id = drawUnfiltered(candidates);
    } else {
      filter(candidates);
      id = draw();
    }
    if (options.topLogprobs() >= 0) {
      computeLogprobs(candidates, id);
    }
    return id;
  }

  // ---- greedy ----

  private int best(Candidates candidates) {
    if (!penalties && biasIds.length == 0) {
      checkAllowed(candidates.topId(0), candidates.topLogit(0));
      return candidates.topId(0);
    }
    if (!loadPool(candidates, 1)) {
      loadAll(candidates);
      pop();
    }
    checkAllowed(id(0), value(0));
    return id(0);
  }

  // ---- drawing ----

  /** Draws from the whole vocabulary, in id order. */
  private int drawUnfiltered(Candidates candidates) {
    loadAllUnordered(candidates);
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      max = Math.max(max, values[i]);
    }
    checkAllowed(ids[0], max);
    if (weights.length < size) {
      weights = new double[size];
    }
    total = 0;
    for (int i = 0; i < size; i++) {
      weights[i] = StrictMath.exp((values[i] - max) / options.temperature());
      total += weights[i];
    }
    return ids[drawIndex(size)];
  }

  /** Draws from the filtered candidates, in rank order. */
  private int draw() {
    if (weights.length < kept) {
      weights = new double[Math.max(kept, Math.min(2 * weights.length, vocabularySize))];
    }
    double max = value(0);
    total = 0;
    for (int rank = 0; rank < kept; rank++) {
      weights[rank] = StrictMath.exp((value(rank) - max) / options.temperature());
      total += weights[rank];
    }
    return id(drawIndex(kept));
  }

  private int drawIndex(int count) {
    double u = random.nextDouble() * total;
    double sum = 0;
    int last = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] > 0) {
        last = i; // u · total may round up to the total: then the last possible candidate is meant
        sum += weights[i];
        if (sum > u) {
          break;
        }
      }
    }
    return last;
  }

  /** Top-k, top-p and min-p: leaves the candidates at ranks 0 … kept − 1. */
  void filter(Candidates candidates) {
    boolean filtersByP = options.topP() < 1;
    double mass = 0; // sum of exp(l − max) that top-p refers to
    if (topK > 0) {
      if (!loadPool(candidates, topK)) {
        loadAll(candidates);
        pop(topK);
      }
    } else if (filtersByP || !loadPool(candidates, 0)) {
      loadAllUnordered(candidates);
      if (filtersByP) {
        mass = sumOfExp(values, size);
      }
      heapify();
      pop();
    }
    double max = value(0);
    checkAllowed(id(0), max);
    int limit = topK > 0 ? topK : size;
    if (topK > 0 && filtersByP) {
      for (int rank = 0; rank < limit; rank++) {
        mass += StrictMath.exp(value(rank) - max);
      }
    }
    double cumulated = 0;
    kept = 0;
    while (kept < limit) {
      if (kept == popped) {
        pop();
      }
      double l = value(kept);
      if (l == Double.NEGATIVE_INFINITY || l < max + logMinP) {
        break;
      }
      kept++;
      if (filtersByP) {
        cumulated += StrictMath.exp(l - max);
        if (cumulated >= options.topP() * mass) {
          break;
        }
      }
    }
  }

  private static double sumOfExp(double[] logits, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += StrictMath.exp(logits[i] - max);
    }
    return sum;
  }

  /** For tests: number of candidates after {@link #filter}. */
  int keptCount() {
    return kept;
  }

  /** For tests: the token of a rank after {@link #filter}. */
  int keptId(int rank) {
    return id(rank);
  }

  /** For tests: the probability with which a draw takes a rank. */
  double keptProbability(int rank) {
    return weights[rank] / total;
  }

  /** For tests: draws after {@link #filter}. */
  int drawFiltered() {
    return draw();
  }

  // ---- the pool ----

  private int id(int rank) {
    return ids[size - 1 - rank];
  }

  private double value(int rank) {
    return values[size - 1 - rank];
  }

  /**
   * Fills the pool with the ranked list and the changed tokens, and ranks its best.
   *
   * @param k how many ranks are needed; 0: as many as min-p keeps
   * @return whether these are the best of the whole vocabulary
   */
  private boolean loadPool(Candidates candidates, int k) {
    int top = candidates.topCount();
    boolean complete = top == vocabularySize;
    if (!complete && k > top) {
      return false;
    }
    double lastRaw = candidates.topLogit(top - 1);
    int lastId = candidates.topId(top - 1);
    if (penalties || biasIds.length > 0) {
      loadChanged(candidates);
    } else {
      loadRanked(candidates);
    }
    int needed = Math.max(1, k);
    if (needed > size) {
      return false;
    }
    pop(needed - popped);
    if (complete) {
      return true;
    }
    if (k == 0) { // a token outside the pool is at most lastRaw; strictly below the threshold it is
      // not kept
      return value(0) + logMinP > lastRaw && !before(lastId, lastRaw, id(0), value(0));
    }
    return !before(lastId, lastRaw, id(k - 1), value(k - 1));
  }

  private void loadRanked(Candidates candidates) {
    size = candidates.topCount();
    reserve(size);
    popped = size;
    for (int rank = 0; rank < size; rank++) {
      ids[size - 1 - rank] = candidates.topId(rank);
      values[size - 1 - rank] = checked(candidates.topId(rank), candidates.topLogit(rank));
    }
  }

  private void loadChanged(Candidates candidates) {
    if (poolMark.length == 0) {
      poolMark = new int[vocabularySize];
    }
    poolStamp++;
    size = 0;
    reserve(Math.min(vocabularySize, candidates.topCount() + biasIds.length + counts.seenCount()));
    for (int rank = 0; rank < candidates.topCount(); rank++) {
      addToPool(candidates.topId(rank), candidates.topLogit(rank));
    }
    for (int id : biasIds) {
      addToPool(id, candidates.logit(id));
    }
    for (int i = 0; i < counts.seenCount(); i++) {
      addToPool(counts.seen(i), candidates.logit(counts.seen(i)));
    }
    heapify();
  }

  private void addToPool(int id, float logit) {
    if (poolMark[id] != poolStamp) {
      poolMark[id] = poolStamp;
      ids[size] = id;
      values[size++] = changed(id, checked(id, logit));
    }
  }

  private void loadAll(Candidates candidates) {
    loadAllUnordered(candidates);
    heapify();
  }

  /** The whole vocabulary in id order, not yet a heap. */
  private void loadAllUnordered(Candidates candidates) {
    readRaw(candidates);
    reserve(vocabularySize);
    size = vocabularySize;
    for (int id = 0; id < size; id++) {
      ids[id] = id;
      values[id] = checked(id, raw[id]);
    }
    for (int id : biasIds) {
      values[id] = changed(id, raw[id]);
    }
    for (int i = 0; i < counts.seenCount(); i++) {
      int id = counts.seen(i);
      values[id] = changed(id, raw[id]);
    }
  }

  private void readRaw(Candidates candidates) {
    if (raw.length == 0) {
      raw = new float[vocabularySize];
    }
    candidates.copyLogits(raw);
  }

  private void reserve(int n) {
    if (ids.length
        < n) { // doubling: a window that fills up token by token must not allocate for each
      int capacity = Math.min(vocabularySize, Math.max(n, 2 * ids.length));
      ids = new int[capacity];
      values = new double[capacity];
    }
  }

  /**
   * The logit of a token after bias and penalties; the formulae stand in {@link SamplingOptions}.
   */
  private double changed(int id, double logit) {
    int bias = biasIds.length == 0 ? -1 : Arrays.binarySearch(biasIds, id);
    double l = bias < 0 ? logit : logit + biases[bias];
    int count = penalties ? counts.count(id) : 0;
    if (count > 0) {
      l = l <= 0 ? l * options.repetitionPenalty() : l / options.repetitionPenalty();
      l -= count * options.frequencyPenalty() + options.presencePenalty();
    }
    return l;
  }

  private static double checked(int id, float logit) {
    if (!(logit < Float.POSITIVE_INFINITY)) {
      throw new NonFiniteLogitException(id, logit);
    }
    return logit;
  }

  private static void checkAllowed(int id, double best) {
    if (!(best < Double.POSITIVE_INFINITY)) {
      throw new NonFiniteLogitException(id, best);
    }
    if (best == Double.NEGATIVE_INFINITY) {
      throw new IllegalStateException(
          "Every token is forbidden (logit -Infinity), so none can be chosen.");
    }
  }

  // ---- the heap ----

  /** Whether the first token ranks before the second. */
  private static boolean before(int id, double logit, int otherId, double otherLogit) {
    return logit > otherLogit || (logit == otherLogit && id < otherId);
  }

  private void heapify() {
    popped = 0;
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i, size);
    }
  }

  private void pop(int n) {
    for (int i = 0; i < n; i++) {
      pop();
    }
  }

  /** Moves the best of the heap to the next rank. */
  private void pop() {
    int last = size - 1 - popped;
    popped++;
    int id = ids[0];
    double value = values[0];
    ids[0] = ids[last];
    values[0] = values[last];
    ids[last] = id;
    values[last] = value;
    sink(0, last);
  }

  private void sink(int at, int heapSize) {
    int id = ids[at];
    double value = values[at];
    int i = at;
    while (2 * i + 1 < heapSize) {
      int child = 2 * i + 1;
      if (child + 1 < heapSize
          && before(ids[child + 1], values[child + 1], ids[child], values[child])) {
        child++;
      }
      if (!before(ids[child], values[child], id, value)) {
        break;
      }
      ids[i] = ids[child];
      values[i] = values[child];
      i = child;
    }
    ids[i] = id;
    values[i] = value;
  }

  // ---- log-probabilities ----

  /**
   * ln p(id) = (l − max) − ln Σ exp(l − max) over the raw logits, the sum in id order, all in
   * double.
   */
  private void computeLogprobs(Candidates candidates, int chosen) {
    readRaw(candidates);
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabularySize; id++) {
      max = Math.max(max, checked(id, raw[id]));
    }
    double sum = 0;
    for (int id = 0; id < vocabularySize; id++) {
      sum += StrictMath.exp(raw[id] - max);
    }
    logNormalizer = max + StrictMath.log(sum);
    chosenLogprob = raw[chosen] - logNormalizer;
    if (topLogprobIds.length == 0) {
      topLogprobCount = 0;
    } else if (topLogprobIds.length <= candidates.topCount()) {
      topLogprobCount = topLogprobIds.length;
      for (int rank = 0; rank < topLogprobCount; rank++) {
        topLogprobIds[rank] = candidates.topId(rank);
        topLogprobLogits[rank] = candidates.topLogit(rank);
      }
    } else {
      topLogprobCount =
          Candidates.selectTop(raw, topLogprobIds, topLogprobLogits, topLogprobIds.length);
    }
  }

  /**
   * The log-probability of the token that {@link #sample} chose last; NaN where the options ask for
   * none.
   */
  public double chosenLogprob() {
    return chosenLogprob;
  }

  /**
   * The most probable tokens at the last {@link #sample}, best first; as many as the options ask
   * for.
   */
  public List<TokenLogprob> topLogprobs() {
    List<TokenLogprob> list = new ArrayList<>(topLogprobCount);
    for (int rank = 0; rank < topLogprobCount; rank++) {
      list.add(new TokenLogprob(topLogprobIds[rank], topLogprobLogits[rank] - logNormalizer));
    }
    return list;
  }
}
