package dev.vtc.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Lines typed by a person, with editing and a history that is kept in a file. */
final class JLineInput implements LineInput {
  private final Terminal terminal;
  private final LineReader reader;

  JLineInput(Path history) throws IOException {
    Files.createDirectories(history.toAbsolutePath().getParent());
    terminal = TerminalBuilder.builder().system(true).build();
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.HISTORY_SIZE, 1000)
            // A ! in a question is a !, not a reference to the history.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  @Override
  public @Nullable String line(String prompt) {
    while (true) {
      try {
        return reader.readLine(prompt);
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isEmpty()) {
          terminal.writer().println("(Ctrl-D or /quit ends the conversation)");
          terminal.flush();
        }
      } catch (EndOfFileException e) {
        return null;
      }
    }
  }

  @Override
  public boolean interactive() {
    return true;
  }

  @Override
  public AutoCloseable onInterrupt(Runnable stop) {
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> stop.run());
    return () -> terminal.handle(Terminal.Signal.INT, before);
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
