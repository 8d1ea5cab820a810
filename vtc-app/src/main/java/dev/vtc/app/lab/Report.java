package dev.vtc.app.lab;

import dev.vtc.app.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command of the lab found: texts, tables and plots in reading order, and the facts of the
 * run. Written as
 *
 * <pre>
 * report.md     all of it, to be read
 * report.json   all of it, to be computed with
 * TABLE.csv     each table
 * PLOT.svg      each plot
 * PLOT.png      each plot
 * </pre>
 *
 * Used by one thread.
 */
public final class Report {
  private final String title;
  private final RunFacts facts;
  private final List<Section> sections = new ArrayList<>();
  private boolean interrupted;

  /** An empty report. */
  public Report(String title, RunFacts facts) {
    this.title = title;
    this.facts = facts;
  }

  /** Makes ready to draw, so that a report can also be written while the JVM is ending. */
  public static void prepare() {
    try {
      Pictures.prepare();
    } catch (IOException | LinkageError | RuntimeException | java.awt.AWTError e) {
      // Met again, and said, when the report is written.
    }
  }

  /** Facts that become known on the way go here. */
  public RunFacts facts() {
    return facts;
  }

  /** Adds paragraphs under a heading. */
  public Report text(String heading, String markdown) {
    sections.add(new Section.Text(heading, markdown));
    return this;
  }

  /** Adds a table, if it has rows. */
  public Report table(Table table) {
    if (!table.rows().isEmpty()) {
      sections.add(new Section.Tabular(table));
    }
    return this;
  }

  /** Adds a table that nobody reads: to the files alone. If it has rows. */
  public Report data(Table table) {
    if (!table.rows().isEmpty()) {
      sections.add(new Section.Data(table));
    }
    return this;
  }

  /**
   * Adds a plot, if it has series.
   *
   * @param reading how to read it
   */
  public Report plot(Plot plot, String reading) {
    if (!plot.series().isEmpty()) {
      sections.add(new Section.Picture(plot, reading));
    }
    return this;
  }

  /** The run was stopped: the report says that it is not complete. */
  public void interrupted() {
    interrupted = true;
  }

  /**
   * Writes all files; those of the same names are replaced.
   *
   * @return a sentence for each thing that could not be written though the rest was
   */
  public List<String> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> problems = new ArrayList<>();
    for (Table table : Section.tables(sections)) {
      Files.writeString(folder.resolve(table.name() + ".csv"), table.csv());
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("report.json"))) {
      Json.line(out, map());
    }
    boolean drawn = true;
    for (Plot plot : Section.plots(sections)) {
      if (drawn) {
        try {
          Pictures.write(plot, folder);
        } catch (LinkageError | RuntimeException | java.awt.AWTError e) {
          // A JDK without java.desktop, or a computer without a single font.
          drawn = false;
          problems.add(
              "The plots could not be drawn ("
                  + e
                  + "); the tables and report.json have their numbers. A JDK with java.desktop and"
                  + " one font are needed (Debian: apt install fonts-dejavu-core).");
        }
      }
    }
    Files.writeString(folder.resolve("report.md"), markdown(drawn));
    return problems;
  }

  private String markdown(boolean drawn) {
    StringBuilder s = new StringBuilder("# ").append(title).append("\n\n");
    if (interrupted) {
      s.append(STOPPED).append("\n\n");
    }
    facts
        .map()
        .forEach(
            (name, value) -> s.append("- ").append(name).append(": ").append(value).append('\n'));
    for (Section section : sections) {
      s.append('\n');
      switch (section) {
        case Section.Text t ->
            s.append("## ").append(t.heading()).append("\n\n").append(t.markdown()).append('\n');
        case Section.Tabular t ->
            s.append("## ").append(t.table().title()).append("\n\n").append(t.table().markdown());
        case Section.Data d ->
            s.append("## ")
                .append(d.table().title())
                .append("\n\n[")
                .append(d.table().name())
                .append(".csv](")
                .append(d.table().name())
                .append(".csv), ")
                .append(d.table().rows().size())
                .append(" rows.\n");
        case Section.Picture p -> {
          s.append("## ").append(p.plot().title()).append("\n\n");
          if (drawn) {
            s.append("![").append(p.plot().title()).append("](").append(p.plot().name());
            s.append(".svg)\n\n");
          }
          s.append(p.reading()).append('\n');
        }
      }
    }
    return s.toString();
  }

  private static final String STOPPED =
      "**The run was stopped before its end: what follows is what had been measured by then.**";

  private Map<String, Object> map() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("title", title);
    m.put("complete", !interrupted);
    m.put("facts", facts.map());
    m.put("tables", Section.tables(sections).stream().map(Table::map).toList());
    m.put("plots", Section.plots(sections).stream().map(Plot::map).toList());
    return m;
  }

  /** Prints the report as one line of JSON. */
  public void printJson(PrintStream out) {
    Json.line(out, map());
    out.flush();
  }

  /** Prints texts and tables. */
  public void print(PrintStream out) {
    for (Section section : sections) {
      switch (section) {
        case Section.Text t -> out.println(t.heading() + "\n" + t.markdown() + "\n");
        case Section.Tabular t -> out.println(t.table().plain());
        case Section.Data _, Section.Picture _ -> {}
      }
    }
    out.flush();
  }
}
