package dev.vtc.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a Hugging Face folder adds to its vocabulary, with how they are found in text.
 * {@code tokenizer.json} comes first; of {@code added_tokens_decoder} in {@code
 * tokenizer_config.json} those count that it does not have, as the package transformers adds them.
 */
final class HfAddedTokens {
  /**
   * @param id of the token
   * @param content its text
   * @param special whether it steers the model
   * @param leftStrip white space before it belongs to it
   * @param rightStrip white space behind it belongs to it
   * @param singleWord it does not count inside a word
   * @param normalized it is looked for after text was normalized
   */
  record Added(
      int id,
      String content,
      boolean special,
      boolean leftStrip,
      boolean rightStrip,
      boolean singleWord,
      boolean normalized) {}

  private HfAddedTokens() {}

  /**
   * All added tokens.
   *
   * @param vocabulary ids by text, which an id of {@code tokenizer_config.json} cannot change
   * @param largest largest id that makes sense
   * @throws IllegalArgumentException if one has no text or no id
   */
  static List<Added> read(
      Map<String, Object> tokenizer,
      Map<String, Object> config,
      Map<String, Integer> vocabulary,
      int largest) {
    Map<String, Added> found = new LinkedHashMap<>();
    for (Map<String, Object> token : Json.objects(tokenizer, "added_tokens")) {
      Added added = added(token, token.get("id"), largest);
      found.put(added.content, added);
    }
    Map<String, Object> more = Json.member(config, "added_tokens_decoder");
    for (String id : more.keySet()) {
      Map<String, Object> token = Json.member(more, id);
      Integer known = token.get("content") instanceof String s ? vocabulary.get(s) : null;
      Object number = known == null ? number(id) : (Object) known.longValue();
      Added added = added(token, number, largest);
      found.putIfAbsent(added.content, added);
    }
    return List.copyOf(found.values());
  }

  private static @Nullable Long number(String id) {
    return id.matches("[0-9]{1,9}") ? Long.valueOf(id) : null;
  }

  private static Added added(Map<String, Object> token, @Nullable Object id, int largest) {
    if (!(id instanceof Long n) || n < 0 || n > largest) {
      throw new IllegalArgumentException("an added token has the id " + id + ".");
    }
    if (!(token.get("content") instanceof String content)) {
      throw new IllegalArgumentException("an added token has no content.");
    }
    boolean special = is(token, "special");
    return new Added(
        n.intValue(),
        content,
        special,
        is(token, "lstrip"),
        is(token, "rstrip"),
        is(token, "single_word"),
        token.containsKey("normalized") ? is(token, "normalized") : !special);
  }

  private static boolean is(Map<String, Object> token, String name) {
    return Boolean.TRUE.equals(token.get(name));
  }

  /**
   * Puts what GGUF has no keys for: {@code tokenizer.vtc.strip_left} and so on, lists of ids, and
   * {@code tokenizer.vtc.matching}.
   *
   * @param signs whether spaces are U+2581, and no white space, in normalized text
   */
  static void flags(List<Added> tokens, boolean signs, Map<String, Object> m) {
    m.put("tokenizer.vtc.matching", signs ? "leftmost_signs" : "leftmost");
    flag(m, "strip_left", tokens, Added::leftStrip);
    flag(m, "strip_right", tokens, Added::rightStrip);
    flag(m, "single_word", tokens, Added::singleWord);
    flag(m, "normalized", tokens, Added::normalized);
  }

  private static void flag(
      Map<String, Object> m, String name, List<Added> tokens, Predicate<Added> has) {
    List<Long> ids = new ArrayList<>();
    for (Added token : tokens) {
      if (has.test(token)) {
        ids.add((long) token.id);
      }
    }
    if (!ids.isEmpty()) {
      m.put("tokenizer.vtc." + name, MetadataArray.of(ids));
    }
  }
}
