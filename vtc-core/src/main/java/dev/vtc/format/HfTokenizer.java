package dev.vtc.format;

import dev.vtc.format.HfAddedTokens.Added;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The tokenizer of a Hugging Face folder as GGUF's {@code tokenizer.*} metadata: {@code
 * tokenizer.json}, {@code tokenizer_config.json} and {@code chat_template.jinja}.
 *
 * <p>BPE and Unigram. A BPE vocabulary whose spaces are ▁ becomes a SentencePiece-style one ({@code
 * llama}): GGUF has scores there instead of merges, so a token gets minus the rank of the first
 * merge that makes it, which orders merges as the original scores did. A Unigram vocabulary becomes
 * a {@code t5} one, where tokens that are only added have the score minus infinity.
 *
 * <p>VTC itself goes by the merges, or by the scores as f64 (a GGUF file has f32), and by what GGUF
 * has no keys for: {@code tokenizer.vtc.pre} (the stages of {@code dev.vtc.text}'s pre-tokenizer,
 * where no name of GGUF's means exactly them), {@code tokenizer.vtc.normalizer} (the steps of its
 * normalizer), {@code tokenizer.vtc.space_prefix}, {@code tokenizer.vtc.decoder_strip}, and how
 * added tokens are found ({@link HfAddedTokens#flags}).
 */
final class HfTokenizer {
  private static final long MAX_TOKENIZER = 1 << 29;
  private static final int MAX_VOCABULARY = 1 << 22;
  private static final String P = "tokenizer.ggml.";

  // Values of tokenizer.ggml.token_type.
  private static final long NORMAL = 1;
  private static final long UNKNOWN = 2;
  private static final long CONTROL = 3;
  private static final long USER_DEFINED = 4;
  private static final long UNUSED = 5;
  private static final long BYTE = 6;

  private final HfConfig config;
  private final Map<String, Object> json;
  private final Map<String, Object> tokenizerConfig;

  /** {@code model}, without its large members, which follow. */
  private final Map<String, Object> model = new LinkedHashMap<>();

  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges = new ArrayList<>();

  /** Of a Unigram vocabulary, whose ids are places here; of several alike the last counts. */
  private final List<String> pieces = new ArrayList<>();

  private final List<Double> pieceScores = new ArrayList<>();

  private HfTokenizer(Path folder, HfConfig config) throws IOException {
    this.config = config;
    this.json = Json.parse(folder.resolve("tokenizer.json"), MAX_TOKENIZER, this::readTokenizer);
    this.tokenizerConfig =
        Json.optional(folder.resolve("tokenizer_config.json"), HfConfig.MAX_BYTES);
  }

  /** All that the folder says of its tokenizer; empty without a {@code tokenizer.json}. */
  static Map<String, Object> metadata(Path folder, HfConfig config) throws IOException {
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      return Map.of();
    }
    HfTokenizer tokenizer = new HfTokenizer(folder, config);
    Map<String, Object> m = new LinkedHashMap<>();
    try {
      tokenizer.vocabulary(m);
      tokenizer.special(m);
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          folder.resolve("tokenizer.json"), -1, String.valueOf(e.getMessage()));
    }
    String template = template(folder, tokenizer.tokenizerConfig);
    if (template != null) {
      m.put("tokenizer.chat_template", template);
    }
    return m;
  }

  /** Reads the file; the vocabulary and the merges go to fields, without a tree between. */
  private Map<String, Object> readTokenizer(JsonParser in) throws IOException {
    Json.expect(in, JsonToken.START_OBJECT);
    Map<String, Object> members = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("model")) {
        readModel(in);
      } else {
        Object value = Json.value(in);
        if (value != null) {
          members.put(name, value);
        }
      }
    }
    return members;
  }

  private void readModel(JsonParser in) throws IOException {
    Json.expect(in, JsonToken.START_OBJECT);
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("vocab") && in.currentToken() == JsonToken.START_OBJECT) {
        while (in.nextToken() != JsonToken.END_OBJECT) {
          String token = in.currentName();
          in.nextToken();
          Json.expect(in, JsonToken.VALUE_NUMBER_INT);
          ids.put(token, in.getIntValue());
        }
      } else if (name.equals("vocab") && in.currentToken() == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          readPiece(in);
        }
      } else if (name.equals("merges") && in.currentToken() == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          merges.add(merge(in));
        }
      } else {
        Object value = Json.value(in);
        if (value != null) {
          model.put(name, value);
        }
      }
    }
  }

  /** A piece of a Unigram vocabulary: its text and its score. */
  private void readPiece(JsonParser in) throws IOException {
    Object value = Json.value(in);
    if (value instanceof List<?> pair
        && pair.size() == 2
        && pair.get(0) instanceof String piece
        && pair.get(1) instanceof Number score
        && Double.isFinite(score.doubleValue())
        && pieces.size() < MAX_VOCABULARY) {
      ids.put(piece, pieces.size());
      pieces.add(piece);
      pieceScores.add(score.doubleValue());
      return;
    }
    throw new Json.WrongShape("a piece of the vocabulary is no pair of text and score");
  }

  /** A merge: two tokens with a space between, in newer files a list of two. */
  private static String merge(JsonParser in) throws IOException {
    Object value = Json.value(in);
    if (value instanceof String s && s.indexOf(' ') > 0) {
      return s;
    }
    if (value instanceof List<?> pair
        && pair.size() == 2
        && pair.get(0) instanceof String left
        && pair.get(1) instanceof String right) {
      // GGUF separates by a space, so that a space inside is written as byte-level BPE writes it.
      return left.replace(' ', '\u0120') + " " + right.replace(' ', '\u0120');
    }
    throw new Json.WrongShape("a merge is no pair of tokens");
  }

  private void vocabulary(Map<String, Object> m) {
    HfModel kind = HfModel.of(model);
    List<Added> added = HfAddedTokens.read(json, tokenizerConfig, ids, MAX_VOCABULARY);
    long size = config.count("vocab_size");
    for (int id : ids.values()) {
      size = Math.max(size, id + 1L);
    }
    for (Added token : added) {
      size = Math.max(size, token.id() + 1L);
    }
    // An id may be anything; the memory must be in proportion to the tokens that are there.
    if (size > MAX_VOCABULARY || size > 2L * (ids.size() + added.size()) + 65_536) {
      throw new IllegalArgumentException("a vocabulary of " + size + " tokens makes no sense.");
    }
    boolean byteFallback = Boolean.TRUE.equals(model.get("byte_fallback"));
    List<String> tokens = new ArrayList<>(Collections.nCopies((int) size, ""));
    List<Long> types = new ArrayList<>(Collections.nCopies((int) size, UNUSED));
    for (Map.Entry<String, Integer> e : ids.entrySet()) {
      if (e.getValue() < 0) {
        throw new IllegalArgumentException("token " + e.getKey() + " has a negative id.");
      }
      tokens.set(e.getValue(), e.getKey());
      types.set(e.getValue(), byteFallback && isByte(e.getKey()) ? BYTE : NORMAL);
    }
    int unknown = unknown(kind, added);
    if (unknown >= 0) {
      types.set(unknown, UNKNOWN);
    }
    boolean byteNames = ids.keySet().stream().anyMatch(HfTokenizer::isByte);
    for (Added token : added) {
      int id = token.id();
      ids.put(token.content(), id);
      boolean literal = token.special() || !token.normalized();
      tokens.set(id, literal ? token.content() : token.content().replace('\u2581', ' '));
      if (types.get(id) != UNKNOWN) {
        types.set(id, token.special() ? CONTROL : USER_DEFINED);
      }
    }
    for (int id = 0; id < size; id++) {
      if (types.get(id) == UNUSED) {
        // Of several pieces alike, one that is not found.
        tokens.set(id, id < pieces.size() ? pieces.get(id) : "[PAD" + id + "]");
      }
    }
    m.put(P + "tokens", MetadataArray.of(tokens));
    m.put(P + "token_type", MetadataArray.of(types));
    if (kind == HfModel.UNIGRAM) {
      m.put(P + "unknown_token_id", (long) unknown);
      m.put(P + "scores", MetadataArray.of(pieceScores((int) size)));
      checkUnigram(added, byteFallback && byteNames);
    } else {
      m.put(P + "merges", MetadataArray.of(merges));
      if (kind == HfModel.CHARACTERS) {
        m.put(P + "scores", MetadataArray.of(scores(tokens)));
      }
    }
    texts(kind, added, m);
    String strip = HfDecoder.strip(json, kind, byteNames, byteFallback);
    if (!strip.isEmpty()) {
      m.put("tokenizer.vtc.decoder_strip", strip);
    }
  }

  /** How text is normalized and cut. */
  private void texts(HfModel kind, List<Added> added, Map<String, Object> m) {
    boolean bytes = kind == HfModel.BYTES;
    m.put(
        P + "model",
        switch (kind) {
          case BYTES -> "gpt2";
          case CHARACTERS -> "llama";
          case UNIGRAM -> "t5";
        });
    String pre = bytes ? HfPreTokenizer.ggufName(json, model) : "default";
    if (pre != null) {
      m.put(P + "pre", pre);
    }
    if (!bytes || pre == null || HfPreTokenizer.approximate(pre)) {
      m.put("tokenizer.vtc.pre", MetadataArray.of(HfPreTokenizer.stages(json, model, kind)));
    }
    String steps = HfNormalizer.steps(json, kind);
    if (!steps.isEmpty()) {
      m.put("tokenizer.vtc.normalizer", steps);
    }
    String charsmap = HfNormalizer.charsmap(json);
    if (charsmap != null) {
      m.put(P + "precompiled_charsmap", GgufArray.of(base64(charsmap)));
    }
    if (steps.contains("_spaces")) {
      m.put(P + "remove_extra_whitespaces", true);
    }
    String prefix = HfPreTokenizer.spacePrefix(json);
    if (!bytes || !prefix.equals("never")) {
      m.put(P + "add_space_prefix", !prefix.equals("never"));
      m.put("tokenizer.vtc.space_prefix", prefix);
    }
    if (prefix.equals("always")) {
      for (Added token : added) {
        if (token.normalized()) {
          throw new IllegalArgumentException(
              "the added token "
                  + token.content()
                  + " is normalized, and the normalizer Prepend changes it, which VTC does not"
                  + " support: use a GGUF file of the model.");
        }
      }
    }
    if (prefix.equals("first") && HfNormalizer.stripsLeft(json)) {
      throw new IllegalArgumentException(
          "the normalizer strips white space at the left, and Metaspace has the prepend_scheme"
              + " first, which VTC does not support together: use a GGUF file of the model.");
    }
    HfAddedTokens.flags(added, HfNormalizer.replacesSpaces(json), m);
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the precompiled_charsmap is no base64.", e);
    }
  }

  /** The id of the unknown token, or -1 where BPE has none. */
  private int unknown(HfModel kind, List<Added> added) {
    if (kind != HfModel.UNIGRAM) {
      return model.get("unk_token") instanceof String token ? ids.getOrDefault(token, -1) : -1;
    }
    if (!(model.get("unk_id") instanceof Long id) || id < 0 || id >= pieces.size()) {
      throw new IllegalArgumentException(
          "the unk_id of the Unigram model is "
              + model.get("unk_id")
              + ", which is no token of its vocabulary.");
    }
    if (added.stream().noneMatch(token -> token.id() == id)) {
      throw new IllegalArgumentException(
          "the unknown token "
              + pieces.get(id.intValue())
              + " is none of the added tokens, which VTC does not support: use a GGUF file of the"
              + " model.");
    }
    return id.intValue();
  }

  private List<Double> pieceScores(int size) {
    List<Double> scores = new ArrayList<>(pieceScores);
    scores.addAll(Collections.nCopies(size - scores.size(), Double.NEGATIVE_INFINITY));
    return scores;
  }

  /** What VTC's spaces for \u2581 cannot express. */
  private void checkUnigram(List<Added> added, boolean bytes) {
    for (Added token : added) {
      if (token.content().contains(HfNormalizer.SIGN)) {
        throw new IllegalArgumentException(
            "the added token "
                + token.content()
                + " has a \u2581, which VTC does not support beside Unigram: use a GGUF file of the"
                + " model.");
      }
    }
    if (bytes && !ids.containsKey(HfNormalizer.SIGN)) {
      throw new IllegalArgumentException(
          "the Unigram vocabulary has tokens of bytes, but none of \u2581 alone, which VTC does not"
              + " support: use a GGUF file of the model.");
    }
  }

  private static boolean isByte(String token) {
    return token.matches("<0x[0-9A-F]{2}>");
  }

  private List<Double> scores(List<String> tokens) {
    Map<String, Integer> ranks = new HashMap<>();
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank).replace('\u0120', ' ');
      int space = merge.indexOf(' ', 1);
      ranks.putIfAbsent(merge.substring(0, space) + merge.substring(space + 1), rank);
    }
    List<Double> scores = new ArrayList<>(tokens.size());
    for (String token : tokens) {
      Integer rank = ranks.get(token);
      // Tokens that no merge makes: single characters, which come after all merges, and others.
      scores.add(rank == null ? -1.0 - merges.size() : -(double) rank);
    }
    return scores;
  }

  private void special(Map<String, Object> m) {
    Boolean first = HfPreTokenizer.addsFirst(json);
    Boolean last = HfPreTokenizer.addsLast(json);
    m.put(P + "add_bos_token", first != null ? first : flag("add_bos_token"));
    m.put(P + "add_eos_token", last != null ? last : flag("add_eos_token"));
    specialId(m, "bos_token", P + "bos_token_id");
    specialId(m, "eos_token", P + "eos_token_id");
    if (!m.containsKey(P + "unknown_token_id")) {
      specialId(m, "unk_token", P + "unknown_token_id");
    }
    specialId(m, "pad_token", P + "padding_token_id");
    for (String name : List.of("bos", "eos", "pad")) {
      String key = P + (name.equals("pad") ? "padding" : name) + "_token_id";
      Object id = config.values().get(name + "_token_id");
      Object one = id instanceof List<?> list && !list.isEmpty() ? list.getFirst() : id;
      if (!m.containsKey(key) && one instanceof Long n && n >= 0) {
        m.put(key, n);
      }
    }
  }

  private boolean flag(String name) {
    return Boolean.TRUE.equals(tokenizerConfig.get(name));
  }

  private void specialId(Map<String, Object> m, String name, String key) {
    Object token = tokenizerConfig.get(name);
    if (token instanceof Map<?, ?> object) {
      token = object.get("content");
    }
    if (token instanceof String content && ids.containsKey(content)) {
      m.put(key, (long) ids.get(content));
    }
  }

  private static @Nullable String template(Path folder, Map<String, Object> tokenizerConfig)
      throws IOException {
    Path file = folder.resolve("chat_template.jinja");
    if (Files.exists(file) && Files.size(file) <= HfConfig.MAX_BYTES) {
      return Files.readString(file);
    }
    if (tokenizerConfig.get("chat_template") instanceof String template) {
      return template;
    }
    for (Map<String, Object> named : Json.objects(tokenizerConfig, "chat_template")) {
      if ("default".equals(named.get("name")) && named.get("template") instanceof String template) {
        return template;
      }
    }
    return null;
  }
}
