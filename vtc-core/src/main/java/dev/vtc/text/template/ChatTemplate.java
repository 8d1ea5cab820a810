package dev.vtc.text.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The chat template of a model: turns a conversation into the text the model was trained on.
 *
 * <p>The language is the part of Jinja 3 that chat templates use, set up as transformers does in
 * {@code chat_template_utils}; see the package. The template is code and the messages are data:
 * whatever stands in a message stays text. Immutable and thread-safe.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.parse(source);
 * List<Segment> prompt =
 *     template.render(
 *         List.of(Map.of("role", "user", "content", "Hello")), null, true, Map.of("bos_token", "<s>"));
 * }</pre>
 */
public final class ChatTemplate {
  /** Longest source. The longest templates known have about 30,000 characters. */
  private static final int MAX_SOURCE = 1 << 20;

  private final String source;
  private final List<Stmt> body;
  private final Supplier<LocalDateTime> clock;

  private ChatTemplate(String source, List<Stmt> body, Supplier<LocalDateTime> clock) {
    this.source = source;
    this.body = body;
    this.clock = clock;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is malformed or uses a statement, or outside of branches a
   *     filter or test, that does not exist
   */
  public static ChatTemplate parse(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateException(
          "the template has " + source.length() + " characters, more than " + MAX_SOURCE, 1, 1);
    }
    String normalized = Lexer.normalize(source);
    return guard(
        normalized,
        () -> new ChatTemplate(normalized, Parser.parse(normalized), LocalDateTime::now));
  }

  /**
   * This template with another clock for {@code strftime_now}, which otherwise tells the local
   * time.
   */
  public ChatTemplate withClock(Supplier<LocalDateTime> other) {
    return new ChatTemplate(source, body, other);
  }

  /**
   * Renders a conversation.
   *
   * <p>What counts as text of the template: its literal text, numbers that it prints, variables
   * whose name ends in {@code _token}, and the role of a message if it is a plain word of letters
   * (templates build control tokens from it, as in {@code '<|' + role + '|>'}; letters alone cannot
   * forge one). Everything else is data.
   *
   * @param messages each with {@code role}, {@code content} and what else the template knows;
   *     values are maps with string keys, lists, strings, numbers, booleans and null
   * @param tools the tools the model may call, in the form the template expects; null for none
   * @param addGenerationPrompt whether the text ends where the answer of the assistant begins
   * @param variables others, such as {@code bos_token}, {@code eos_token}, {@code enable_thinking}
   * @return the parts of the prompt in order; neighbours differ in their origin
   * @throws TemplateException if the template fails, refuses the conversation ({@code
   *     raise_exception}) or exceeds a bound
   * @throws IllegalArgumentException if the data holds something else than the types above or is
   *     nested too deeply
   */
  public List<Segment> render(
      List<? extends Map<String, ?>> messages,
      @Nullable List<?> tools,
      boolean addGenerationPrompt,
      Map<String, ?> variables) {
    DataReader data = new DataReader();
    Scope scope = new Scope(null);
    scope.set("documents", Values.None.NONE);
    for (Map.Entry<String, ?> variable : variables.entrySet()) {
      Object value = data.value(variable.getValue());
      boolean isToken = variable.getKey().endsWith("_token") && value instanceof Text;
      scope.set(variable.getKey(), isToken ? Text.template(value.toString()) : value);
    }
    scope.set("messages", data.messages(messages));
    scope.set("tools", data.value(tools));
    scope.set("add_generation_prompt", addGenerationPrompt);
    return guard(
        source,
        () -> segments(new Interpreter(source, new Budget(data.size), clock).render(body, scope)));
  }

  /** The whole text of some segments. */
  public static String text(List<Segment> segments) {
    StringBuilder out = new StringBuilder();
    for (Segment segment : segments) {
      out.append(segment.text());
    }
    return out.toString();
  }

  private static List<Segment> segments(Text text) {
    List<Segment> segments = new ArrayList<>();
    for (int run = 0; run < text.runs() && !text.isEmpty(); run++) {
      segments.add(
          new Segment(
              text.chars.substring(text.runStart(run), text.runEnd(run)),
              text.runFromTemplate(run)));
    }
    return segments;
  }

  /**
   * The bounds on depth fit a thread's usual stack; on a smaller one the template fails, and
   * nothing else.
   */
  private static <T> T guard(String source, Supplier<T> action) {
    try {
      return action.get();
    } catch (StackOverflowError e) {
      throw TemplateException.at(
          source, 0, "the template nests too deeply for the stack of this thread");
    }
  }
}
