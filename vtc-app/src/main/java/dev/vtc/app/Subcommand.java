package dev.vtc.app;

import dev.vtc.app.command.BenchCommand;
import dev.vtc.app.command.ChatCommand;
import dev.vtc.app.command.Command;
import dev.vtc.app.command.DetokenizeCommand;
import dev.vtc.app.command.InspectCommand;
import dev.vtc.app.command.LabLatencyCommand;
import dev.vtc.app.command.LabLayoutCommand;
import dev.vtc.app.command.LabPaperCommand;
import dev.vtc.app.command.LabRooflineCommand;
import dev.vtc.app.command.ListCommand;
import dev.vtc.app.command.LogitsCommand;
import dev.vtc.app.command.PerplexityCommand;
import dev.vtc.app.command.PullCommand;
import dev.vtc.app.command.QuantizeCommand;
import dev.vtc.app.command.RmCommand;
import dev.vtc.app.command.RunCommand;
import dev.vtc.app.command.TokenizeCommand;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A subcommand of {@code vtc}.
 *
 * @param name as typed
 * @param summary one line for the list
 * @param opensModel whether it opens a model
 * @param factory makes the command; its class is loaded only then
 */
record Subcommand(String name, String summary, boolean opensModel, Supplier<Command> factory) {
  private static final List<Subcommand> ALL =
      List.of(
          new Subcommand("run", "answer one prompt", true, RunCommand::new),
          new Subcommand("chat", "a conversation", true, ChatCommand::new),
          new Subcommand("pull", "fetch a model", false, PullCommand::new),
          new Subcommand("list", "list the models that are here", false, ListCommand::new),
          new Subcommand("rm", "remove a model", false, RmCommand::new),
          new Subcommand("inspect", "show what a model is made of", true, InspectCommand::new),
          new Subcommand("tokenize", "show the tokens of a text", true, TokenizeCommand::new),
          new Subcommand("detokenize", "show the text of tokens", true, DetokenizeCommand::new),
          new Subcommand(
              "perplexity",
              "measure how well a model predicts a text",
              true,
              PerplexityCommand::new),
          new Subcommand("logits", "print logits, or their hash", true, LogitsCommand::new),
          new Subcommand(
              "quantize", "write a model as GGUF of another type", false, QuantizeCommand::new),
          new Subcommand("bench", "measure speed", true, BenchCommand::new));

  /** The group of commands that has a list of its own. */
  static final String LAB = "lab";

  static final String LAB_SUMMARY = "study where the time goes: memory, layout, latency";

  /** The commands of the lab, in a class that is loaded when the lab is asked for. */
  private static final class Lab {
    static final List<Subcommand> ALL =
        List.of(
            new Subcommand(
                "roofline",
                "place each instruction of a model under the roofs of this CPU",
                true,
                LabRooflineCommand::new),
            new Subcommand(
                "latency",
                "measure each token and where its time goes",
                true,
                LabLatencyCommand::new),
            new Subcommand(
                "layout", "compare memory layouts and page sizes", false, LabLayoutCommand::new),
            new Subcommand("paper", "repeat the paper's experiments", true, LabPaperCommand::new));
  }

  /** The commands of {@code vtc}, without those of the lab. */
  static List<Subcommand> all() {
    return ALL;
  }

  /** The commands of {@code vtc lab}. */
  static List<Subcommand> lab() {
    return Lab.ALL;
  }

  static @Nullable Subcommand find(List<Subcommand> among, String name) {
    return among.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
  }

  Command create() {
    return factory.get();
  }

  /** The name that {@code typed} is probably meant to be: at most two letters differ. */
  static @Nullable String nearest(List<Subcommand> among, String typed) {
    String best = null;
    int bestDistance = 3;
    for (Subcommand s : among) {
      int d = distance(typed, s.name());
      if (d < bestDistance) {
        best = s.name();
        bestDistance = d;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] =
            Math.min(
                Math.min(row[j], row[j - 1]) + 1,
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
