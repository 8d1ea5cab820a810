package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything a {@link Tokenizer} reads while it runs, as flat little-endian arrays: built once from
 * a model's metadata ({@link #build}), stored, and from then on mapped and used where they lie
 * ({@link #of}), which does no work in proportion to the vocabulary.
 *
 * <p>A <em>symbol</em> is a token, or a text that merges pass through without being a token
 * ("phantom"). Symbols 0 … n−1 are the n tokens under their ids, phantoms follow. All texts are
 * stored as the bytes they stand for: byte-level tokens decoded from GPT-2's printable alphabet,
 * SentencePiece's U+2581 as a space.
 *
 * <pre>
 * segment          bytes           contents
 * text             any             bytes of all symbols, one after the other
 * offsets          4 (s+1)         u32: symbol i is text[offsets[i] .. offsets[i+1])
 * attributes       2 n             u16 of a token: see the constants below
 * lookup           8 · 2^k         open addressing by the text's hash: hash bits 32–63 | id+1, 0 empty
 * bytes            4 · 256         i32: symbol of a single byte (BPE), byte token (SentencePiece), or -1
 * special          4 c             i32: symbols of control, unknown and user-defined tokens, by text
 * normalized       4 c             i32: those that are looked for in normalized text (absent without)
 * merges           16 · 2^j        open addressing: (left &lt;&lt; 32 | right) + 1, 0 empty; rank &lt;&lt; 32 | merged
 * scores           4 n or 8 n      f32 of a token (SentencePiece and unigram only), f64 from a tokenizer.json
 * user             4 c             i32: ids of user-defined tokens, by text (unigram only)
 * charsmap         any             SentencePiece's precompiled normalizer (unigram only, may be absent)
 * prefixes         2^m             bits of the hashes of all beginnings of tokens (unigram only)
 * joins            8192            bit 256 a + b: some symbol has byte a before a character that begins with b
 *                                  (character BPE and SentencePiece BPE only)
 * </pre>
 *
 * <p>Immutable and thread-safe. The segments must stay alive and unchanged as long as a tokenizer
 * uses them; they are read with bounds checks, so damaged ones give wrong ids or an exception,
 * never a crash or an endless loop.
 */
public final class TokenizerTables {
  // Attributes of a token.
  static final int UNKNOWN = 1;
  static final int UNUSED = 1 << 1;
  static final int NORMAL = 1 << 2;
  static final int CONTROL = 1 << 3;
  static final int USER_DEFINED = 1 << 4;
  static final int BYTE = 1 << 5;

  /** White space left (right) of the special token belongs to it. */
  static final int STRIP_LEFT = 1 << 6;

  static final int STRIP_RIGHT = 1 << 7;
  static final int END_OF_GENERATION = 1 << 8;

  /** The token's whole text encodes to this one token: a word that equals it needs no merging. */
  static final int WHOLE = 1 << 9;

  /** Ordinary text can become this token by merging; the others are found only as literals. */
  static final int MATCHABLE = 1 << 10;

  /** The special token does not count inside a word. */
  static final int SINGLE_WORD = 1 << 11;

  /** The special token is looked for after text was normalized. */
  static final int NORMALIZED = 1 << 12;

  /** How text becomes ids. */
  enum Kind {
    /** Byte-pair encoding over bytes (GPT-2 and most since). */
    BYTE_BPE,
    /** Byte-pair encoding by merge rank over characters, with byte tokens for unknown ones. */
    CHARACTER_BPE,
    /** SentencePiece byte-pair encoding: the pair whose token scores highest merges first. */
    SENTENCEPIECE,
    /** SentencePiece unigram: the segmentation with the highest sum of scores. */
    UNIGRAM
  }

  /** Bits of {@code joins}: one for each pair of bytes. */
  static final int JOINS = 1 << 16;

  private static final int MAX_PROBES = 4096;
  private static final String DAMAGED =
      "The tokenizer tables are damaged (%s); pack the model again from its source.";

  private final SequencedMap<String, MemorySegment> segments;
  private final Map<String, Object> settings;

  private final ByteBuffer text;
  private final ByteBuffer offsets;
  private final ByteBuffer attributes;
  private final ByteBuffer lookup;
  private final ByteBuffer bytes;
  private final ByteBuffer special;
  private final ByteBuffer normalized;
  private final ByteBuffer merges;
  private final ByteBuffer scores;
  private final ByteBuffer user;
  private final @Nullable ByteBuffer charsmap;
  private final ByteBuffer prefixes;
  private final int prefixMask;
  private final long[] joins = new long[JOINS / Long.SIZE];
  private final boolean wideScores;
  private final int size;
  private final int symbols;
  private final int lookupMask;
  private final int mergeMask;
  private final Kind kind;

  private TokenizerTables(
      SequencedMap<String, MemorySegment> segments, Map<String, Object> settings) {
    this.segments = segments;
    this.settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    this.kind = kind(string("kind"));
    text = buffer("text");
    offsets = buffer("offsets");
    attributes = buffer("attributes");
    lookup = buffer("lookup");
    bytes = buffer("bytes");
    special = buffer("special");
    normalized = segments.containsKey("normalized") ? buffer("normalized") : empty();
    merges = kind == Kind.BYTE_BPE || kind == Kind.CHARACTER_BPE ? buffer("merges") : empty();
    scores = kind == Kind.SENTENCEPIECE || kind == Kind.UNIGRAM ? buffer("scores") : empty();
    user = kind == Kind.UNIGRAM ? buffer("user") : empty();
    charsmap = segments.containsKey("charsmap") ? buffer("charsmap") : null;
    prefixes = kind == Kind.UNIGRAM ? buffer("prefixes") : empty();
    prefixMask = kind == Kind.UNIGRAM ? prefixMask(prefixes) : 0;
    if (kind == Kind.CHARACTER_BPE || kind == Kind.SENTENCEPIECE) {
      ByteBuffer stored = buffer("joins");
      check(stored.capacity() == JOINS / Byte.SIZE, "joins");
      stored.asLongBuffer().get(joins);
    }
    size = attributes.capacity() / Short.BYTES;
    symbols = offsets.capacity() / Integer.BYTES - 1;
    lookupMask = slots("lookup", lookup, Long.BYTES) - 1;
    mergeMask = merges.capacity() == 0 ? -1 : slots("merges", merges, 2 * Long.BYTES) - 1;
    check(size > 0 && size == number("size"), "attributes");
    check(symbols >= size, "offsets");
    check(bytes.capacity() == 256 * Integer.BYTES, "bytes");
    wideScores = scores.capacity() == (long) size * Double.BYTES;
    check(
        scores.capacity() == 0 || wideScores || scores.capacity() == size * Float.BYTES, "scores");
  }

  /** Whether the metadata describes a tokenizer at all; llama2.c checkpoints, say, do not. */
  public static boolean present(Metadata metadata) {
    return metadata.has("tokenizer.ggml.tokens") && metadata.has("tokenizer.ggml.model");
  }

  /**
   * The tokens of which a Hugging Face folder says that they end a generation, beside those that
   * GGUF's keys and well-known names mark; none in most GGUF files.
   */
  public static int[] endIds(Metadata metadata) {
    if (!metadata.has("tokenizer.ggml.eos_token_ids")) {
      return new int[0];
    }
    MetadataArray ids = metadata.array("tokenizer.ggml.eos_token_ids");
    return IntStream.range(0, ids.size())
        .filter(i -> ids.integer(i) >= 0 && ids.integer(i) <= Integer.MAX_VALUE)
        .map(i -> (int) ids.integer(i))
        .toArray();
  }

  /**
   * Builds the tables from {@code tokenizer.ggml.*} metadata; takes up to some seconds for the
   * largest vocabularies.
   *
   * @throws IllegalArgumentException with a sentence that says what is missing, contradictory or
   *     not supported
   */
  public static TokenizerTables build(Metadata metadata) {
    return new TablesBuilder(metadata).build();
  }

  /**
   * Tables over segments that {@link #toSegments} gave, and their {@link #settings}. Microseconds,
   * whatever the vocabulary's size.
   *
   * @throws IllegalArgumentException if a segment or a setting is missing or of a wrong size
   */
  public static TokenizerTables of(
      SequencedMap<String, MemorySegment> segments, Map<String, Object> settings) {
    return new TokenizerTables(new LinkedHashMap<>(segments), settings);
  }

  /** The arrays under stable names, ready to be stored and mapped. */
  public SequencedMap<String, MemorySegment> toSegments() {
    return new LinkedHashMap<>(segments);
  }

  /** Small settings that go with the segments, by name; values are Long, Boolean or String. */
  public Map<String, Object> settings() {
    return settings;
  }

  /** Number of tokens. */
  public int size() {
    return size;
  }

  Kind kind() {
    return kind;
  }

  /**
   * Whether text is cut as a {@code tokenizer.json} says, not as the kind of vocabulary implies.
   */
  boolean described() {
    return string("pre").startsWith(PreTokenizers.STAGES);
  }

  /** Tokens and phantoms. */
  int symbols() {
    return symbols;
  }

  boolean flag(String name) {
    return settings.get(name) instanceof Boolean b && b;
  }

  /** A token id among the settings, or -1. */
  int id(String name) {
    return settings.get(name) instanceof Long v && v >= 0 && v < size ? v.intValue() : -1;
  }

  long number(String name) {
    if (settings.get(name) instanceof Long v && v >= 0) {
      return v;
    }
    throw new IllegalArgumentException(DAMAGED.formatted("setting " + name));
  }

  String string(String name) {
    if (settings.get(name) instanceof String s) {
      return s;
    }
    throw new IllegalArgumentException(DAMAGED.formatted("setting " + name));
  }

  /** A setting that tables which were packed before it was known do not have. */
  String string(String name, String otherwise) {
    return settings.containsKey(name) ? string(name) : otherwise;
  }

  int attributes(int id) {
    return attributes.getShort(id * Short.BYTES);
  }

  double score(int id) {
    return wideScores ? scores.getDouble(id * Double.BYTES) : scores.getFloat(id * Float.BYTES);
  }

  ByteBuffer userDefined() {
    return user;
  }

  @Nullable ByteBuffer charsmap() {
    return charsmap;
  }

  /**
   * Whether merges may cross the place between byte {@code last} and a character that begins with
   * {@code lead}: no symbol has these two side by side where this is false.
   */
  boolean joins(byte last, byte lead) {
    int bit = (last & 0xFF) << 8 | (lead & 0xFF);
    return (joins[bit >> 6] >>> bit & 1) != 0;
  }

  /** Ids of special tokens, sorted by text: those of normalized text or the others. */
  ByteBuffer specials(boolean ofNormalizedText) {
    return ofNormalizedText ? normalized : special;
  }

  /** Offset of a symbol's bytes in the text segment. */
  int start(int symbol) {
    return offsets.getInt(symbol * Integer.BYTES);
  }

  int length(int symbol) {
    int start = offsets.getInt(symbol * Integer.BYTES);
    int end = offsets.getInt(symbol * Integer.BYTES + Integer.BYTES);
    if (start < 0 || end < start || end > text.capacity()) {
      throw new IllegalStateException(DAMAGED.formatted("offsets of symbol " + symbol));
    }
    return end - start;
  }

  /** The token that a symbol which is written with U+2581 names; a token names itself. */
  int named(int symbol) {
    if (symbol < size) {
      return symbol;
    }
    byte[] meaning = TokenText.spaced(bytes(symbol));
    int id = meaning == null ? -1 : find(meaning, 0, meaning.length);
    return id < size ? id : -1;
  }

  byte textByte(int at) {
    return text.get(at);
  }

  byte[] bytes(int symbol) {
    byte[] result = new byte[length(symbol)];
    text.get(start(symbol), result, 0, result.length);
    return result;
  }

  /** Symbol of a byte (BPE) or its byte token (SentencePiece), or -1. */
  int ofByte(byte value) {
    int id = bytes.getInt((value & 0xFF) * Integer.BYTES);
    return id >= 0 && id < symbols ? id : -1;
  }

  /** The symbol that ordinary text of these bytes is, or -1. */
  int find(byte[] utf8, int from, int to) {
    return find(utf8, from, to, true);
  }

  /** The token of these bytes that only exists as a literal (control tokens and such), or -1. */
  int findLiteral(byte[] utf8, int from, int to) {
    return find(utf8, from, to, false);
  }

  private int find(byte[] utf8, int from, int to, boolean matchable) {
    return find(hash(utf8, from, to, matchable), utf8, from, to, matchable);
  }

  static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  /** State of the hash of an empty text that ordinary text can become. */
  static final long HASH_START = 1;

  /** The state after one more byte. */
  static long hashMore(long state, byte next) {
    return state * HASH_FACTOR + next;
  }

  /**
   * The state of the bytes between two places of a text, by the states there; the hash is a
   * polynomial.
   *
   * @param before state at the first place, which began with 0
   * @param after state at the second place
   * @param power {@link #HASH_FACTOR} to the power of the number of bytes between
   */
  static long hashBetween(long before, long after, long power) {
    return after + (HASH_START - before) * power;
  }

  /** As {@link #find(byte[], int, int)}, for those who have the hash state of these bytes. */
  int find(long state, byte[] utf8, int from, int to) {
    return find(mix(state), utf8, from, to, true);
  }

  private int find(long hash, byte[] utf8, int from, int to, boolean matchable) {
    int slot = (int) hash & lookupMask;
    int fingerprint = (int) (hash >>> 32);
    int probes = Math.min(lookupMask + 1, MAX_PROBES);
    for (int i = 0; i < probes; i++) {
      long entry = lookup.getLong(slot * Long.BYTES);
      int symbol = (int) entry - 1;
      if (symbol < 0) {
        return -1;
      }
      if ((int) (entry >>> 32) == fingerprint
          && symbol < symbols
          && matchable(symbol) == matchable
          && equal(symbol, utf8, from, to)) {
        return symbol;
      }
      slot = (slot + 1) & lookupMask;
    }
    return -1;
  }

  private boolean matchable(int symbol) {
    return symbol >= size || (attributes(symbol) & MATCHABLE) != 0;
  }

  private boolean equal(int symbol, byte[] utf8, int from, int to) {
    if (length(symbol) != to - from) {
      return false;
    }
    int start = start(symbol);
    for (int i = from; i < to; i++) {
      if (text.get(start + i - from) != utf8[i]) {
        return false;
      }
    }
    return true;
  }

  /** {@code rank << 32 | merged symbol} of two neighbours, or -1 where they do not merge. */
  long merge(int left, int right) {
    long key = (((long) left << 32) | right) + 1;
    int slot = (int) mix(key) & mergeMask;
    int probes = Math.min(mergeMask + 1, MAX_PROBES);
    for (int i = 0; i < probes; i++) {
      long entry = merges.getLong(slot * 2 * Long.BYTES);
      if (entry == key) {
        long value = merges.getLong(slot * 2 * Long.BYTES + Long.BYTES);
        return value >= 0 && (int) value >= 0 && (int) value < symbols ? value : -1;
      }
      if (entry == 0) {
        return -1;
      }
      slot = (slot + 1) & mergeMask;
    }
    return -1;
  }

  // ---- writing, used while building ----

  static void putLookup(ByteBuffer lookup, byte[] key, boolean matchable, int symbol) {
    int mask = lookup.capacity() / Long.BYTES - 1;
    long hash = hash(key, 0, key.length, matchable);
    int slot = (int) hash & mask;
    for (int i = 0; i < Math.min(mask + 1, MAX_PROBES); i++) {
      if (lookup.getLong(slot * Long.BYTES) == 0) {
        lookup.putLong(slot * Long.BYTES, ((hash >>> 32) << 32) | (symbol + 1));
        return;
      }
      slot = (slot + 1) & mask;
    }
    throw new IllegalArgumentException(
        "The vocabulary cannot be hashed: more than " + MAX_PROBES + " tokens share a hash.");
  }

  /** Adds a merge unless the pair has one already. */
  static void putMerge(ByteBuffer merges, int left, int right, int rank, int merged) {
    int mask = merges.capacity() / (2 * Long.BYTES) - 1;
    long key = (((long) left << 32) | right) + 1;
    int slot = (int) mix(key) & mask;
    for (int i = 0; i < Math.min(mask + 1, MAX_PROBES); i++) {
      long entry = merges.getLong(slot * 2 * Long.BYTES);
      if (entry == key) {
        return;
      }
      if (entry == 0) {
        merges.putLong(slot * 2 * Long.BYTES, key);
        merges.putLong(slot * 2 * Long.BYTES + Long.BYTES, (long) rank << 32 | merged);
        return;
      }
      slot = (slot + 1) & mask;
    }
    throw new IllegalArgumentException(
        "The merges cannot be hashed: more than " + MAX_PROBES + " pairs share a hash.");
  }

  private static long hash(byte[] utf8, int from, int to, boolean matchable) {
    long state = matchable ? HASH_START : 2;
    for (int i = from; i < to; i++) {
      state = hashMore(state, utf8[i]);
    }
    return mix(state);
  }

  /**
   * Whether some token may begin with the bytes of this state; where not, none does, and longer
   * texts need not be looked up.
   */
  boolean mayBegin(long state) {
    int bit = prefixBit(state, prefixMask);
    return (prefixes.get(bit >>> 3) >>> (bit & 7) & 1) != 0;
  }

  /** Notes all beginnings of a token for {@link #mayBegin}. */
  static void putPrefixes(ByteBuffer prefixes, byte[] token) {
    int mask = prefixMask(prefixes);
    long state = HASH_START;
    for (byte b : token) {
      state = hashMore(state, b);
      int bit = prefixBit(state, mask);
      prefixes.put(bit >>> 3, (byte) (prefixes.get(bit >>> 3) | 1 << (bit & 7)));
    }
  }

  private static int prefixMask(ByteBuffer prefixes) {
    return 8 * slots("prefixes", prefixes, 1) - 1;
  }

  /** Other bits of the hash than those that a lookup begins at. */
  private static int prefixBit(long state, int mask) {
    return (int) (mix(state) >>> 32) & mask;
  }

  /** The finalizer of MurmurHash3, so that the low bits depend on all. */
  private static long mix(long h) {
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }

  private static int slots(String name, ByteBuffer table, int slotBytes) {
    int slots = table.capacity() / slotBytes;
    check(Integer.bitCount(slots) == 1 && table.capacity() == slots * slotBytes, name);
    return slots;
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocate(0);
  }

  private ByteBuffer buffer(String name) {
    MemorySegment segment = segments.get(name);
    if (segment == null || segment.byteSize() > 1 << 30) {
      throw new IllegalArgumentException(DAMAGED.formatted(name));
    }
    return segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Kind kind(String name) {
    for (Kind k : Kind.values()) {
      if (k.name().equals(name)) {
        return k;
      }
    }
    throw new IllegalArgumentException(DAMAGED.formatted("kind " + name));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(DAMAGED.formatted(what));
    }
  }
}
