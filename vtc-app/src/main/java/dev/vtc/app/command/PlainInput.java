package dev.vtc.app.command;

import dev.vtc.app.Interrupt;
import dev.vtc.app.Terminal;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of stdin that is no terminal: a script's conversation. */
final class PlainInput implements LineInput {
  private final InputStream in;
  private int number;

  PlainInput(Terminal terminal) {
    in = new BufferedInputStream(terminal.in());
  }

  @Override
  public @Nullable String line(String prompt) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) >= 0 && b != '\n') {
      bytes.write(b);
    }
    if (b < 0 && bytes.size() == 0) {
      return null;
    }
    number++;
    String line = Terminal.decode(bytes.toByteArray(), "Line " + number + " of stdin");
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  @Override
  public boolean interactive() {
    return false;
  }

  @Override
  public AutoCloseable onInterrupt(Runnable stop) {
    return new Interrupt(stop);
  }

  @Override
  public void close() {
    // stdin is not ours.
  }
}
