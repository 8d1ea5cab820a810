package dev.vtc.app.command;

import dev.vtc.ChatMessage;
import dev.vtc.FinishReason;
import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.Token;
import dev.vtc.app.AotCache;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Interrupt;
import dev.vtc.app.Json;
import dev.vtc.app.Startup;
import dev.vtc.app.Terminal;
import dev.vtc.app.Timings;
import dev.vtc.app.UserError;
import dev.vtc.sample.TokenLogprob;
import dev.vtc.text.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vtc run}. */
public final class RunCommand extends Command {
  @Nullable String prompt;

  ModelArgs model = new ModelArgs();

  boolean raw;

  @Nullable String system;

  boolean special;

  @Nullable String ids;

  boolean printIds;

  SamplingArgs sampling = new SamplingArgs();

  int logprobs = -1;

  boolean json;

  boolean quiet;

  @Override
  void declare(Options o) {
    o.about(
        "Answers one prompt, and prints the answer as it is made.",
        "  vtc run \"Why is the sky blue?\"",
        "  vtc run -m hf:owner/repo:Q8_0 --temperature 0 -n 200 < question.txt",
        "  vtc run --raw \"The capital of France is\"      the model goes on with the text",
        "  vtc run --json \"Name three colours.\" | jq .text",
        "  vtc run -m stories.bin --ids 1 --print-ids    a model without a tokenizer");
    o.positional(
        String.class,
        "PROMPT",
        "The prompt; without it, or as -, it is read from stdin (one line end at its end is"
            + " dropped).",
        v -> prompt = v);
    model.declare(o);
    o.flag("No chat template: the model goes on with the text.", () -> raw = true, "--raw");
    o.value(
        String.class, "TEXT", "A system message before the prompt.", v -> system = v, "--system");
    o.flag(
        "With --raw: the prompt may contain control tokens such as <|im_start|>.",
        () -> special = true,
        "--special");
    o.value(String.class, "1,2,3", "Token ids instead of a text.", v -> ids = v, "--ids");
    o.flag(
        "Print the ids of the answer's tokens instead of its text.",
        () -> printIds = true,
        "--print-ids");
    sampling.declare(o);
    o.value(
        Integer.class,
        "N",
        "With --json: log-probabilities of the chosen and the N best tokens.",
        v -> logprobs = v,
        "--logprobs");
    o.flag(
        "Print one JSON object at the end: text, ids, reason, timings.",
        () -> json = true,
        "--json");
    o.flag("No line of timings.", () -> quiet = true, "-q", "--quiet");
  }

  @Override
  public int run(Context context) throws Exception {
    Terminal terminal = context.terminal();
    sampling.check();
    String text = ids == null ? prompt(terminal) : "";
    int[] given = ids == null ? new int[0] : Ids.parse(ids);
    if (ids != null && prompt != null) {
      throw UserError.usage("Give either a prompt or --ids.");
    }
    if (ids != null && given.length == 0) {
      throw UserError.usage("--ids needs at least one id.");
    }
    try (Model opened = model.open(context, ModelOptions.defaults());
        Session session = opened.newSession()) {
      int[] tokens = ids == null ? encode(opened, text, terminal) : given;
      GenerationOptions options = sampling.options(opened.generationDefaults(), logprobs);
      return generate(session, tokens, options, context);
    }
  }

  private int generate(Session session, int[] tokens, GenerationOptions options, Context context) {
    Terminal terminal = context.terminal();
    long load = Timings.sinceStart();
    long opened = System.nanoTime();
    long firstToken = 0;
    List<Token> answer = new ArrayList<>();
    try (Generation generation = session.generate(tokens, options);
        Interrupt interrupt = new Interrupt(generation::cancel)) {
      boolean ids = printIds || session.model().tokenizer().isEmpty();
      for (Token token : generation) {
        if (json) {
          answer.add(token);
        } else {
          print(token, ids, terminal);
          if (terminal.out().checkError()) {
            generation.cancel(); // nobody reads any more, as in vtc run … | head
          }
        }
        if (firstToken == 0) {
          firstToken = System.nanoTime();
        }
      }
      if (json) {
        Json.line(terminal.out(), result(generation, answer, load));
      } else {
        terminal.out().println();
        terminal.out().flush();
      }
      if (!quiet && !json) {
        String end = reason(generation.finishReason());
        terminal.err().println(terminal.style("2", Timings.line(generation.stats(), load) + end));
        terminal.err().flush();
      }
      Startup.report(session.model(), opened, firstToken, context.env(), terminal.err());
      AotCache.makeFor(session.model().path());
      return interrupt.happened() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private static void print(Token token, boolean ids, Terminal terminal) {
    if (!ids) {
      terminal.out().print(terminal.printable(token.text()));
    } else if (token.id() >= 0) {
      terminal.out().print(token.id() + " ");
    }
    terminal.out().flush();
  }

  /** What is worth a word at the end. */
  private static String reason(@Nullable FinishReason reason) {
    return switch (reason) {
      case CONTEXT -> "; the context is full, --ctx makes it larger";
      case CANCELLED -> "; stopped";
      case END, STOP, LENGTH -> "";
      case null -> "";
    };
  }

  private String prompt(Terminal terminal) throws IOException {
    if (prompt != null && !prompt.equals("-")) {
      if (prompt.isEmpty()) {
        throw UserError.usage("The prompt is empty.");
      }
      return prompt;
    }
    if (terminal.inTty() && prompt == null) {
      throw UserError.usage(
          "There is no prompt: vtc run \"Why is the sky blue?\", or give it on stdin.");
    }
    String text = terminal.readAll("The prompt on stdin");
    if (text.endsWith("\r\n")) {
      text = text.substring(0, text.length() - 2);
    } else if (text.endsWith("\n")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      throw UserError.usage("The prompt on stdin is empty.");
    }
    return text;
  }

  private int[] encode(Model opened, String text, Terminal terminal) {
    Tokenizer tokenizer =
        opened
            .tokenizer()
            .orElseThrow(() ->
                new UserError(
                    "The model "
                        + opened.path()
                        + " has no tokenizer; give token ids with --ids 1,2,3."));
    boolean plain = raw;
    if (!plain && !opened.metadata().has("tokenizer.chat_template")) {
      terminal.say("the model has no chat template; it goes on with the text as it is (--raw)");
      plain = true;
    }
    if (plain) {
      return tokenizer.encode((system == null ? "" : system + "\n\n") + text, special, true);
    }
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    messages.add(ChatMessage.user(text));
    return opened.chatFormat().encode(messages);
  }

  private Map<String, Object> result(Generation generation, List<Token> answer, long load) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("text", generation.text());
    m.put("ids", answer.stream().map(Token::id).filter(id -> id >= 0).toList());
    m.put("finish_reason", String.valueOf(generation.finishReason()).toLowerCase(Locale.ROOT));
    if (logprobs >= 0) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Token token : answer) {
        if (token.id() < 0) {
          continue;
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", token.id());
        row.put("logprob", token.logprob());
        List<Map<String, Object>> top = new ArrayList<>();
        for (TokenLogprob t : token.top()) {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("id", t.id());
          one.put("logprob", t.logprob());
          top.add(one);
        }
        row.put("top", top);
        rows.add(row);
      }
      m.put("logprobs", rows);
    }
    m.put("timings", Timings.map(generation.stats(), load));
    return m;
  }
}
