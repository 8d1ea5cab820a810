package dev.vtc;

/**
 * A message of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, or another role that the model's
 *     template knows
 * @param content the text; template syntax and control tokens inside it stay text
 */
public record ChatMessage(String role, String content) {
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
