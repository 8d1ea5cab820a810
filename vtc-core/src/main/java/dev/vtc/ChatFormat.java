package dev.vtc;

import dev.vtc.format.Metadata;
import dev.vtc.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** How a conversation becomes tokens: the chat template of the model's file. */
public final class ChatFormat {
  private ChatFormat() {}

  static ChatFormat of(Metadata metadata, Tokenizer tokenizer, Path file) {
    if (!metadata.has("tokenizer.chat_template")) {
      throw new IllegalStateException(file + " has no chat template: use raw text.");
    }
    return new ChatFormat();
  }

  /** The prompt of a conversation, up to where the assistant's answer begins. */
  public int[] encode(List<ChatMessage> conversation) {
    return new int[conversation.size()];
  }
}
