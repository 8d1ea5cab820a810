package dev.vtc.format;

import java.util.Map;

/** What the vocabulary of a {@code tokenizer.json} is made of. */
enum HfModel {
  /** BPE over bytes, in GPT-2's letters. */
  BYTES,
  /** BPE over characters, with U+2581 for spaces, and with {@code byte_fallback}. */
  CHARACTERS,
  /** Unigram: scored pieces of characters, with U+2581 for spaces. */
  UNIGRAM;

  /**
   * The kind of a file's {@code model}.
   *
   * @throws IllegalArgumentException if it is none of these; names it
   */
  static HfModel of(Map<String, Object> model) {
    Object type = model.get("type");
    if ("Unigram".equals(type)) {
      return UNIGRAM;
    }
    if (!"BPE".equals(type)) {
      throw new IllegalArgumentException(
          "the tokenizer is of type "
              + type
              + "; VTC reads BPE and Unigram from tokenizer.json: use a GGUF file of the model.");
    }
    return Boolean.TRUE.equals(model.get("byte_fallback")) ? CHARACTERS : BYTES;
  }
}
