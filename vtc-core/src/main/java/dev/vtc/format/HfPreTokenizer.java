package dev.vtc.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code tokenizer.json} says of splitting and framing text, in GGUF's terms. */
final class HfPreTokenizer {
  private static final String LLAMA3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String QWEN2 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
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

  private static final String PUNCTUATION = "split [\\p{P}!-/:-@\\[-`{-~]";

  /** The stages that follow see the bytes' letters. */
  private static final String BEHIND_BYTES = "bytes";

  private static final String SUPPORTED =
      "supported are ByteLevel, Digits, Punctuation and Split of patterns, Metaspace where the"
          + " vocabulary has byte_fallback or is Unigram, and WhitespaceSplit before Metaspace,"
          + " which splits and puts \u2581 in front of every word";

  private HfPreTokenizer() {}

  /** The steps of a member: its own, or those of its sequence. */
  static List<Map<String, Object>> steps(
      Map<String, Object> tokenizer, String member, String list) {
    Map<String, Object> root = Json.member(tokenizer, member);
    if (!root.containsKey("type")) {
      return List.of();
    }
    return "Sequence".equals(root.get("type")) ? Json.objects(root, list) : List.of(root);
  }

  private static List<Map<String, Object>> preTokenizers(Map<String, Object> tokenizer) {
    return steps(tokenizer, "pre_tokenizer", "pretokenizers");
  }

  /** GGUF's name of the pre-tokenizer that splits as this file's does, or null if it has none. */
  static @Nullable String ggufName(Map<String, Object> tokenizer, Map<String, Object> model) {
    boolean ignoreMerges = Boolean.TRUE.equals(model.get("ignore_merges"));
    List<String> stages = byteStages(tokenizer);
    return switch (String.join("\n", stages)) {
      case "gpt-2" -> ignoreMerges ? null : "gpt-2";
      case "digit\ngpt-2" -> ignoreMerges ? null : "smollm";
      case "split " + LLAMA3 -> ignoreMerges ? "llama-bpe" : "dbrx";
      case "split " + QWEN2 -> ignoreMerges ? null : "qwen2";
      case "split " + TEKKEN -> ignoreMerges ? "tekken" : null;
      case "split " + GPT4O -> ignoreMerges ? null : "gpt-4o";
      default -> null;
    };
  }

  /** Whether GGUF's pre-tokenizer of this name knows the case of ASCII letters only. */
  static boolean approximate(String ggufName) {
    return ggufName.equals("tekken") || ggufName.equals("gpt-4o");
  }

  /**
   * The stages of the pre-tokenizer, one a line, as {@code tokenizer.vtc.pre} has them.
   *
   * @throws IllegalArgumentException if there is something that VTC does not support; names it
   */
  static List<String> stages(
      Map<String, Object> tokenizer, Map<String, Object> model, HfModel kind) {
    List<String> stages = new ArrayList<>();
    if (kind != HfModel.BYTES) {
      stages.add("characters");
      stages.addAll(characterStages(tokenizer));
    } else {
      stages.addAll(byteStages(tokenizer));
    }
    if (Boolean.TRUE.equals(model.get("ignore_merges"))) {
      stages.add("ignore_merges");
    }
    return stages;
  }

  private static List<String> byteStages(Map<String, Object> tokenizer) {
    List<String> stages = new ArrayList<>();
    boolean bytes = false;
    for (Map<String, Object> step : preTokenizers(tokenizer)) {
      switch (String.valueOf(step.get("type"))) {
        case "Digits" ->
            stages.add(Boolean.TRUE.equals(step.get("individual_digits")) ? "digit" : "digits");
        case "Punctuation" ->
            stages.add(
                switch (String.valueOf(step.getOrDefault("behavior", "Isolated"))) {
                  case "Isolated" -> PUNCTUATION;
                  case "Contiguous" -> PUNCTUATION + "+";
                  default -> throw unknown(step);
                });
        case "Split" -> stages.add(split(step));
        case "ByteLevel" -> {
          // A space before the text is one before each piece where something cut before.
          if (bytes || (prefixesSpace(step) && !stages.isEmpty())) {
            throw unknown(step);
          }
          bytes = true;
          if (!Boolean.FALSE.equals(step.get("use_regex"))) {
            stages.add("gpt-2");
          }
          stages.add(BEHIND_BYTES);
        }
        default -> throw unknown(step);
      }
    }
    if (!bytes) {
      throw unknown(Json.member(tokenizer, "pre_tokenizer"));
    }
    if (stages.getLast().equals(BEHIND_BYTES)) {
      stages.removeLast();
    }
    return stages;
  }

  private static String split(Map<String, Object> step) {
    Map<String, Object> pattern = Json.member(step, "pattern");
    boolean inverted = Boolean.TRUE.equals(step.get("invert"));
    Object behavior = step.get("behavior");
    StringBuilder regex = new StringBuilder("split ");
    if (pattern.get("Regex") instanceof String s) {
      regex.append(s.replace("\n", "\\n").replace("\r", "\\r"));
      // All text matches: what is removed is nothing.
      boolean all = s.contains("[^\\s\\p{L}\\p{N}]") && s.endsWith("\\s+");
      if (all && inverted && "Removed".equals(behavior)) {
        return regex.toString();
      }
    } else if (pattern.get("String") instanceof String s && !s.isEmpty()) {
      s.codePoints().forEach(c -> regex.append("\\x{").append(Integer.toHexString(c)).append('}'));
    } else {
      throw unknown(step);
    }
    if (inverted || !"Isolated".equals(behavior)) {
      throw unknown(step);
    }
    return regex.toString();
  }

  private static List<String> characterStages(Map<String, Object> tokenizer) {
    List<String> stages = new ArrayList<>();
    List<Map<String, Object>> steps = new ArrayList<>(preTokenizers(tokenizer));
    if (splitsWords(steps)) {
      steps.removeFirst();
    }
    for (Map<String, Object> step : steps) {
      boolean metaspace =
          "Metaspace".equals(step.get("type"))
              && HfNormalizer.SIGN.equals(step.getOrDefault("replacement", HfNormalizer.SIGN));
      // Spaces are ▁ by then, so that a split at spaces does nothing.
      boolean nothing =
          "Split".equals(step.get("type"))
              && " ".equals(Json.member(step, "pattern").get("String"))
              && HfNormalizer.replacesSpaces(tokenizer);
      if (metaspace && !Boolean.FALSE.equals(step.get("split"))) {
        stages.add("split \\x{20}[^\\x{20}]*");
      } else if (!metaspace && !nothing) {
        throw unknown(step);
      }
    }
    if (!HfNormalizer.replacesSpaces(tokenizer) && metaspace(tokenizer) == null) {
      throw new IllegalArgumentException(
          "the tokenizer has byte_fallback or is Unigram, but spaces do not become \u2581, which"
              + " VTC expects.");
    }
    return stages;
  }

  /** Whether white space parts words, and Metaspace puts U+2581 in front of each. */
  private static boolean splitsWords(List<Map<String, Object>> steps) {
    return steps.size() == 2
        && "WhitespaceSplit".equals(steps.getFirst().get("type"))
        && "Metaspace".equals(steps.getLast().get("type"))
        && scheme(steps.getLast()).equals("always")
        && !Boolean.FALSE.equals(steps.getLast().get("split"));
  }

  private static @Nullable Map<String, Object> metaspace(Map<String, Object> tokenizer) {
    return preTokenizers(tokenizer).stream()
        .filter(step -> "Metaspace".equals(step.get("type")))
        .findFirst()
        .orElse(null);
  }

  private static IllegalArgumentException unknown(Map<String, Object> step) {
    String text = step.toString();
    return new IllegalArgumentException(
        "the pre-tokenizer "
            + (text.length() > 200 ? text.substring(0, 200) + "…" : text)
            + " is not supported; "
            + SUPPORTED
            + ": use a GGUF file of the model.");
  }

  /**
   * When a space is put before a text (SentencePiece's dummy prefix): {@code never}, {@code
   * always}, {@code unless_space} (the text has one), {@code first} (likewise, and not after
   * control tokens), {@code words} (before each word between white space, which goes).
   */
  static String spacePrefix(Map<String, Object> tokenizer) {
    if (HfNormalizer.prepends(tokenizer)) {
      return "always";
    }
    List<Map<String, Object>> steps = preTokenizers(tokenizer);
    if (splitsWords(steps)) {
      return "words";
    }
    for (Map<String, Object> step : steps) {
      switch (String.valueOf(step.get("type"))) {
        case "ByteLevel" -> {
          return prefixesSpace(step) ? "unless_space" : "never";
        }
        case "Metaspace" -> {
          String scheme = scheme(step);
          return scheme.equals("always") ? "unless_space" : scheme;
        }
        default -> {}
      }
    }
    return "never";
  }

  private static boolean prefixesSpace(Map<String, Object> byteLevel) {
    return Boolean.TRUE.equals(byteLevel.get("add_prefix_space"));
  }

  /** When Metaspace puts a space before a text: {@code always}, {@code first} or {@code never}. */
  static String scheme(Map<String, Object> metaspace) {
    boolean legacy = !Boolean.FALSE.equals(metaspace.get("add_prefix_space"));
    Object scheme = metaspace.getOrDefault("prepend_scheme", legacy ? "always" : "never");
    return scheme.equals("always") || scheme.equals("first") ? (String) scheme : "never";
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
