package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.text.Tokenizer;
import java.util.List;

/** {@code vtc detokenize}. */
public final class DetokenizeCommand extends Command {
  List<String> words = List.of();

  ModelArgs model = new ModelArgs();

  boolean special;

  boolean jsonl;

  @Override
  void declare(Options o) {
    o.about(
        "Shows the text of token ids.",
        "  vtc detokenize 19556,28,905",
        "  vtc tokenize --jsonl < texts.jsonl | vtc detokenize --jsonl");
    o.positionals("IDS", "Ids such as 1,2,3; without them, from stdin.", v -> words = v);
    model.declare(o);
    o.flag("Show control tokens, too.", () -> special = true, "--special");
    o.flag(
        "Each line of stdin is an array of ids; prints its text as a JSON string.",
        () -> jsonl = true,
        "--jsonl");
  }

  @Override
  public int run(Context context) throws Exception {
    Terminal terminal = context.terminal();
    if (jsonl && !words.isEmpty()) {
      throw UserError.usage("With --jsonl the ids come from stdin.");
    }
    try (Model opened = model.open(context, ModelOptions.defaults())) {
      Tokenizer tokenizer = TokenizeCommand.tokenizer(opened);
      if (jsonl) {
        JsonLines.each(
            terminal.in(),
            (line, number) ->
                Json.line(terminal.out(), decode(tokenizer, JsonLines.ids(line, number))));
        return ExitCode.OK;
      }
      String text =
          words.isEmpty() ? terminal.readAll("The list of ids on stdin") : String.join(" ", words);
      terminal.out().println(terminal.printable(decode(tokenizer, Ids.parse(text))));
      return ExitCode.OK;
    }
  }

  private String decode(Tokenizer tokenizer, int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.size()) {
        throw new UserError(
            "Token id " + id + " is outside the vocabulary of " + tokenizer.size() + " tokens.");
      }
    }
    return tokenizer.decode(ids, special);
  }
}
