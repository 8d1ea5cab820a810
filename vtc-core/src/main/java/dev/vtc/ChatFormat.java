package dev.vtc;

import dev.vtc.format.Metadata;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.template.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a conversation becomes tokens: the chat template of the model's file, and its tokenizer.
 * Immutable.
 */
public final class ChatFormat {
  static final String KEY = "tokenizer.chat_template";

  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final Map<String, String> variables;

  private ChatFormat(ChatTemplate template, Tokenizer tokenizer, Map<String, String> variables) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.variables = variables;
  }

  static ChatFormat of(Metadata metadata, Tokenizer tokenizer, Path file) {
    if (!metadata.has(KEY)) {
      throw new IllegalStateException(file + " has no chat template: use raw text.");
    }
    Map<String, String> variables = new HashMap<>();
    variables.put("bos_token", text(tokenizer, tokenizer.bos()));
    variables.put("eos_token", text(tokenizer, tokenizer.eos()));
    return new ChatFormat(
        ChatTemplate.parse(metadata.string(KEY)), tokenizer, Map.copyOf(variables));
  }

  private static String text(Tokenizer tokenizer, int id) {
    return id < 0 ? "" : new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8);
  }

  /**
   * The prompt of a conversation, up to where the assistant's answer begins. Control tokens come
   * from the template only, never from a message.
   *
   * @throws dev.vtc.text.template.TemplateException when the template refuses the conversation or
   *     is broken
   */
  public int[] encode(List<ChatMessage> conversation) {
    List<Map<String, String>> messages =
        conversation.stream().map(m -> Map.of("role", m.role(), "content", m.content())).toList();
    int[] ids = tokenizer.encode(template.render(messages, null, true, variables));
    // A model that wants BOS gets it once, whether its template writes it or not.
    if (!tokenizer.addBos()
        || tokenizer.bos() < 0
        || (ids.length > 0 && ids[0] == tokenizer.bos())) {
      return ids;
    }
    int[] withBos = new int[ids.length + 1];
    withBos[0] = tokenizer.bos();
    System.arraycopy(ids, 0, withBos, 1, ids.length);
    return withBos;
  }
}
