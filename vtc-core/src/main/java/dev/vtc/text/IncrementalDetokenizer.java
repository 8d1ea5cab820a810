package dev.vtc.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Turns tokens into text as they come, never splitting a character: bytes of an incomplete one are
 * held back until the next tokens complete it. Not thread-safe.
 */
public final class IncrementalDetokenizer {
  private final Tokenizer tokenizer;
  private final boolean special;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean afterSpecial;

  IncrementalDetokenizer(Tokenizer tokenizer, boolean special, boolean atStart) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.afterSpecial = atStart;
  }

  /**
   * Text that is certain after one more token; often empty within a character of several tokens.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String accept(int id) {
    afterSpecial = tokenizer.append(id, special, afterSpecial, pending);
    byte[] bytes = pending.toByteArray();
    int complete = Utf8.complete(bytes, bytes.length);
    pending.reset();
    pending.write(bytes, complete, bytes.length - complete);
    return new String(bytes, 0, complete, StandardCharsets.UTF_8);
  }

  /** The rest: an incomplete character at the end becomes U+FFFD. */
  public String finish() {
    String rest = pending.toString(StandardCharsets.UTF_8);
    pending.reset();
    return rest;
  }
}
