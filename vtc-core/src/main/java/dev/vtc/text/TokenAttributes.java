package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What tokens are and how they are found in text, as bits of {@link TokenizerTables}: what a file
 * says of it, and where GGUF has no key for it, what llama.cpp tells from names.
 */
final class TokenAttributes {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String VTC = "tokenizer.vtc.";

  private TokenAttributes() {}

  /** By {@code tokenizer.ggml.token_type}; all are normal without it. */
  static int[] ofTypes(Metadata metadata, int size) {
    MetadataArray types =
        metadata.has(PREFIX + "token_type") ? metadata.array(PREFIX + "token_type") : null;
    if (types != null && types.size() < size) {
      throw new IllegalArgumentException(
          PREFIX + "token_type has " + types.size() + " entries for " + size + " tokens.");
    }
    int[] attributes = new int[size];
    for (int id = 0; id < size; id++) {
      attributes[id] =
          types == null
              ? TokenizerTables.NORMAL
              : switch ((int) types.integer(id)) {
                case 1 -> TokenizerTables.NORMAL;
                case 2 -> TokenizerTables.UNKNOWN;
                case 3 -> TokenizerTables.CONTROL;
                case 4 -> TokenizerTables.USER_DEFINED;
                case 5 -> TokenizerTables.UNUSED;
                case 6 -> TokenizerTables.BYTE;
                default -> 0;
              };
    }
    return attributes;
  }

  /** Whether a token with this attribute is looked for as a whole. */
  static boolean special(int attribute) {
    int specials = TokenizerTables.CONTROL | TokenizerTables.UNKNOWN | TokenizerTables.USER_DEFINED;
    return (attribute & specials) != 0;
  }

  /**
   * Adds how special tokens are found: which white space goes with them, inside words, in
   * normalized text.
   *
   * @param pre name of the pre-tokenizer
   * @param ids of tokens by text
   */
  static void addMatching(
      Metadata metadata, String pre, Map<String, Integer> ids, int[] attributes) {
    if (metadata.has(VTC + "matching")) { // a tokenizer.json says all of this
      add(metadata, "strip_left", TokenizerTables.STRIP_LEFT, attributes);
      add(metadata, "strip_right", TokenizerTables.STRIP_RIGHT, attributes);
      add(metadata, "single_word", TokenizerTables.SINGLE_WORD, attributes);
      add(metadata, "normalized", TokenizerTables.NORMALIZED, attributes);
      return;
    }
    // Attributes that no GGUF file has. As llama.cpp, by the names of models and pre-tokenizers.
    String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
    if (pre.contains("jina-v2-de") || pre.contains("jina-v2-es") || pre.contains("jina-v2-code")) {
      add(ids, "<mask>", TokenizerTables.STRIP_LEFT, attributes);
    } else if (name.contains("phi-3") || name.contains("phi3")) {
      for (int id = 0; id < attributes.length; id++) {
        if (special(attributes[id])) {
          attributes[id] |= TokenizerTables.STRIP_RIGHT;
        }
      }
      add(ids, "</s>", TokenizerTables.STRIP_RIGHT, attributes);
      for (String token : List.of("<unk>", "<s>", "<|endoftext|>")) {
        Integer id = ids.get(token);
        if (id != null) {
          attributes[id] &= ~TokenizerTables.STRIP_RIGHT;
        }
      }
    } else if (name.contains("modern-bert")) {
      add(ids, "[MASK]", TokenizerTables.STRIP_LEFT, attributes);
    }
  }

  /** To the tokens that a list names, if there is one. */
  private static void add(Metadata metadata, String list, int attribute, int[] attributes) {
    if (metadata.has(VTC + list)) {
      MetadataArray ids = metadata.array(VTC + list);
      for (int i = 0; i < ids.size(); i++) {
        long id = ids.integer(i);
        if (id >= 0 && id < attributes.length) {
          attributes[(int) id] |= attribute;
        }
      }
    }
  }

  private static void add(Map<String, Integer> ids, String token, int attribute, int[] attributes) {
    Integer id = ids.get(token);
    if (id != null) {
      attributes[id] |= attribute;
    }
  }
}
