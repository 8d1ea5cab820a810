package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import dev.vtc.text.TokenizerTables.Kind;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Turns {@code tokenizer.ggml.*} metadata into {@link TokenizerTables}. Used once. */
final class TablesBuilder {
  private static final String PREFIX = "tokenizer.ggml.";

  /** What a {@code tokenizer.json} says and GGUF has no keys for. */
  private static final String VTC = "tokenizer.vtc.";

  /** Stages of a pre-tokenizer that GGUF has no name for, or one that is not exact. */
  private static final String STAGES = VTC + "pre";

  /** Sum of the bytes of all symbols; offsets are ints. Real vocabularies have a few MB. */
  private static final int MAX_TEXT = 1 << 28;

  private final Metadata metadata;
  private final Kind kind;

  /** A tokenizer.json says how text is cut. */
  private final boolean described;

  private final String pre;
  private final int size;
  private final int[] attributes;
  private final TokenScores scores;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  /** Meaning of each symbol; tokens first, then phantoms. */
  private final List<byte[]> meanings = new ArrayList<>();

  /** Symbol of each text that merges can reach. */
  private final Map<Key, Integer> matchable = new HashMap<>();

  /** Phantoms with the names of special tokens that have U+2581. */
  private final Set<Integer> signs = new HashSet<>();

  /** Token of each text of the file. */
  private final Map<String, Integer> ids = new HashMap<>();

  /** Bytes as a map's key. */
  private static final class Key {
    private final byte[] bytes;
    private final int hash;

    Key(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key k && hash == k.hash && Arrays.equals(bytes, k.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  TablesBuilder(Metadata metadata) {
    this.metadata = metadata;
    String model = metadata.string(PREFIX + "model");
    String name = metadata.string(PREFIX + "pre", "default");
    described = metadata.has(STAGES);
    if (described) {
      name = PreTokenizers.STAGES + lines(metadata.array(STAGES));
    }
    switch (described && !model.equals("t5") ? "gpt2" : model) {
      case "gpt2" -> {
        PreTokenizers.PreTokenizer p = PreTokenizers.named(name);
        kind = p.characters() ? Kind.CHARACTER_BPE : Kind.BYTE_BPE;
      }
      case "gemma4" -> {
        kind = Kind.CHARACTER_BPE;
        name = "gemma4";
      }
      case "llama" -> kind = Kind.SENTENCEPIECE;
      case "t5" -> kind = Kind.UNIGRAM;
      default ->
          throw new IllegalArgumentException(
              "The model has a tokenizer of kind '"
                  + model
                  + "', which is not supported; supported are gpt2, gemma4, llama, t5.");
    }
    pre = name;
    size = metadata.array(PREFIX + "tokens").size();
    if (size == 0) {
      throw new IllegalArgumentException("The vocabulary " + PREFIX + "tokens is empty.");
    }
    attributes = TokenAttributes.ofTypes(metadata, size);
    scores = new TokenScores(metadata, size, described);
  }

  private static String lines(MetadataArray array) {
    StringJoiner lines = new StringJoiner("\n");
    for (int i = 0; i < array.size(); i++) {
      lines.add(array.string(i));
    }
    return lines.toString();
  }

  TokenizerTables build() {
    readTokens();
    settings();
    specialTokens();
    SequencedMap<String, MemorySegment> segments = new LinkedHashMap<>();
    for (int id = 0; id < size; id++) {
      meaning(id);
    }
    if (kind == Kind.UNIGRAM && described) {
      byteTokens();
    }
    checkNormalized();
    signs();
    ByteBuffer merges = scored() ? null : merges();
    ByteBuffer bytes = bytes();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    ByteBuffer offsets = buffer(Integer.BYTES * (meanings.size() + 1));
    ByteBuffer lookup = buffer(Long.BYTES * slots(meanings.size()));
    int longest = 1;
    ByteBuffer joins = buffer(TokenizerTables.JOINS / Byte.SIZE);
    for (int symbol = 0; symbol < meanings.size(); symbol++) {
      byte[] meaning = meanings.get(symbol);
      boolean reachable = reachable(symbol);
      if (symbol >= size || reachable || ids.containsKey(literal(meaning))) {
        if (owner(symbol, meaning, reachable)) {
          TokenizerTables.putLookup(lookup, meaning, reachable, symbol);
        }
      }
      if (reachable) {
        longest = Math.max(longest, meaning.length);
        join(meaning, joins);
      }
      text.writeBytes(meaning);
      if (text.size() > MAX_TEXT) {
        throw new IllegalArgumentException("The vocabulary has more than 256 MiB of text.");
      }
      offsets.putInt(Integer.BYTES * (symbol + 1), text.size());
    }
    settings.put("longest", (long) longest);
    ByteBuffer attributeTable = buffer(Short.BYTES * size);
    for (int id = 0; id < size; id++) {
      attributeTable.putShort(Short.BYTES * id, (short) attributes[id]);
    }
    segments.put("text", MemorySegment.ofArray(text.toByteArray()));
    put(segments, "offsets", offsets);
    put(segments, "attributes", attributeTable);
    put(segments, "lookup", lookup);
    put(segments, "bytes", bytes);
    put(segments, "special", special(false));
    ByteBuffer normalized = special(true);
    if (normalized.capacity() > 0) {
      put(segments, "normalized", normalized);
    }
    if (kind == Kind.CHARACTER_BPE || kind == Kind.SENTENCEPIECE) {
      put(segments, "joins", joins);
    }
    if (merges != null) {
      put(segments, "merges", merges);
    } else {
      put(segments, "scores", scores.table());
      double unknown = scores.unknown(id -> (attributes[id] & TokenizerTables.NORMAL) != 0);
      settings.put("unknown_score", Double.toString(unknown));
    }
    if (kind == Kind.UNIGRAM) {
      put(segments, "prefixes", prefixes(text.size()));
      put(
          segments,
          "user",
          sorted(id -> id < size && (attributes[id] & TokenizerTables.USER_DEFINED) != 0));
    }
    if (kind == Kind.UNIGRAM && metadata.has(PREFIX + "precompiled_charsmap")) {
      put(segments, "charsmap", charsmap());
    }
    TokenizerTables tables = TokenizerTables.of(segments, settings);
    markWhole(tables, attributeTable);
    return tables;
  }

  /** At least 4 bits for each byte of text, of which many begin alike. */
  private ByteBuffer prefixes(int textBytes) {
    ByteBuffer prefixes = buffer(Integer.highestOneBit(Math.max(8, textBytes)));
    for (int symbol = 0; symbol < meanings.size(); symbol++) {
      if (reachable(symbol)) {
        TokenizerTables.putPrefixes(prefixes, meanings.get(symbol));
      }
    }
    return prefixes;
  }

  /** Notes which bytes stand side by side, where characters meet. */
  private static void join(byte[] symbol, ByteBuffer joins) {
    for (int i = 1; i < symbol.length; i++) {
      if ((symbol[i] & 0xC0) != 0x80) {
        int bit = (symbol[i - 1] & 0xFF) << 8 | (symbol[i] & 0xFF);
        joins.put(bit >> 3, (byte) (joins.get(bit >> 3) | 1 << (bit & 7)));
      }
    }
  }

  private static String literal(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private boolean reachable(int symbol) {
    return symbol >= size || (attributes[symbol] & TokenizerTables.MATCHABLE) != 0;
  }

  /** Of several tokens with one text the last has it, as in llama.cpp. */
  private boolean owner(int symbol, byte[] meaning, boolean reachable) {
    Integer owner = reachable ? matchable.get(new Key(meaning)) : ids.get(literal(meaning));
    return owner != null && owner == symbol;
  }

  private void readTokens() {
    MetadataArray tokens = metadata.array(PREFIX + "tokens");
    for (int id = 0; id < size; id++) {
      ids.put(tokens.string(id), id);
    }
  }

  private void settings() {
    boolean sentencePiece = kind == Kind.SENTENCEPIECE;
    boolean unigram = kind == Kind.UNIGRAM && !described;
    PreTokenizers.PreTokenizer p = scored() && !described ? null : PreTokenizers.named(pre);
    settings.put("kind", kind.name());
    settings.put("pre", pre);
    settings.put("size", (long) size);
    settings.put("newline_runs", p != null && p.newlineRuns());
    // gemma4 needs BOS whatever its files say.
    boolean addBos =
        metadata.bool(PREFIX + "add_bos_token", p == null ? sentencePiece : p.addBos());
    settings.put("add_bos", addBos || (p != null && p.newlineRuns() && p.addBos()));
    settings.put("add_eos", metadata.bool(PREFIX + "add_eos_token", unigram));
    // Of byte-level files only a tokenizer.json means it.
    boolean prefixed = kind != Kind.BYTE_BPE || metadata.has(VTC + "space_prefix");
    boolean prefix = metadata.bool(PREFIX + "add_space_prefix", sentencePiece);
    settings.put("add_space_prefix", prefixed && prefix);
    settings.put("normalizer", metadata.string(VTC + "normalizer", ""));
    settings.put("space_prefix", metadata.string(VTC + "space_prefix", "always"));
    settings.put("matching", metadata.string(VTC + "matching", ""));
    settings.put("decoder_strip", metadata.string(VTC + "decoder_strip", ""));
    id("bos", "bos", sentencePiece ? 1 : -1);
    id("eos", "eos", sentencePiece ? 2 : unigram ? 1 : -1);
    id("unknown", "unknown", sentencePiece ? 0 : unigram ? 2 : -1);
    id("eot", "eot", -1);
    id("eom", "eom", -1);
    id("padding", "padding", unigram ? 0 : -1);
    settings.put("merge_spaces", metadata.bool(PREFIX + "remove_extra_whitespaces", false));
    id("separator", "seperator", -1); // the key is spelled so
    id("mask", "mask", -1);
    id("fim_prefix", "fim_pre", (int) metadata.integer(PREFIX + "prefix_token_id", -1));
    id("fim_suffix", "fim_suf", (int) metadata.integer(PREFIX + "suffix_token_id", -1));
    id("fim_middle", "fim_mid", (int) metadata.integer(PREFIX + "middle_token_id", -1));
    id("fim_pad", "fim_pad", -1);
    id("fim_repository", "fim_rep", -1);
    id("fim_separator", "fim_sep", -1);
  }

  /** Whether scores decide, not merges. */
  private boolean scored() {
    return kind == Kind.SENTENCEPIECE || kind == Kind.UNIGRAM;
  }

  private void id(String setting, String key, int otherwise) {
    long id = metadata.integer(PREFIX + key + "_token_id", otherwise);
    if (id < 0 || id >= size) {
      id = otherwise;
    }
    settings.put(setting, id >= 0 && id < size ? id : -1L);
  }

  private int setting(String name) {
    return settings.get(name) instanceof Long v ? v.intValue() : -1;
  }

  /** What files do not say, or say wrong, about special tokens; by well-known names. */
  private void specialTokens() {
    WellKnownTokens.complete(
        name -> ids.getOrDefault(name, -1), this::setting, settings::put, attributes);
    for (int id : TokenizerTables.endIds(metadata)) {
      if (id < size) {
        attributes[id] |= TokenizerTables.END_OF_GENERATION;
      }
    }
    TokenAttributes.addMatching(metadata, pre, ids, attributes);
  }

  private boolean special(int id) {
    return TokenAttributes.special(attributes[id]);
  }

  /** Decides what a token stands for and whether ordinary text can become it. */
  private void meaning(int id) {
    byte[] text = metadata.array(PREFIX + "tokens").bytes(id);
    if (text.length == 0) {
      text = ("[EMPTY_" + id + "]").getBytes(StandardCharsets.UTF_8);
      ids.put(literal(text), id);
    }
    int attribute = attributes[id];
    boolean steering = (attribute & (TokenizerTables.CONTROL | TokenizerTables.UNKNOWN)) != 0;
    int value = (attribute & TokenizerTables.BYTE) != 0 ? TokenText.byteToken(text) : -1;
    byte[] meaning = null;
    if (value >= 0) {
      text = new byte[] {(byte) value};
    } else if (!steering) {
      meaning = kind == Kind.BYTE_BPE ? TokenText.byteLevel(text) : TokenText.spaced(text);
      boolean userDefined = (attribute & TokenizerTables.USER_DEFINED) != 0;
      if (kind == Kind.BYTE_BPE && userDefined && !Arrays.equals(meaning, text)) {
        meaning = null; // user-defined tokens are literal text
      }
    }
    if (kind == Kind.UNIGRAM && described && meaning != null && !scores.has(id)) {
      meaning = null;
    }
    if (meaning != null) {
      attributes[id] |= TokenizerTables.MATCHABLE;
      matchable.put(new Key(meaning), id);
    }
    meanings.add(meaning == null ? text : meaning);
  }

  /**
   * Byte tokens are found where text is written as their names are, too: a phantom has the name.
   */
  private void byteTokens() {
    boolean any = false;
    for (int id = 0; id < size; id++) {
      if ((attributes[id] & TokenizerTables.BYTE) != 0) {
        var _ = symbol(metadata.array(PREFIX + "tokens").bytes(id));
        any = true;
      }
    }
    settings.put("byte_fallback", any);
  }

  /** Tokens that are looked for in normalized text must be what text can become. */
  private void checkNormalized() {
    ByteBuffer map = metadata.has(PREFIX + "precompiled_charsmap") ? charsmap() : null;
    NormalizerSteps steps =
        new NormalizerSteps(metadata.string(VTC + "normalizer", ""), Charsmap.of(map));
    for (int id = 0; id < size; id++) {
      byte[] text = meanings.get(id);
      if ((attributes[id] & TokenizerTables.NORMALIZED) != 0
          && !Arrays.equals(steps.apply(Utf8.valid(text)), text)) {
        throw new IllegalArgumentException(
            "The added token "
                + literal(text)
                + " is normalized, and the normalizer changes it, which VTC does not support: use a"
                + " GGUF file of the model.");
      }
    }
  }

  /** The symbol of a text, a new phantom if there is none. */
  private int symbol(byte[] meaning) {
    Key key = new Key(meaning);
    Integer symbol = matchable.get(key);
    if (symbol == null) {
      symbol = meanings.size();
      meanings.add(meaning);
      matchable.put(key, symbol);
    }
    return symbol;
  }

  private ByteBuffer merges() {
    MetadataArray merges = metadata.array(PREFIX + "merges");
    if (kind == Kind.BYTE_BPE) {
      for (int b = 0; b < 256; b++) {
        var _ = symbol(new byte[] {(byte) b});
      }
    }
    ByteBuffer table = buffer(2 * Long.BYTES * slots(merges.size()));
    for (int rank = 0; rank < merges.size(); rank++) {
      byte[] merge = merges.bytes(rank);
      int space = 1;
      while (space < merge.length && merge[space] != ' ') {
        space++;
      }
      if (space >= merge.length) {
        continue;
      }
      byte[] left = meaningOf(Arrays.copyOf(merge, space));
      byte[] right = meaningOf(Arrays.copyOfRange(merge, space + 1, merge.length));
      if (left == null || right == null || left.length == 0 || right.length == 0) {
        continue; // no text leads there
      }
      byte[] merged = Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, merged, left.length, right.length);
      TokenizerTables.putMerge(table, symbol(left), symbol(right), rank, symbol(merged));
    }
    return table;
  }

  private byte @Nullable [] meaningOf(byte[] text) {
    return kind == Kind.BYTE_BPE ? TokenText.byteLevel(text) : TokenText.spaced(text);
  }

  private ByteBuffer bytes() {
    ByteBuffer bytes = buffer(256 * Integer.BYTES);
    for (int b = 0; b < 256; b++) {
      Integer symbol = null;
      if (kind != Kind.BYTE_BPE) {
        symbol = ids.get(String.format(Locale.ROOT, "<0x%02X>", b));
      }
      if (symbol == null) {
        symbol = matchable.get(new Key(new byte[] {(byte) b}));
      }
      bytes.putInt(b * Integer.BYTES, symbol == null ? -1 : symbol);
    }
    return bytes;
  }

  private ByteBuffer special(boolean normalized) {
    return sorted(symbol ->
        symbol >= size
            ? signs.contains(symbol) && !normalized
            : (attributes[symbol] & TokenizerTables.NORMALIZED) != 0 == normalized
                && special(symbol)
                && !signed(symbol));
  }

  /** Whether the token is written with U+2581, which its meaning does not have. */
  private boolean signed(int id) {
    return kind != Kind.BYTE_BPE
        && (attributes[id] & TokenizerTables.MATCHABLE) != 0
        && indexOf(meanings.get(id), (byte) ' ') >= 0;
  }

  /**
   * Special tokens with U+2581 are found where text has that sign, and not where it has spaces: a
   * phantom has their name. GGUF does not say so, and merging finds them.
   */
  private void signs() {
    if (metadata.has(VTC + "matching")) {
      for (int id = 0; id < size; id++) {
        if (special(id) && signed(id) && (attributes[id] & TokenizerTables.NORMALIZED) == 0) {
          signs.add(symbol(metadata.array(PREFIX + "tokens").bytes(id)));
        }
      }
    }
  }

  /** Symbols, sorted by their bytes. */
  private ByteBuffer sorted(IntPredicate wanted) {
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < meanings.size(); id++) {
      if (wanted.test(id)) {
        ids.add(id);
      }
    }
    ids.sort((a, b) -> Arrays.compareUnsigned(meanings.get(a), meanings.get(b)));
    ByteBuffer table = buffer(ids.size() * Integer.BYTES);
    for (int i = 0; i < ids.size(); i++) {
      table.putInt(i * Integer.BYTES, ids.get(i));
    }
    return table;
  }

  private static int indexOf(byte[] bytes, byte value) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == value) {
        return i;
      }
    }
    return -1;
  }

  private ByteBuffer charsmap() {
    MetadataArray bytes = metadata.array(PREFIX + "precompiled_charsmap");
    ByteBuffer table = buffer(bytes.size());
    for (int i = 0; i < bytes.size(); i++) {
      table.put(i, (byte) bytes.integer(i));
    }
    return table;
  }

  /** Notes the tokens that their own text encodes to. */
  private void markWhole(TokenizerTables tables, ByteBuffer attributes) {
    if (kind == Kind.UNIGRAM) {
      return;
    }
    boolean all = kind == Kind.BYTE_BPE && PreTokenizers.named(pre).ignoreMerges();
    for (int id = 0; id < size; id++) {
      if ((this.attributes[id] & TokenizerTables.MATCHABLE) != 0) {
        byte[] meaning = meanings.get(id);
        boolean whole = all;
        if (!all) {
          IntList out = new IntList();
          new Merger(tables, out).encodeByMerging(meaning, 0, meaning.length);
          whole = out.size() == 1 && out.get(0) == id;
        }
        if (whole) {
          int with = this.attributes[id] | TokenizerTables.WHOLE;
          attributes.putShort(Short.BYTES * id, (short) with);
        }
      }
    }
  }

  private static int slots(int entries) {
    // At most half full.
    return Integer.highestOneBit(Math.max(4, 4 * entries - 1));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(
      SequencedMap<String, MemorySegment> segments, String name, ByteBuffer buffer) {
    segments.put(name, MemorySegment.ofBuffer(buffer));
  }
}
