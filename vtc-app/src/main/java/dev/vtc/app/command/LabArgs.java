package dev.vtc.app.command;

import dev.vtc.app.ExitCode;
import dev.vtc.app.Interrupt;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What every command of the lab has: the folder of its report, and how a long run goes on. */
final class LabArgs {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

  /** The step under way, and the plots, have to be finished when the user stops a run. */
  private static final long GRACE_SECONDS = 60;

  private final String name;
  private @Nullable Path folder;
  private boolean json;

  /**
   * Options of a command.
   *
   * @param name its name, for the folder
   */
  LabArgs(String name) {
    this.name = name;
  }

  void declare(Options o) {
    o.value(
        Path.class,
        "FOLDER",
        "Where the report is written; files of the same names are replaced (default: vtc-lab/"
            + name
            + "-DATE).",
        v -> folder = v,
        "-o",
        "--output");
    o.flag("Print the report as JSON instead of its tables.", () -> json = true, "--json");
  }

  /** A measurement in steps. */
  interface Measurement {
    /** Measures, asks {@link Run#goOn} between steps of at most a few seconds, fills the report. */
    void measure(Run run, Report report) throws Exception;
  }

  /** A run that shows how far it is and can be stopped. Used by one thread. */
  static final class Run implements Steps {
    private final ProgressLine progress;
    private volatile boolean stopped;
    private long done;
    private boolean skipped;

    Run(ProgressLine progress) {
      this.progress = progress;
    }

    @Override
    public void steps(long total) {
      done = 0;
      progress.start(total, 0);
    }

    @Override
    public void step() {
      progress.update(++done);
    }

    @Override
    public boolean goOn() {
      skipped |= stopped;
      return !stopped;
    }
  }

  /**
   * Measures, prints the report and writes it; so, too, with what there is when the user stops it.
   *
   * @return the exit code
   */
  int run(Command.Context context, Report report, Measurement measurement) throws Exception {
    Terminal terminal = context.terminal();
    Path to =
        folder == null
            ? Path.of(
                "vtc-lab", name + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(DATE))
            : folder;
    create(to); // what cannot be written is known before minutes of measuring
    Report.prepare();
    ProgressLine progress = new ProgressLine(terminal, "measuring", false);
    Run run = new Run(progress);
    try (Interrupt _ = new Interrupt(() -> run.stopped = true, GRACE_SECONDS)) {
      try {
        measurement.measure(run, report);
      } finally {
        progress.close();
      }
      if (run.skipped) {
        report.interrupted();
      }
      if (json) {
        report.printJson(terminal.out());
      } else {
        report.print(terminal.out());
      }
      report.write(to).forEach(terminal::say);
      terminal.say(
          (run.skipped ? "Stopped; what was measured is in " : "The report is ")
              + to.resolve("report.md")
              + ".");
      return run.skipped ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new IOException("it may not be written");
      }
    } catch (IOException e) {
      throw new UserError(
          "The folder "
              + folder
              + " cannot be used ("
              + e.getMessage()
              + "); choose another with -o.",
          e);
    }
  }
}
