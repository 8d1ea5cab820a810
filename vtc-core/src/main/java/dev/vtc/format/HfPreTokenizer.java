package dev.vtc.format;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code tokenizer.json} says of splitting and framing text, in GGUF's terms. */
final class HfPreTokenizer {
  private static final String LLAMA3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String TEKKEN =
      ("[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+")
          + ("|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*")
          + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
  private static final String GPT4O =
      ("[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+" + CONTRACTION)
          + ("|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*" + CONTRACTION)
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private HfPreTokenizer() {}

  /**
   * GGUF's name of the pre-tokenizer that splits as this file's does.
   *
   * @throws IllegalArgumentException when none is known to
   */
  static String ggufName(Map<String, Object> tokenizer, Map<String, Object> model) {
    Map<String, Object> root = Json.member(tokenizer, "pre_tokenizer");
    List<Map<String, Object>> steps = Json.objects(root, "pretokenizers");
    if (steps.isEmpty()) {
      steps = List.of(root);
    }
    boolean ignoreMerges = Boolean.TRUE.equals(model.get("ignore_merges"));
    boolean digits = false;
    String regex = null;
    for (Map<String, Object> step : steps) {
      switch (String.valueOf(step.get("type"))) {
        case "Digits" -> digits = Boolean.TRUE.equals(step.get("individual_digits"));
        case "Split" -> {
          if (regex != null || !(Json.member(step, "pattern").get("Regex") instanceof String s)) {
            throw unknown(root);
          }
          regex = s;
        }
        case "ByteLevel" -> {
          if (!Boolean.FALSE.equals(step.get("use_regex"))) {
            if (regex != null) {
              throw unknown(root);
            }
            return digits ? "smollm" : "gpt-2";
          }
        }
        default -> throw unknown(root);
      }
    }
    if (regex == null || digits) {
      throw unknown(root);
    }
    if (regex.equals(LLAMA3)) {
      return ignoreMerges ? "llama-bpe" : "dbrx";
    }
    if (regex.equals(QWEN2) && !ignoreMerges) {
      return "qwen2";
    }
    if (regex.equals(TEKKEN)) {
      return "tekken";
    }
    if (regex.equals(GPT4O)) {
      return "gpt-4o";
    }
    throw unknown(root);
  }

  private static IllegalArgumentException unknown(Map<String, Object> root) {
    String text = root.toString();
    return new IllegalArgumentException(
        "the pre-tokenizer "
            + (text.length() > 200 ? text.substring(0, 200) + "…" : text)
            + " is unknown; known are those of llama-bpe, qwen2, smollm, gpt-2, tekken, gpt-4o: use"
            + " a GGUF file of the model.");
  }

  /** True if a space is put before a text (SentencePiece's dummy prefix). */
  static boolean addsSpace(Map<String, Object> tokenizer) {
    Map<String, Object> normalizer = Json.member(tokenizer, "normalizer");
    for (Map<String, Object> step : Json.objects(normalizer, "normalizers")) {
      if ("Prepend".equals(step.get("type"))) {
        return true;
      }
    }
    Map<String, Object> pre = Json.member(tokenizer, "pre_tokenizer");
    return "Prepend".equals(normalizer.get("type"))
        || ("Metaspace".equals(pre.get("type"))
            && !"never".equals(pre.get("prepend_scheme"))
            && !Boolean.FALSE.equals(pre.get("add_prefix_space")));
  }

  /** Whether a special token is put before a text; null if the file does not say. */
  static @Nullable Boolean addsFirst(Map<String, Object> tokenizer) {
    List<Map<String, Object>> single = single(tokenizer);
    return (single == null || single.isEmpty())
        ? null
        : (Boolean) single.getFirst().containsKey("SpecialToken");
  }

  /** Whether a special token is put after a text; null if the file does not say. */
  static @Nullable Boolean addsLast(Map<String, Object> tokenizer) {
    List<Map<String, Object>> single = single(tokenizer);
    return (single == null || single.isEmpty())
        ? null
        : (Boolean) single.getLast().containsKey("SpecialToken");
  }

  /** The template for one text; null without one. */
  private static @Nullable List<Map<String, Object>> single(Map<String, Object> tokenizer) {
    Map<String, Object> root = Json.member(tokenizer, "post_processor");
    List<Map<String, Object>> steps = Json.objects(root, "processors");
    for (Map<String, Object> step : steps.isEmpty() ? List.of(root) : steps) {
      if ("TemplateProcessing".equals(step.get("type"))) {
        return Json.objects(step, "single");
      }
    }
    return null;
  }
}
