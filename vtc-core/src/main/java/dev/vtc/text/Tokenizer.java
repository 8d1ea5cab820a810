package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.text.TokenizerTables.Kind;
import dev.vtc.text.template.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back. Ids are those that llama.cpp gives for the same file and flags, but
 * for one rule that is stricter here: text becomes a control token only where {@code parseSpecial}
 * says so, whatever the vocabulary's merges allow.
 *
 * <p>Immutable and thread-safe; cheap to make. Usable as long as the segments of its {@link
 * TokenizerTables} are.
 */
public final class Tokenizer {
  private final TokenizerTables tables;
  private final SpecialTokens specials;

  /** Those of normalized text. */
  private final SpecialTokens laterSpecials;

  private final Splitter[] stages;
  private final boolean bytes;
  private final boolean addSpacePrefix;

  /** Spaces are U+2581 in normalized text, in which some special tokens are looked for. */
  private final boolean signs;

  private final NormalizerSteps normalizer;

  /** Instead of stages and steps: of a unigram vocabulary that GGUF describes. */
  private final @Nullable SentencePieceNormalizer sentencePiece;

  /** The space goes only in front of the whole text, not behind control tokens too. */
  private final boolean firstOnly;

  /** No space goes in front of a text that begins with one. */
  private final boolean unlessSpace;

  /** White space only parts words, and one space goes in front of each. */
  private final boolean words;

  /** Which spaces decoding takes away. */
  private enum Strip {
    /** Those that encoding put in front of texts, behind special tokens too. */
    PREFIXES,
    /** One that the whole text begins with. */
    FIRST,
    /** All of the first token. */
    FIRST_TOKEN,
    NONE
  }

  private final Strip strip;

  /** A tokenizer over tables; does nothing in proportion to the vocabulary. */
  public Tokenizer(TokenizerTables tables) {
    this.tables = tables;
    specials = new SpecialTokens(tables, false);
    laterSpecials = new SpecialTokens(tables, true);
    bytes = tables.kind() == Kind.BYTE_BPE;
    signs = tables.string("matching", "").equals("leftmost_signs");
    stages =
        tables.kind() == Kind.BYTE_BPE || tables.kind() == Kind.CHARACTER_BPE || tables.described()
            ? PreTokenizers.named(tables.string("pre")).stages()
            : new Splitter[0];
    addSpacePrefix = tables.flag("add_space_prefix");
    normalizer = new NormalizerSteps(tables.string("normalizer"), Charsmap.of(tables.charsmap()));
    sentencePiece =
        tables.kind() == Kind.UNIGRAM && !tables.described()
            ? new SentencePieceNormalizer(tables)
            : null;
    String prefix = tables.string("space_prefix");
    firstOnly = prefix.equals("first");
    words = prefix.equals("words");
    unlessSpace = firstOnly || prefix.equals("unless_space");
    strip = strip(tables.string("decoder_strip", ""));
  }

  private Strip strip(String name) {
    return switch (name) {
      case "first" -> Strip.FIRST;
      case "first_token" -> Strip.FIRST_TOKEN;
      case "never" -> Strip.NONE;
      default -> !addSpacePrefix || bytes ? Strip.NONE : firstOnly ? Strip.FIRST : Strip.PREFIXES;
    };
  }

  /** The tokenizer that a model file describes, or empty where it has none (llama2.c). */
  public static Optional<Tokenizer> of(Metadata metadata) {
    return TokenizerTables.present(metadata)
        ? Optional.of(new Tokenizer(TokenizerTables.build(metadata)))
        : Optional.empty();
  }

  /** What this tokenizer reads; to be stored beside packed weights. */
  public TokenizerTables tables() {
    return tables;
  }

  /** Number of tokens; ids are 0 … size − 1. */
  public int size() {
    return tables.size();
  }

  /**
   * Ids of a text.
   *
   * @param text any string; a surrogate without its partner counts as U+FFFD
   * @param parseSpecial whether the text of a control token becomes that token. Off for text that
   *     users write: then no control token comes from it
   * @param addSpecial whether BOS and EOS are added where the model wants them
   */
  public int[] encode(String text, boolean parseSpecial, boolean addSpecial) {
    return encodeValid(Utf8.encode(text), trust(parseSpecial), addSpecial);
  }

  /** As {@link #encode(String, boolean, boolean)}; malformed UTF-8 counts as U+FFFD. */
  public int[] encode(byte[] utf8, boolean parseSpecial, boolean addSpecial) {
    return encodeValid(Utf8.valid(utf8), trust(parseSpecial), addSpecial);
  }

  /**
   * Ids of a prompt that a chat template has written. Control tokens come only from text of the
   * template; text of messages that looks like one, or that completes one begun by the template,
   * stays text. Between control tokens all text is tokenized as one run, whoever wrote it. BOS and
   * EOS are not added.
   */
  public int[] encode(List<Segment> prompt) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    BitSet data = new BitSet();
    for (Segment segment : prompt) {
      int from = text.size();
      text.writeBytes(Utf8.encode(segment.text()));
      if (!segment.fromTemplate()) {
        data.set(from, text.size());
      }
    }
    SpecialTokens.Trust trust =
        (from, to) -> {
          int next = data.nextSetBit(from);
          return next < 0 || next >= to;
        };
    return encodeValid(text.toByteArray(), trust, false);
  }

  private static SpecialTokens.Trust trust(boolean parseSpecial) {
    return parseSpecial ? SpecialTokens.Trust.ALL : SpecialTokens.Trust.NONE;
  }

  private int[] encodeValid(byte[] text, SpecialTokens.Trust trust, boolean addSpecial) {
    IntList ids = new IntList();
    if (addSpecial && addBos() && bos() >= 0) {
      ids.add(bos());
    }
    Splitter.Words model = model(ids);
    boolean[] afterSpecial = {true};
    specials.partition(
        text,
        trust,
        (id, from, to) -> {
          if (id >= 0) {
            ids.add(id);
            afterSpecial[0] = true;
          } else {
            boolean prefix = addSpacePrefix && afterSpecial[0] && (from == 0 || !firstOnly);
            encodeText(text, from, to, prefix, trust, model, ids);
            afterSpecial[0] = false;
          }
        });
    if (addSpecial && addEos() && eos() >= 0) {
      ids.add(eos());
    }
    return ids.toArray();
  }

  private void encodeText(
      byte[] text,
      int from,
      int to,
      boolean spacePrefix,
      SpecialTokens.Trust trust,
      Splitter.Words model,
      IntList ids) {
    if (tables.specials(true).capacity() == 0) {
      byte[] part = from == 0 && to == text.length ? text : Arrays.copyOfRange(text, from, to);
      encodeNormalized(normalizer.apply(part), spacePrefix, model);
      return;
    }
    // Once text is normalized, who wrote which part of it is not known any more.
    boolean trusted = trust.allows(from, to);
    byte[] part = Arrays.copyOfRange(text, from, to);
    if (trusted) {
      part = normalizer.apply(part);
      part = signs ? withSpaces(part, 0, part.length, false) : part;
    }
    byte[] pieces = part;
    laterSpecials.partition(
        pieces,
        (start, end) -> trusted || trust.allows(from + start, from + end),
        (id, start, end) -> {
          if (id >= 0) {
            ids.add(id);
          } else {
            boolean prefix = start == 0 ? spacePrefix : addSpacePrefix && !firstOnly;
            byte[] piece = Arrays.copyOfRange(pieces, start, end);
            encodeNormalized(trusted ? piece : normalizer.apply(piece), prefix, model);
          }
        });
  }

  private void encodeNormalized(byte[] text, boolean spacePrefix, Splitter.Words model) {
    if (text.length == 0) {
      return;
    }
    if (sentencePiece != null) {
      byte[] normalized = sentencePiece.normalize(text);
      model.word(normalized, 0, normalized.length);
      return;
    }
    boolean begins = text[0] == ' ' || (!bytes && TokenText.isSpaceSign(text, 0));
    boolean prefix = spacePrefix && !(unlessSpace && begins);
    byte[] spaced;
    if (bytes) {
      spaced = prefix ? prefixed(text) : text;
    } else if (words) {
      spaced = spacedWords(text);
    } else {
      spaced = withSpaces(text, 0, text.length, prefix);
    }
    Splitter.split(stages, spaced, 0, spaced.length, model);
  }

  /** What cuts the words that the stages leave into tokens. */
  private Splitter.Words model(IntList ids) {
    return switch (tables.kind()) {
      case UNIGRAM -> new Unigram(tables, ids);
      case BYTE_BPE -> new Merger(tables, ids)::encode;
      case CHARACTER_BPE, SENTENCEPIECE -> {
        Merger merger = new Merger(tables, ids);
        yield (text, from, to) -> chunks(text, from, to, merger);
      }
    };
  }

  /** The words between white space, each with one space in front. */
  private static byte[] spacedWords(byte[] text) {
    ByteArrayOutputStream spaced = new ByteArrayOutputStream(text.length + 16);
    boolean inWord = false;
    for (int at = 0; at < text.length; ) {
      int length = CodePoints.length(text[at]);
      boolean space = NormalizerSteps.isSpace(text, at);
      if (!space) {
        if (!inWord && !TokenText.isSpaceSign(text, at)) {
          spaced.write(' ');
        }
        spaced.write(text, at, length);
      }
      inWord = !space;
      at += length;
    }
    return withSpaces(spaced.toByteArray(), 0, spaced.size(), false);
  }

  private static byte[] prefixed(byte[] text) {
    byte[] prefixed = new byte[text.length + 1];
    prefixed[0] = ' ';
    System.arraycopy(text, 0, prefixed, 1, text.length);
    return prefixed;
  }

  /**
   * Merges never cross a place whose neighbours no token has side by side, so the chunks between
   * such places are merged one by one with the same result: mostly words, which are tokens.
   */
  private void chunks(byte[] text, int from, int to, Merger merger) {
    int start = from;
    for (int i = from + 1; i < to; i++) {
      if ((text[i] & 0xC0) != 0x80 && !tables.joins(text[i - 1], text[i])) {
        merger.encode(text, start, i);
        start = i;
      }
    }
    merger.encode(text, start, to);
  }

  /** A copy where SentencePiece's sign for a space, U+2581, is a space. */
  static byte[] withSpaces(byte[] text, int from, int to, boolean prefix) {
    byte[] copy = new byte[to - from + 1];
    int n = 0;
    if (prefix) {
      copy[n++] = ' ';
    }
    for (int i = from; i < to; i++) {
      if (text[i] == (byte) 0xE2
          && i + 2 < to
          && text[i + 1] == (byte) 0x96
          && text[i + 2] == (byte) 0x81) {
        copy[n++] = ' ';
        i += 2;
      } else {
        copy[n++] = text[i];
      }
    }
    return n == copy.length ? copy : Arrays.copyOf(copy, n);
  }

  /**
   * The bytes a token stands for: not necessarily whole characters. A control token gives its name.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public byte[] tokenBytes(int id) {
    return tables.bytes(check(id));
  }

  /**
   * The text of tokens, with U+FFFD for malformed parts. The space that encoding puts in front of
   * text (SentencePiece) is taken away again.
   *
   * @param special whether control tokens show as their names or as nothing
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String decode(int[] ids, boolean special) {
    return new String(decodeToBytes(ids, special), StandardCharsets.UTF_8);
  }

  /** As {@link #decode}, before bytes become characters. */
  public byte[] decodeToBytes(int[] ids, boolean special) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean afterSpecial = true;
    for (int id : ids) {
      afterSpecial = append(id, special, afterSpecial, out);
    }
    return out.toByteArray();
  }

  /**
   * Appends a token's bytes.
   *
   * @param begins whether the token begins a text
   * @return whether the next token begins one
   */
  boolean append(int id, boolean special, boolean begins, ByteArrayOutputStream out) {
    byte[] piece = tokenBytes(id);
    boolean isSpecial = isSpecial(id);
    if (isSpecial && !special && isControl(id)) {
      return begins || strip == Strip.PREFIXES;
    }
    if (begins && strip == Strip.FIRST_TOKEN) {
      for (byte b : piece) {
        if (b != ' ') {
          out.write(b);
        }
      }
    } else {
      boolean stripped = begins && strip != Strip.NONE && (!isSpecial || strip == Strip.FIRST);
      int skip = stripped && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
      out.write(piece, skip, piece.length - skip);
    }
    return isSpecial && strip == Strip.PREFIXES;
  }

  /**
   * A detokenizer for text that comes token by token.
   *
   * @param special whether control tokens show as their names
   * @param atStart whether the first token begins a text, so that the space put in front of it is
   *     taken away; false when the tokens continue a prompt
   */
  public IncrementalDetokenizer detokenizer(boolean special, boolean atStart) {
    return new IncrementalDetokenizer(this, special, atStart);
  }

  /** The id of a token by its text, as the model file or its meaning has it, or -1. */
  public int find(String token) {
    return TokenText.find(tables, token);
  }

  /** Whether the token steers the model and is no text. */
  public boolean isControl(int id) {
    return (tables.attributes(check(id)) & (TokenizerTables.CONTROL | TokenizerTables.UNKNOWN))
        != 0;
  }

  private boolean isSpecial(int id) {
    int specials = TokenizerTables.CONTROL | TokenizerTables.UNKNOWN | TokenizerTables.USER_DEFINED;
    return (tables.attributes(check(id)) & specials) != 0;
  }

  /** Whether generation ends with this token. */
  public boolean isEndOfGeneration(int id) {
    return (tables.attributes(check(id)) & TokenizerTables.END_OF_GENERATION) != 0;
  }

  /** Begin of sequence, or -1. */
  public int bos() {
    return tables.id("bos");
  }

  /** End of sequence, or -1. */
  public int eos() {
    return tables.id("eos");
  }

  /** End of turn, or -1. */
  public int eot() {
    return tables.id("eot");
  }

  /** Unknown, or -1. */
  public int unknown() {
    return tables.id("unknown");
  }

  /** Padding, or -1. */
  public int padding() {
    return tables.id("padding");
  }

  /** Whether the model wants BOS in front of a sequence. */
  public boolean addBos() {
    return tables.flag("add_bos");
  }

  /** Whether the model wants EOS behind a sequence. */
  public boolean addEos() {
    return tables.flag("add_eos");
  }

  /** Whether encoding puts a space in front of text. */
  public boolean addSpacePrefix() {
    return addSpacePrefix;
  }

  private int check(int id) {
    if (id < 0 || id >= tables.size()) {
      throw new IndexOutOfBoundsException(
          "There is no token " + id + "; the vocabulary has " + tables.size() + " tokens.");
    }
    return id;
  }
}
