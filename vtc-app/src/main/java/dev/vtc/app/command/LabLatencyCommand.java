package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.UserError;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.measure.Latency;
import dev.vtc.app.lab.measure.MeasuredModel;

/** {@code vtc lab latency}. */
public final class LabLatencyCommand extends Command {
  private static final String READING =
      "A point is a token of a run, the line the median of the runs at that position. It rises with"
          + " the context, for attention reads the keys and values of every position before; a"
          + " point far above the line is a step that something else on this computer disturbed.";

  private static final String SPLIT_READING =
      "Where the time of each token goes, for the average thread: in the kernels that multiply"
          + " weights, in those of attention, in all others; waiting at the end of instructions for"
          + " threads that still work, claims included; and between the steps, where the token is"
          + " chosen. Reading the clock adds to the first four, so the sum is a little above the"
          + " latency.";

  private static final int MOST = 1 << 20;

  ModelArgs model = new ModelArgs();

  LabArgs lab = new LabArgs("latency");

  int prompt = 1;

  int tokens = 256;

  int runs = 5;

  @Override
  void declare(Options o) {
    o.about(
        "Measures what every token of a greedy generation takes while the context grows, and where"
            + " the time goes.",
        "  vtc lab latency",
        "  vtc lab latency -m model.gguf -t 2 -p 1024 -n 64 -o latency");
    model.declare(o);
    lab.declare(o);
    o.value(
        Integer.class,
        "N",
        "Tokens of the prompt, random ones (default: 1).",
        v -> prompt = v,
        "-p",
        "--prompt-tokens");
    o.value(
        Integer.class,
        "N",
        "Tokens to generate (default: 256).",
        v -> tokens = v,
        "-n",
        "--decode-tokens");
    o.value(
        Integer.class,
        "N",
        "Runs of each kind, after one that is not counted (default: 5).",
        v -> runs = v,
        "-r",
        "--runs");
  }

  @Override
  public int run(Context context) throws Exception {
    if (prompt < 1 || tokens < 1 || runs < 1 || prompt > MOST || tokens > MOST) {
      throw UserError.usage("-p and -n must be 1 to " + MOST + ", and --runs at least 1.");
    }
    int positions = prompt + tokens;
    if (model.context == 0) {
      model.context = positions;
    } else if (model.context < positions) {
      throw UserError.usage(
          "The context of " + model.context + " is too short for " + positions + " tokens.");
    }
    try (Model opened = model.open(context, ModelOptions.defaults());
        MeasuredModel measured = new MeasuredModel(opened, prompt, opened.context())) {
      opened.awaitPages();
      Report report =
          new Report(
              "Latency of " + LabRooflineCommand.name(opened), LabRooflineCommand.facts(opened));
      report
          .facts()
          .put("tokens", tokens + " after " + prompt + ", greedy, one sequence")
          .put("runs", runs + " as steps always run, and " + runs + " measured, in turn");
      return lab.run(context, report, (run, to) -> measure(measured, run, to));
    }
  }

  private void measure(MeasuredModel measured, LabArgs.Run run, Report to) {
    run.steps(2L * tokens * (runs + 1));
    Latency warmUp = new Latency(measured, prompt, tokens);
    warmUp.run(run::goOn, run::step);
    warmUp.split(run::goOn, run::step);
    Latency latency = new Latency(measured, prompt, tokens);
    for (int r = 0; r < runs && run.goOn(); r++) {
      latency.run(run::goOn, run::step);
      latency.split(run::goOn, run::step);
    }
    to.table(latency.summary());
    to.plot(latency.plot("Latency of each token"), READING);
    to.table(latency.parts());
    to.plot(latency.splitPlot("Where each token's time goes"), SPLIT_READING);
    to.data(latency.tokens());
  }
}
