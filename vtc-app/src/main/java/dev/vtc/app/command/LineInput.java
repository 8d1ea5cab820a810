package dev.vtc.app.command;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the lines of a conversation come from. */
interface LineInput extends AutoCloseable {
  /** The next line, or null at the end. */
  @Nullable String line(String prompt) throws IOException;

  /** Whether a person types. */
  boolean interactive();

  /** Calls {@code stop} on Ctrl-C until the result is closed. */
  AutoCloseable onInterrupt(Runnable stop);

  @Override
  void close() throws IOException;
}
