package dev.vtc.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/**
 * Tokens that steer a model and that files often fail to declare, known by their names; the lists
 * are llama.cpp's, so that the same tokens end a generation in both.
 */
final class WellKnownTokens {
  private static final List<String> END_OF_TURN =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "<｜end▁of▁sentence｜>",
          "<end_of_utterance>");

  private static final List<String> END_OF_GENERATION =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[");

  /** Setting, and the names by which its token is known. */
  private record Role(String setting, List<String> names) {}

  private static final List<Role> ROLES =
      List.of(
          new Role("eot", END_OF_TURN),
          new Role("eom", List.of("<|eom_id|>")),
          new Role(
              "fim_prefix",
              List.of(
                  "<|fim_prefix|>",
                  "<fim-prefix>",
                  "<fim_prefix>",
                  "<｜fim▁begin｜>",
                  "<PRE>",
                  "▁<PRE>",
                  "<|code_prefix|>",
                  "<|prefix|>")),
          new Role(
              "fim_suffix",
              List.of(
                  "<|fim_suffix|>",
                  "<fim-suffix>",
                  "<fim_suffix>",
                  "<｜fim▁hole｜>",
                  "<SUF>",
                  "▁<SUF>",
                  "<|code_suffix|>",
                  "<|suffix|>")),
          new Role(
              "fim_middle",
              List.of(
                  "<|fim_middle|>",
                  "<fim-middle>",
                  "<fim_middle>",
                  "<｜fim▁end｜>",
                  "<MID>",
                  "▁<MID>",
                  "<|code_middle|>",
                  "<|middle|>")),
          new Role("fim_pad", List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]")),
          new Role(
              "fim_repository",
              List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>")),
          new Role("fim_separator", List.of("<|file_sep|>")));

  private WellKnownTokens() {}

  /**
   * Completes ids, and marks control tokens and those that end a generation.
   *
   * @param find id of a token by its text, or -1
   * @param get a setting, or -1
   * @param attributes of all tokens, changed
   */
  static void complete(
      ToIntFunction<String> find,
      ToIntFunction<String> get,
      BiConsumer<String, Object> put,
      int[] attributes) {
    for (Role role : ROLES) {
      for (String name : role.names) {
        int id = find.applyAsInt(name);
        if (id >= 0 && get.applyAsInt(role.setting) < 0) {
          put.accept(role.setting, (long) id);
          attributes[id] |= TokenizerTables.CONTROL;
        }
      }
    }
    List<Integer> ends = new ArrayList<>();
    for (String name : END_OF_GENERATION) {
      int id = find.applyAsInt(name);
      if (id >= 0) {
        ends.add(id);
        attributes[id] |= TokenizerTables.CONTROL;
      }
    }
    // These show: they structure the answer of gpt-oss.
    for (String name : List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>")) {
      int id = find.applyAsInt(name);
      if (id >= 0) {
        attributes[id] = TokenizerTables.USER_DEFINED;
      }
    }
    for (String setting :
        List.of("eos", "eot", "eom", "fim_pad", "fim_repository", "fim_separator")) {
      int id = get.applyAsInt(setting);
      if (id >= 0) {
        ends.add(id);
      }
    }
    // Where generation ends with other tokens, <|end|> only ends a part of the answer.
    boolean returns = has(ends, find, "<|return|>");
    boolean calls = has(ends, find, "<|call|>") || has(ends, find, "<|calls|>");
    boolean flushes = has(ends, find, "<|flush|>");
    if (calls && (returns || flushes) && has(ends, find, "<|end|>")) {
      int end = find.applyAsInt("<|end|>");
      ends.removeIf(id -> id == end);
      attributes[end] = TokenizerTables.USER_DEFINED;
    }
    // In these vocabularies </s> is HTML.
    boolean html = has(ends, find, "<|tool_response>") || has(ends, find, "<|plamo:eos|>");
    if (html && has(ends, find, "</s>")) {
      int s = find.applyAsInt("</s>");
      ends.removeIf(id -> id == s);
      attributes[s] = TokenizerTables.NORMAL;
    }
    for (int id : ends) {
      attributes[id] |= TokenizerTables.END_OF_GENERATION;
    }
  }

  private static boolean has(List<Integer> ends, ToIntFunction<String> find, String name) {
    return ends.contains(find.applyAsInt(name));
  }
}
