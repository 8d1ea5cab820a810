package dev.vtc.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The normalizer of a {@code tokenizer.json}: what becomes of text before it is cut. Steps that VTC
 * does not have are refused by name.
 */
final class HfNormalizer {
  /** SentencePiece's sign for a space. */
  static final String SIGN = "\u2581";

  private static final List<String> FORMS = List.of("NFC", "NFD", "NFKC", "NFKD");

  private HfNormalizer() {}

  private static List<Map<String, Object>> normalizers(Map<String, Object> tokenizer) {
    return HfPreTokenizer.steps(tokenizer, "normalizer", "normalizers");
  }

  /**
   * The steps, one a line, as {@code tokenizer.vtc.normalizer} has them; without those at the end
   * that put U+2581 in front of text and for spaces ({@link #prepends}, {@link #replacesSpaces}).
   *
   * @throws IllegalArgumentException if there is something that VTC does not support; names it
   */
  static String steps(Map<String, Object> tokenizer, HfModel model) {
    List<String> steps = new ArrayList<>();
    boolean signs = false;
    for (Map<String, Object> step : normalizers(tokenizer)) {
      String type = String.valueOf(step.get("type"));
      boolean sign = isPrepend(step) || isSpaceReplacement(step);
      List<String> known =
          FORMS.contains(type) && (steps.isEmpty() || model == HfModel.UNIGRAM)
              ? List.of(type)
              : model == HfModel.UNIGRAM ? ofUnigram(step, type) : null;
      if (sign && model != HfModel.BYTES) {
        signs = true;
      } else if (known != null && !signs) {
        steps.addAll(known);
      } else {
        throw unsupported(step, model);
      }
    }
    return String.join("\n", steps);
  }

  private static @Nullable List<String> ofUnigram(Map<String, Object> step, String type) {
    return switch (type) {
      case "Nmt" -> List.of("nmt");
      case "Precompiled" ->
          step.get("precompiled_charsmap") instanceof String s
              ? s.isEmpty() ? List.of() : List.of("precompiled")
              : null;
      case "Strip" -> {
        List<String> sides = new ArrayList<>();
        if (Boolean.TRUE.equals(step.get("strip_left"))) {
          sides.add("strip_left");
        }
        if (Boolean.TRUE.equals(step.get("strip_right"))) {
          sides.add("strip_right");
        }
        yield sides;
      }
      case "Replace" -> {
        boolean runs = " {2,}".equals(Json.member(step, "pattern").get("Regex"));
        yield runs && " ".equals(step.get("content"))
            ? List.of("merge_spaces")
            : runs && SIGN.equals(step.get("content")) ? List.of("sign_spaces") : null;
      }
      default -> null;
    };
  }

  private static IllegalArgumentException unsupported(Map<String, Object> step, HfModel model) {
    String text = step.toString();
    String signs = "Prepend of \u2581 and Replace of spaces by \u2581 at the end";
    String supported =
        switch (model) {
          case BYTES -> "one of " + String.join(", ", FORMS);
          case CHARACTERS -> "one of " + String.join(", ", FORMS) + ", " + signs;
          case UNIGRAM ->
              "Precompiled once, Nmt, Strip, Replace of \" {2,}\", "
                  + String.join(", ", FORMS)
                  + ", "
                  + signs;
        };
    return new IllegalArgumentException(
        "the normalizer "
            + (text.length() > 200 ? text.substring(0, 200) + "…" : text)
            + " is not supported here; supported are "
            + supported
            + ": use a GGUF file of the model.");
  }

  /**
   * The map of the step Precompiled, base64; null without one.
   *
   * @throws IllegalArgumentException if there are two
   */
  static @Nullable String charsmap(Map<String, Object> tokenizer) {
    String map = null;
    for (Map<String, Object> step : normalizers(tokenizer)) {
      if ("Precompiled".equals(step.get("type"))
          && step.get("precompiled_charsmap") instanceof String s
          && !s.isEmpty()) {
        if (map != null) {
          throw unsupported(step, HfModel.UNIGRAM);
        }
        map = s;
      }
    }
    return map;
  }

  /** Whether white space at a text's beginning goes. */
  static boolean stripsLeft(Map<String, Object> tokenizer) {
    return normalizers(tokenizer).stream()
        .anyMatch(step -> Boolean.TRUE.equals(step.get("strip_left")));
  }

  /** Whether text gets U+2581 in front. */
  static boolean prepends(Map<String, Object> tokenizer) {
    return normalizers(tokenizer).stream().anyMatch(HfNormalizer::isPrepend);
  }

  private static boolean isPrepend(Map<String, Object> step) {
    return "Prepend".equals(step.get("type")) && SIGN.equals(step.get("prepend"));
  }

  /** Whether spaces become U+2581. */
  static boolean replacesSpaces(Map<String, Object> tokenizer) {
    return normalizers(tokenizer).stream().anyMatch(HfNormalizer::isSpaceReplacement);
  }

  private static boolean isSpaceReplacement(Map<String, Object> step) {
    return "Replace".equals(step.get("type"))
        && " ".equals(Json.member(step, "pattern").get("String"))
        && SIGN.equals(step.get("content"));
  }
}
