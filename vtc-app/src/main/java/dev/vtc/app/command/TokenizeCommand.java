package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.text.Tokenizer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code vtc tokenize}. */
public final class TokenizeCommand extends Command {
  @Nullable String text;

  ModelArgs model = new ModelArgs();

  boolean special;

  boolean bare;

  boolean ids;

  boolean jsonl;

  @Override
  void declare(Options o) {
    o.about(
        "Shows the tokens of a text.",
        "  vtc tokenize \"Hello, world\"",
        "  vtc tokenize --ids --special \"<|im_start|>user\"",
        "  jq -c .text corpus.json | vtc tokenize --jsonl");
    o.positional(String.class, "TEXT", "The text; without it, all of stdin.", v -> text = v);
    model.declare(o);
    o.flag(
        "Control tokens such as <|im_start|> in the text become tokens.",
        () -> special = true,
        "--special");
    o.flag(
        "Do not add the tokens that the model wants around a text.", () -> bare = true, "--no-bos");
    o.flag("Print a JSON array of ids.", () -> ids = true, "--ids");
    o.flag(
        "Each line of stdin is a JSON string; prints the array of its ids.",
        () -> jsonl = true,
        "--jsonl");
  }

  @Override
  public int run(Context context) throws Exception {
    Terminal terminal = context.terminal();
    if (jsonl && text != null) {
      throw UserError.usage("With --jsonl the texts come from stdin.");
    }
    try (Model opened = model.open(context, ModelOptions.defaults())) {
      Tokenizer tokenizer = tokenizer(opened);
      PrintStream out = terminal.out();
      if (jsonl) {
        JsonLines.each(
            terminal.in(),
            (line, number) ->
                out.println(
                    "["
                        + Ids.format(
                            tokenizer.encode(JsonLines.string(line, number), special, !bare))
                        + "]"));
        return ExitCode.OK;
      }
      String all = text != null ? text : terminal.readAll("The text on stdin");
      int[] encoded = tokenizer.encode(all, special, !bare);
      if (ids) {
        Json.line(out, encoded);
        return ExitCode.OK;
      }
      for (int id : encoded) {
        out.printf("%7d  %s%n", id, visible(tokenizer.tokenBytes(id), id, tokenizer));
      }
      return ExitCode.OK;
    }
  }

  static Tokenizer tokenizer(Model opened) {
    return opened
        .tokenizer()
        .orElseThrow(() -> new UserError("The model " + opened.path() + " has no tokenizer."));
  }

  /** A token's bytes for a person: control characters and bytes that are no text as escapes. */
  private static String visible(byte[] bytes, int id, Tokenizer tokenizer) {
    String s = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder shown = new StringBuilder("\"");
    if (s.contains("\uFFFD")
        && !java.util.Arrays.equals(s.getBytes(StandardCharsets.UTF_8), bytes)) {
      for (byte b : bytes) {
        shown.append(String.format("\\x%02x", b & 0xFF));
      }
    } else {
      s.codePoints()
          .forEach(c -> {
            switch (c) {
              case '\n' -> shown.append("\\n");
              case '\t' -> shown.append("\\t");
              case '\r' -> shown.append("\\r");
              case '"' -> shown.append("\\\"");
              case '\\' -> shown.append("\\\\");
              default -> {
                if (Character.isISOControl(c)) {
                  shown.append(String.format("\\x%02x", c));
                } else {
                  shown.appendCodePoint(c);
                }
              }
            }
          });
    }
    return shown.append('"').append(tokenizer.isControl(id) ? "  (control)" : "").toString();
  }
}
