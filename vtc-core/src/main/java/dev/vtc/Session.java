package dev.vtc;

import dev.vtc.kv.SequencePages;
import dev.vtc.session.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One conversation, or one text: what the model has read so far stays in the key/value cache, and a
 * later prompt that begins the same way is computed only from where it differs.
 *
 * <p>One generation at a time; several sessions of a model run side by side, and their steps are
 * batched. Close it to free its pages.
 */
public final class Session implements AutoCloseable {
  private final Model model;
  private final SequencePages pages;
  private final int[] history;
  private final List<ChatMessage> messages = new ArrayList<>();
  private volatile int cached;
  private volatile boolean busy;
  private boolean closed;

  Session(Model model) {
    this.model = model;
    pages = new SequencePages(model.pool());
    history = new int[model.context()];
  }

  /** The model this session belongs to. */
  public Model model() {
    return model;
  }

  SequencePages pages() {
    return pages;
  }

  int[] history() {
    return history;
  }

  void computed(int positions) {
    cached = positions;
  }

  void released() {
    busy = false;
  }

  /** Ids of the tokens in the cache. */
  public int[] tokens() {
    return Arrays.copyOf(history, cached);
  }

  /** The conversation so far, as {@link #chat(String, GenerationOptions)} has built it. */
  public List<ChatMessage> messages() {
    return List.copyOf(messages);
  }

  /** Goes on with a text, without a chat template. */
  public Generation generate(String prompt, GenerationOptions options) {
    return generate(model.requireTokenizer().encode(prompt, false, true), options);
  }

  /**
   * Goes on with tokens.
   *
   * @param prompt ids of the whole text from its beginning; what is in the cache already is not
   *     computed again
   * @throws IllegalArgumentException when the prompt is empty, longer than the context, or has an
   *     id outside the vocabulary
   * @throws IllegalStateException when a generation of this session is still running
   */
  public synchronized Generation generate(int[] prompt, GenerationOptions options) {
    take();
    try {
      check(prompt);
      int same = reuse(prompt);
      System.arraycopy(prompt, same, history, same, prompt.length - same);
      Generation generation = new Generation(this, options, prompt.length, same);
      model.engine().submit(generation.job());
      return generation;
    } catch (RuntimeException | Error e) {
      busy = false;
      throw e;
    }
  }

  /**
   * Adds a user's message to the conversation and generates the answer, which joins the
   * conversation when it has ended.
   */
  public Generation chat(String message, GenerationOptions options) {
    joinAnswer();
    messages.add(ChatMessage.user(message));
    Generation generation = chat(messages, options);
    answer = generation;
    return generation;
  }

  private @org.jspecify.annotations.Nullable Generation answer;

  private void joinAnswer() {
    Generation last = answer;
    if (last != null) {
      messages.add(ChatMessage.assistant(last.text()));
      answer = null;
    }
  }

  /**
   * Generates the answer to a whole conversation. The session's own conversation is not touched.
   */
  public Generation chat(List<ChatMessage> conversation, GenerationOptions options) {
    return generate(model.chatFormat().encode(conversation), options);
  }

  /** Sets the system message of a conversation that has not begun. */
  public void system(String content) {
    if (!messages.isEmpty()) {
      throw new IllegalStateException("The conversation has begun; reset it first.");
    }
    messages.add(ChatMessage.system(content));
  }

  /**
   * Computes the logits of tokens, from the beginning of the text.
   *
   * @param all logits of every token, or only of the last
   * @param consumer is called on the engine's thread
   */
  public synchronized void evaluate(int[] ids, boolean all, Evaluation.Consumer consumer)
      throws InterruptedException {
    take();
    try {
      check(ids);
      reset(0, ids.length);
      System.arraycopy(ids, 0, history, 0, ids.length);
      Evaluation.run(model.engine(), pages, ids, 0, all, consumer);
      cached = ids.length;
    } finally {
      busy = false;
    }
  }

  /** Forgets everything: conversation and cache. */
  public synchronized void reset() {
    take();
    messages.clear();
    answer = null;
    reset(0, 0);
    busy = false;
  }

  private void take() {
    if (closed) {
      throw new IllegalStateException("This session is closed.");
    }
    if (busy) {
      throw new IllegalStateException(
          "A generation of this session is still running: read it to its end, or close it.");
    }
    busy = true;
  }

  private void check(int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("The prompt is empty.");
    }
    if (ids.length > history.length) {
      throw new IllegalArgumentException(
          "The prompt has "
              + ids.length
              + " tokens, the context "
              + history.length
              + ": shorten it, or open the model with a larger context.");
    }
    int vocabulary = model.program().vocabulary();
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "Token id " + id + " is outside the vocabulary of " + vocabulary + " tokens.");
      }
    }
  }

  /** Keeps what a prompt shares with the cache, but not its last token, whose logits are wanted. */
  private int reuse(int[] prompt) {
    int mismatch = Arrays.mismatch(prompt, 0, prompt.length, history, 0, cached);
    int same = Math.min(mismatch < 0 ? prompt.length : mismatch, prompt.length - 1);
    reset(same, prompt.length);
    return cached;
  }

  /**
   * Forgets all positions but the first {@code positions}, or more of them where what a window
   * needs has been given back. The place where the prompt ends and an answer begins is kept: the
   * next prompt often differs from there on, when an answer is made anew or shows up without its
   * thoughts.
   */
  private void reset(int positions, int promptEnd) {
    cached = pages.truncate(positions);
    pages.keep(promptEnd);
  }

  /** Gives its pages back. A running generation must be closed before. */
  @Override
  public synchronized void close() {
    if (!closed) {
      take();
      closed = true;
      pages.close();
    }
  }
}
