package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.Bytes;
import dev.vtc.app.UserError;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.RunFacts;
import dev.vtc.app.lab.measure.Ceilings;
import dev.vtc.app.lab.measure.MeasuredModel;
import dev.vtc.app.lab.measure.RooflineRun;
import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.registry.Machines;
import java.util.Locale;

/** {@code vtc lab roofline}. */
public final class LabRooflineCommand extends Command {
  private static final long LEAST_NANOS = 20_000_000;

  private static final int MOST = 1 << 20;

  ModelArgs model = new ModelArgs();

  LabArgs lab = new LabArgs("roofline");

  int prompt = 512;

  int position = 256;

  int steps = 21;

  int largest = 512;

  boolean all;

  @Override
  void declare(Options o) {
    o.about(
        "Measures how fast this CPU reads and multiplies at all, what each instruction of a model"
            + " takes in decode\nand prefill, and draws the second under the first as a roofline.",
        "  vtc lab roofline",
        "  vtc lab roofline -m model.gguf -t 4 --all -o roofline");
    model.declare(o);
    lab.declare(o);
    o.value(
        Integer.class,
        "N",
        "Tokens of the prefill step (default: 512).",
        v -> prompt = v,
        "-p",
        "--prompt-tokens");
    o.value(
        Integer.class,
        "N",
        "Position of the token that is decoded (default: 256).",
        v -> position = v,
        "--position");
    o.value(
        Integer.class,
        "N",
        "Measured steps of each kind (default: 21).",
        v -> steps = v,
        "-r",
        "--runs");
    o.value(
        Integer.class,
        "MIB",
        "The largest working set of a thread that is read (default: 512, less where memory is"
            + " short).",
        v -> largest = v,
        "--largest");
    o.flag("List every instruction, not only groups of them.", () -> all = true, "--all");
  }

  @Override
  public int run(Context context) throws Exception {
    if (prompt < 1
        || prompt > MOST
        || position < 0
        || position > MOST
        || steps < 1
        || largest < 1
        || largest > MOST) {
      throw UserError.usage(
          "-p and --largest must be 1 to "
              + MOST
              + ", --position 0 to "
              + MOST
              + ", and --runs at least 1.");
    }
    if (model.context == 0) {
      model.context = Math.max(prompt, position + 1);
    } else if (model.context < Math.max(prompt, position + 1)) {
      throw UserError.usage(
          "The context of "
              + model.context
              + " is too short for "
              + prompt
              + " tokens and position "
              + position
              + ".");
    }
    try (Model opened = model.open(context, ModelOptions.defaults());
        Ceilings ceilings = new Ceilings(emitting(opened.machine()), LEAST_NANOS);
        ReadCeiling reader = new ReadCeiling(opened);
        MeasuredModel measured = new MeasuredModel(opened, prompt, opened.context())) {
      opened.awaitPages();
      RooflineRun run =
          new RooflineRun(
              measured,
              ceilings,
              reader::measure,
              new RooflineRun.Sizes(prompt, position, steps, (long) largest << 20));
      Report report = new Report("Roofline of " + name(opened), facts(opened));
      return lab.run(
          context,
          report,
          (paced, to) -> {
            paced.steps(run.total());
            run.measure(paced::goOn, paced::step);
            run.report(to, all);
          });
    }
  }

  /** What is measured, in words. */
  static String name(Model opened) {
    return opened.metadata().string("general.name", opened.path().getFileName().toString());
  }

  /** What a model's steps are measured on. */
  static RunFacts facts(Model opened) {
    long huge = opened.packed().hugePageBytes();
    return RunFacts.here()
        .put("model", opened.path().getFileName().toString())
        .put("architecture", opened.config().architecture())
        .put("machine", opened.machine())
        .put("threads", opened.threads())
        .put("weights", Bytes.human(opened.program().weightBytes()) + " a token")
        .put(
            "pages of the weights",
            opened.packed().pages().id()
                + ", "
                + (huge < 0 ? "an unknown part" : Bytes.human(huge))
                + " of "
                + Bytes.human(opened.packed().mappedBytes())
                + " in 2 MiB pages")
        .put("keys and values", opened.program().kv().type().name().toLowerCase(Locale.ROOT));
  }

  /** The machine itself, or the fastest one that emits code where it does not. */
  private static LaneMachine emitting(String machine) {
    if (MeasuredModel.machine(machine) instanceof LaneMachine lanes) {
      return lanes;
    }
    for (Machine m : Machines.supported(CpuFeatures.detect())) {
      if (m instanceof LaneMachine lanes) {
        return lanes;
      }
    }
    throw new UserError(
        "VTC emits no machine code for this CPU, so what it can do at all cannot be measured.");
  }
}
