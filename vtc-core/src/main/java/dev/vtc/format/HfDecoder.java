package dev.vtc.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The decoder of a {@code tokenizer.json}: how tokens become text. VTC decodes as the kind of
 * vocabulary implies; a decoder that does otherwise is refused by name.
 */
final class HfDecoder {
  private HfDecoder() {}

  /**
   * Which spaces decoding takes away, as {@code tokenizer.vtc.decoder_strip} has it: {@code never},
   * {@code first} (one that the text begins with), {@code first_token} (all of the first token), or
   * "" where the file has no decoder.
   *
   * @param byteNames whether the vocabulary has tokens like {@code <0x0A>}
   * @param byteFallback whether these stand for bytes
   * @throws IllegalArgumentException if text is decoded in a way that VTC does not support
   */
  static String strip(
      Map<String, Object> tokenizer, HfModel model, boolean byteNames, boolean byteFallback) {
    List<String> steps = new ArrayList<>();
    for (Map<String, Object> step : HfPreTokenizer.steps(tokenizer, "decoder", "decoders")) {
      steps.add(name(step));
    }
    if (steps.isEmpty()) {
      return "";
    }
    if (model == HfModel.BYTES) {
      steps.remove("Fuse"); // one text follows from ByteLevel
      if (steps.equals(List.of("ByteLevel"))) {
        return "never";
      }
      throw unsupported(tokenizer);
    }
    if (steps.contains("ByteFallback")) {
      if (byteNames && !byteFallback) {
        throw unsupported(tokenizer);
      }
    } else if (model == HfModel.UNIGRAM && !(byteNames && byteFallback)) {
      steps.add(steps.indexOf("Replace") + 1, "ByteFallback"); // does nothing
    }
    // Byte tokens have no ▁, so that the order of the first two does not matter.
    if (steps.size() >= 2 && steps.subList(0, 2).equals(List.of("ByteFallback", "Replace"))) {
      steps.set(0, "Replace");
      steps.set(1, "ByteFallback");
    }
    return switch (String.join(" ", steps)) {
      case "Replace ByteFallback", "Replace ByteFallback Fuse" -> "never";
      case "Replace ByteFallback Fuse Strip" -> "first";
      case "ByteFallback Metaspace", "ByteFallback Metaspace Fuse" -> "first_token";
      case "ByteFallback Metaspace=never", "ByteFallback Metaspace=never Fuse" -> "never";
      default -> throw unsupported(tokenizer);
    };
  }

  /** The type of a step, with its settings where they are not the ones that VTC knows. */
  private static String name(Map<String, Object> step) {
    String type = String.valueOf(step.get("type"));
    boolean known =
        switch (type) {
          case "Replace" ->
              "\u2581".equals(Json.member(step, "pattern").get("String"))
                  && " ".equals(step.get("content"));
          case "Strip" ->
              " ".equals(step.get("content"))
                  && Long.valueOf(1).equals(step.get("start"))
                  && Long.valueOf(0).equals(step.get("stop"));
          case "Metaspace" -> "\u2581".equals(step.getOrDefault("replacement", "\u2581"));
          default -> true;
        };
    if (!known) {
      return step.toString();
    }
    boolean kept = type.equals("Metaspace") && HfPreTokenizer.scheme(step).equals("never");
    return kept ? "Metaspace=never" : type;
  }

  private static IllegalArgumentException unsupported(Map<String, Object> tokenizer) {
    String text = String.valueOf(tokenizer.get("decoder"));
    return new IllegalArgumentException(
        "the decoder "
            + (text.length() > 300 ? text.substring(0, 300) + "…" : text)
            + " is not supported; supported are ByteLevel, and for vocabularies of characters"
            + " Replace of \u2581 or Metaspace, ByteFallback if there are tokens of bytes, Fuse and"
            + " Strip of one space: use a GGUF file of the model.");
  }
}
