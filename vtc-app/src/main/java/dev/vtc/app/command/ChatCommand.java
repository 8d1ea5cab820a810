package dev.vtc.app.command;

import dev.vtc.ChatMessage;
import dev.vtc.FinishReason;
import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.Token;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.Terminal;
import dev.vtc.app.Timings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vtc chat}. */
public final class ChatCommand extends Command {
  private static final String HELP =
      """
      /help          this list
      /reset         begin a new conversation
      /system TEXT   begin a new conversation with this system message
      /stats         timings of the last answer
      /save FILE     write the conversation as JSON
      /quit          end (also Ctrl-D)
      A line that ends in \\ goes on in the next one. Ctrl-C stops an answer.\
      """;

  ModelArgs model = new ModelArgs();

  @Nullable String system;

  SamplingArgs sampling = new SamplingArgs();

  private final List<ChatMessage> conversation = new ArrayList<>();
  private @Nullable Generation last;

  @Override
  void declare(Options o) {
    o.about(
        "A conversation. Ctrl-C stops an answer, Ctrl-D ends the conversation, /help lists the"
            + " commands.",
        "  vtc chat",
        "  vtc chat --system \"You answer in one sentence.\" --temperature 0.3");
    model.declare(o);
    o.value(String.class, "TEXT", "A system message.", v -> system = v, "--system");
    sampling.declare(o);
  }

  @Override
  public int run(Context context) throws Exception {
    Terminal terminal = context.terminal();
    sampling.check();
    try (Model opened = model.open(context, ModelOptions.defaults());
        Session session = opened.newSession()) {
      GenerationOptions options = sampling.options(opened.generationDefaults(), -1);
      opened.chatFormat(); // a model without a template is refused before the first line
      reset();
      try (LineInput input =
          terminal.inTty() && terminal.outTty()
              ? new JLineInput(context.store().home().resolve("chat-history"))
              : new PlainInput(terminal)) {
        if (input.interactive()) {
          String name =
              opened.metadata().string("general.name", opened.path().getFileName().toString());
          terminal.out().println(name + ". /help lists the commands.");
          terminal.out().flush();
        }
        converse(session, options, input, terminal);
      }
    }
    return ExitCode.OK;
  }

  private void converse(
      Session session, GenerationOptions options, LineInput input, Terminal terminal)
      throws IOException {
    while (true) {
      String line = input.line("> ");
      if (line == null) {
        return;
      }
      while (line.endsWith("\\")) {
        String next = input.line("… ");
        line = line.substring(0, line.length() - 1) + "\n" + (next == null ? "" : next);
      }
      if (line.isBlank()) {
        continue;
      }
      if (line.startsWith("/")) {
        if (!command(line.strip(), terminal)) {
          return;
        }
        continue;
      }
      try {
        answer(session, line, options, input, terminal);
      } catch (IllegalArgumentException | IllegalStateException e) {
        // Most of all a conversation that outgrew the context: say it, and go on.
        terminal.say(e.getMessage() + " (/reset begins a new conversation)");
      }
    }
  }

  private void answer(
      Session session,
      String question,
      GenerationOptions options,
      LineInput input,
      Terminal terminal) {
    conversation.add(ChatMessage.user(question));
    boolean answered = false;
    try (Generation generation = session.chat(List.copyOf(conversation), options)) {
      last = generation;
      try (AutoCloseable _ = input.onInterrupt(generation::cancel)) {
        for (Token token : generation) {
          terminal.out().print(terminal.printable(token.text()));
          terminal.out().flush();
          if (terminal.out().checkError()) {
            generation.cancel();
          }
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
      terminal.out().println();
      terminal.out().flush();
      if (generation.finishReason() == FinishReason.CONTEXT) {
        terminal.say(
            "the context is full; /reset begins a new conversation, --ctx makes it larger");
      }
      conversation.add(ChatMessage.assistant(generation.text()));
      answered = true;
    } finally {
      if (!answered) {
        conversation.removeLast();
      }
    }
  }

  /** Runs a slash command; false ends the conversation. */
  private boolean command(String line, Terminal terminal) throws IOException {
    int blank = line.indexOf(' ');
    String name = blank < 0 ? line : line.substring(0, blank);
    String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
    switch (name) {
      case "/help", "/?" -> terminal.out().println(HELP);
      case "/reset" -> {
        reset();
        terminal.out().println("A new conversation.");
      }
      case "/system" -> {
        system = rest.isEmpty() ? null : rest;
        reset();
        terminal
            .out()
            .println(
                "A new conversation"
                    + (system == null ? " without" : " with")
                    + " a system message.");
      }
      case "/stats" -> {
        Generation generation = last;
        terminal
            .out()
            .println(generation == null ? "No answer yet." : Timings.line(generation.stats(), -1));
      }
      case "/save" -> save(rest, terminal);
      case "/quit", "/exit", "/bye" -> {
        return false;
      }
      default -> terminal.out().println("There is no command " + name + "; /help lists them.");
    }
    terminal.out().flush();
    return true;
  }

  private void save(String file, Terminal terminal) {
    if (file.isEmpty()) {
      terminal.out().println("Where to? /save FILE");
      return;
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ChatMessage m : conversation) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("role", m.role());
      row.put("content", m.content());
      rows.add(row);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(file)))) {
      Json.line(out, rows);
      terminal.out().println("Wrote " + rows.size() + " messages to " + file + ".");
    } catch (IOException | IllegalArgumentException e) {
      terminal.say(file + " could not be written: " + e.getMessage() + ".");
    }
  }

  private void reset() {
    conversation.clear();
    last = null;
    if (system != null) {
      conversation.add(ChatMessage.system(system));
    }
  }
}
