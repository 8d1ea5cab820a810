package dev.vtc.app.lab.measure;

import dev.vtc.app.lab.Plot;
import dev.vtc.app.lab.Table;
import dev.vtc.app.lab.Table.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables and plots of {@code vtc lab roofline}. */
public final class Roofline {
  private static final double GIGA = 1e9;

  private Roofline() {}

  /** How fast memory was read, a row a reading. */
  public static Table readings(List<Ceilings.Reading> readings) {
    Table table =
        new Table(
            "reads",
            "Reading a working set again and again",
            Column.whole("threads", ""),
            Column.text("pages"),
            Column.whole("working set of a thread", "KiB"),
            Column.number("memory in 2 MiB pages", "%", 0),
            Column.number("read", "GB/s", 1),
            Column.text("fetched ahead"));
    long memory = 0;
    for (Ceilings.Reading r : readings) {
      memory = Math.max(memory, r.bytes() * r.threads());
    }
    for (Ceilings.Reading r : readings) {
      table.row(
          r.threads(),
          r.hugePages() ? "2 MiB" : "4 KiB",
          r.bytes() >> 10,
          r.hugeBytes() < 0 ? null : (Double) (100.0 * Math.min(r.hugeBytes(), memory) / memory),
          r.bytesPerSecond() / GIGA,
          r.fetchedAhead() ? "yes" : "no");
    }
    return table;
  }

  /** How fast memory was read, over the size of what was read. */
  public static Plot readingPlot(List<Ceilings.Reading> readings) {
    Plot plot =
        Plot.xy(
                "reads",
                "Reading a working set again and again",
                "working set of each thread, KiB",
                "all threads together, GB/s")
            .logX()
            .logY();
    List<String> names = new ArrayList<>();
    for (Ceilings.Reading r : readings) {
      String name = name(r);
      if (!names.contains(name)) {
        names.add(name);
        List<Ceilings.Reading> line = readings.stream().filter(o -> name(o).equals(name)).toList();
        plot.line(
            name,
            line.stream().mapToDouble(o -> o.bytes() / 1024.0).toArray(),
            line.stream().mapToDouble(o -> o.bytesPerSecond() / GIGA).toArray());
      }
    }
    return plot;
  }

  private static String name(Ceilings.Reading r) {
    return r.threads()
        + (r.threads() == 1 ? " thread, " : " threads, ")
        + (r.hugePages() ? "2 MiB pages" : "4 KiB pages");
  }

  /** How fast products are. */
  public static Table peaks(List<Ceilings.Peak> peaks) {
    Table table =
        new Table(
            "peaks",
            "Products of registers",
            Column.text("type"),
            Column.whole("threads", ""),
            Column.number("operations", "GOP/s", 0));
    for (Ceilings.Peak p : peaks) {
      table.row(
          p.kind().name().toLowerCase(Locale.ROOT), p.threads(), p.operationsPerSecond() / GIGA);
    }
    return table;
  }

  /** The roofs that instructions are placed under. */
  public static Table roofs(Roofs roofs) {
    Table table =
        new Table(
            "roofs",
            "Roofs",
            Column.text("roof"),
            Column.number("bytes", "GB/s", 1),
            Column.number("operations", "GOP/s", 0));
    table.row("plain read of the weights", roofs.memory() / GIGA, null);
    roofs.levels().forEach((name, rate) -> table.row(name, rate / GIGA, null));
    table.row("products of bytes", null, roofs.int8() / GIGA);
    table.row("products of floats", null, roofs.f32() / GIGA);
    return table;
  }

  /**
   * Instructions, or groups of them.
   *
   * @param single whether they are single instructions, with their operands
   */
  public static Table instructions(String name, String title, List<Placed> placed, boolean single) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("step"));
    columns.add(Column.whole(single ? "number" : "instructions", ""));
    columns.add(Column.text("instruction"));
    columns.add(Column.text("weights"));
    if (single) {
      columns.add(Column.text("operands"));
    }
    columns.add(Column.number("time", "µs", 1));
    columns.add(Column.number("of the step", "%", 1));
    columns.add(Column.number("waiting", "%", 0));
    columns.add(Column.whole("bytes", ""));
    columns.add(Column.whole("operations", ""));
    columns.add(Column.number("operations per byte", "", 2));
    columns.add(Column.number("moved", "GB/s", 2));
    columns.add(Column.number("computed", "GOP/s", 2));
    columns.add(Column.number("of its roof", "%", 0));
    Table table = new Table(name, title, columns.toArray(new Column[0]));
    for (Placed p : placed) {
      double step =
          placed.stream().filter(o -> o.phase().equals(p.phase())).mapToDouble(Placed::nanos).sum();
      List<Object> row = new ArrayList<>();
      row.add(p.phase());
      row.add(single ? p.index() : p.count());
      row.add(p.instruction());
      row.add(p.weights());
      if (single) {
        row.add(p.operands());
      }
      row.add(p.nanos() / 1e3);
      row.add(share(p.nanos(), step));
      row.add(share(p.waiting(), p.nanos()));
      row.add(p.bytes());
      row.add(p.operations());
      row.add(p.bytes() == 0 ? Double.NaN : p.intensity());
      row.add(rate(p.bytes(), p.nanos()));
      row.add(rate(p.operations(), p.nanos()));
      row.add(share(p.roofNanos(), p.nanos()));
      table.row(row.toArray());
    }
    return table;
  }

  private static double share(double part, double all) {
    return all > 0 ? 100 * part / all : Double.NaN;
  }

  /** Units per nanosecond, which are giga-units per second. */
  private static double rate(long units, double nanos) {
    return nanos > 0 ? units / nanos : Double.NaN;
  }

  /** The whole steps, as they always run and measured. */
  static Table steps(@Nullable StepTimes... all) {
    Table table =
        new Table(
            "steps",
            "Whole steps",
            Column.whole("tokens", ""),
            Column.whole("position", ""),
            Column.whole("steps", ""),
            Column.number("median", "ms", 3),
            Column.number("measured", "ms", 3),
            Column.number("in instructions", "ms", 3));
    for (StepTimes t : all) {
      if (t != null) {
        table.row(
            t.tokens(),
            t.position(),
            t.steps(),
            t.wall() / 1e6,
            t.measuredWall() / 1e6,
            Arrays.stream(t.nanos()).sum() / 1e6);
      }
    }
    return table;
  }

  /** The plot after Williams, Waterman and Patterson (CACM 52/4, 2009). */
  public static Plot plot(String title, Roofs roofs, List<Placed> placed) {
    Plot plot =
        Plot.xy("roofline", title, "operations per byte of weights, keys and values", "GOP/s")
            .logX()
            .logY();
    List<Placed> shown =
        placed.stream().filter(p -> p.bytes() > 0 && p.operations() > 0 && p.nanos() > 0).toList();
    double fastest =
        Math.max(
            roofs.memory(), roofs.levels().values().stream().mapToDouble(v -> v).max().orElse(0));
    double from = roofs.f32() / fastest;
    double to = roofs.int8() / roofs.memory();
    for (Placed p : shown) {
      from = Math.min(from, p.intensity());
      to = Math.max(to, p.intensity());
    }
    from /= 2;
    to *= 2;
    slope(plot, "weights", roofs.memory(), roofs, from);
    for (Map.Entry<String, Double> level : roofs.levels().entrySet()) {
      slope(plot, level.getKey(), level.getValue(), roofs, from);
    }
    flat(plot, "int8", roofs.int8(), fastest, to);
    flat(plot, "f32", roofs.f32(), fastest, to);
    for (String phase : placed.stream().map(Placed::phase).distinct().toList()) {
      for (Placed.Sort sort : Placed.Sort.values()) {
        List<Placed> points =
            shown.stream().filter(p -> p.phase().equals(phase) && p.sort() == sort).toList();
        if (!points.isEmpty()) {
          plot.points(
              phase + ": " + sort.label,
              points.stream().mapToDouble(Placed::intensity).toArray(),
              points.stream().mapToDouble(p -> p.operations() / p.nanos()).toArray());
        }
      }
    }
    return plot;
  }

  /** Bytes per second as a line up to the higher peak. */
  private static void slope(Plot plot, String name, double rate, Roofs roofs, double from) {
    double knee = roofs.int8() / rate;
    plot.line(
        String.format(Locale.ROOT, "%s %.0f GB/s", name, rate / GIGA),
        new double[] {from, knee},
        new double[] {from * rate / GIGA, roofs.int8() / GIGA});
  }

  /** Operations per second as a line from where the fastest memory reaches them. */
  private static void flat(Plot plot, String name, double peak, double fastest, double to) {
    plot.line(
        String.format(Locale.ROOT, "%s %.0f GOP/s", name, peak / GIGA),
        new double[] {peak / fastest, to},
        new double[] {peak / GIGA, peak / GIGA});
  }
}
