package dev.vtc.app.command;

import dev.vtc.app.UserError;
import dev.vtc.app.lab.HardwareCounters;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.RunFacts;
import dev.vtc.app.lab.Steps;
import dev.vtc.app.lab.layout.LayoutReport;
import dev.vtc.app.lab.layout.LayoutStudy;
import dev.vtc.app.lab.layout.WeightFormat;
import dev.vtc.machine.lanes.LaneMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code vtc lab layout}. */
public final class LabLayoutCommand extends Command {
  private static final int MAX_SIZE_MB = 16384;
  private static final int MAX_COLUMNS = 1 << 16;

  private final LabArgs lab = new LabArgs("layout");

  private int threads;

  private @Nullable String machine;

  private int sizeMb = 256;

  private int columns = 2048;

  private int runs = 5;

  private String formats = "f32,f16,q8,q4";

  private String pages = "4k,2m";

  @Override
  void declare(Options o) {
    o.about(
        "Compares memory layouts: one matrix-vector product row by row and in TVL, by scalars and"
            + " by vectors, in small and huge pages; the addresses each loads, and its time beside"
            + " a plain read.",
        "  vtc lab layout",
        "  vtc lab layout --formats q8,q4 --pages 2m -t 1 -o /tmp/layout");
    lab.declare(o);
    o.threads(v -> threads = v);
    o.machine("The machine whose kernels are measured", v -> machine = v);
    o.value(
        Integer.class,
        "MB",
        "Size of the matrix; it should be larger than the caches (default: 256).",
        v -> sizeMb = v,
        "--size");
    o.value(
        Integer.class,
        "N",
        "Columns of the matrix, a multiple of 64 (default: 2048).",
        v -> columns = v,
        "--columns");
    o.value(
        String.class,
        "LIST",
        "Weight formats (default: f32,f16,q8,q4).",
        v -> formats = v,
        "--formats");
    o.value(
        String.class, "LIST", "Sizes of pages: 4k, 2m (default: both).", v -> pages = v, "--pages");
    o.runs(v -> runs = v);
  }

  @Override
  public int run(Context context) throws Exception {
    List<WeightFormat> chosen = new ArrayList<>();
    for (String name : formats.split(",", -1)) {
      chosen.add(format(name.strip()));
    }
    List<Boolean> hugePages = new ArrayList<>();
    for (String size : pages.split(",", -1)) {
      hugePages.add(
          switch (size.strip().toLowerCase(Locale.ROOT)) {
            case "4k" -> false;
            case "2m" -> true;
            default ->
                throw UserError.usage("There are no pages of " + size + " here: choose 4k or 2m.");
          });
    }
    if (sizeMb < 1 || sizeMb > MAX_SIZE_MB || runs < 1) {
      throw UserError.usage("--size must be between 1 and " + MAX_SIZE_MB + ", --runs at least 1.");
    }
    if (columns < 64 || columns > MAX_COLUMNS || columns % 64 != 0) {
      throw UserError.usage("--columns must be a multiple of 64, up to " + MAX_COLUMNS + ".");
    }
    if (threads < 0 || threads > 1024) {
      throw UserError.usage("--threads must be between 1 and 1024.");
    }
    LaneMachine lanes = LabMachine.choose(machine, context.env());
    int team = threads > 0 ? threads : LabMachine.threads();
    RunFacts facts =
        RunFacts.here()
            .put("machine", lanes.name())
            .put("threads", team)
            .put("matrix", sizeMb + " MB, " + columns + " columns");
    Report report = new Report("Memory layouts on this machine", facts);
    return lab.run(
        context, report, (run, into) -> measure(run, into, lanes, team, chosen, hugePages));
  }

  private void measure(
      Steps run,
      Report report,
      LaneMachine lanes,
      int team,
      List<WeightFormat> chosen,
      List<Boolean> hugePages)
      throws Exception {
    LayoutReport.addresses(report, chosen, columns);
    HardwareCounters counters = new HardwareCounters();
    if (!counters.work()) {
      report.facts().put("hardware counters", counters.problem());
    }
    List<LayoutStudy.Timing> timings = new ArrayList<>();
    try (LayoutStudy study = new LayoutStudy(lanes, team, sizeMb * 1_000_000L, columns, runs)) {
      run.steps(study.steps() * chosen.size() * hugePages.size());
      for (WeightFormat format : chosen) {
        for (boolean huge : hugePages) {
          if (run.goOn()) {
            timings.addAll(study.measure(format, huge, counters, run));
          }
        }
      }
    }
    LayoutReport.timings(report, timings);
  }

  private static WeightFormat format(String name) {
    return Arrays.stream(WeightFormat.values())
        .filter(f -> f.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            UserError.usage(
                "There is no weight format " + name + " here: choose f32, f16, q8 or q4."));
  }
}
