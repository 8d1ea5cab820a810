package dev.vtc.app.lab.measure;

import dev.vtc.app.Samples;
import dev.vtc.app.lab.Plot;
import dev.vtc.app.lab.Table;
import dev.vtc.app.lab.Table.Column;
import dev.vtc.machine.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What each token of a greedy generation takes while the context grows: once as steps always run,
 * and once measured, to see where the time goes. Used by one thread.
 */
public final class Latency {
  private static final double MILLI = 1e6;

  /** Tokens at either end of a run that are compared. */
  private static final int END = 16;

  /**
   * Where the time of one token went, in nanoseconds; all but the last are the average thread's.
   *
   * @param weights in kernels of products
   * @param attention in kernels of attention, and of what stores its keys and values
   * @param rest in all other kernels
   * @param waiting claiming work and waiting for other threads
   * @param outside between the steps: choosing the token, and into machine code and out of it
   */
  record Split(double weights, double attention, double rest, double waiting, double outside) {}

  private final MeasuredModel model;
  private final int prompt;
  private final int tokens;
  private final Placed.Sort[] sorts;

  /** Nanoseconds of each token of each run, in order. */
  private final List<double[]> runs = new ArrayList<>();

  private final List<Split[]> splits = new ArrayList<>();

  /**
   * A measurement that has not begun.
   *
   * @param prompt tokens before the first that is measured, at least 1
   * @param tokens that are measured
   */
  public Latency(MeasuredModel model, int prompt, int tokens) {
    this.model = model;
    this.prompt = prompt;
    this.tokens = tokens;
    sorts =
        model.program().instructions().stream().map(Placed.Sort::of).toArray(Placed.Sort[]::new);
  }

  /**
   * Generates once, as it always runs. A run that is stopped counts as far as it came, if it is the
   * first.
   *
   * @param goOn asked before each token
   * @param done told after each token
   */
  public void run(BooleanSupplier goOn, Runnable done) {
    double[] nanos = new double[tokens];
    int count = generate(false, goOn, done, (i, wall) -> nanos[i] = wall);
    if (counts(count, runs)) {
      runs.add(Arrays.copyOf(nanos, count));
    }
  }

  /** Generates once, measured. */
  public void split(BooleanSupplier goOn, Runnable done) {
    Split[] parts = new Split[tokens];
    int count = generate(true, goOn, done, (i, wall) -> parts[i] = split(wall));
    if (counts(count, splits)) {
      splits.add(Arrays.copyOf(parts, count));
    }
  }

  private boolean counts(int reached, List<?> before) {
    return reached == tokens || (reached > 0 && before.isEmpty());
  }

  /** Hears of each token. */
  private interface Heard {
    void token(int index, long nanos);
  }

  private int generate(boolean measure, BooleanSupplier goOn, Runnable done, Heard heard) {
    int[] ids = StepTimes.ids(model, prompt);
    StepTimes.fill(model, prompt - 1, prompt);
    int[] token = {ids[prompt - 1]};
    for (int i = 0; i < tokens; i++) {
      if (!goOn.getAsBoolean()) {
        return i;
      }
      model.profile().clear();
      long start = System.nanoTime();
      var _ = model.run(measure, token, prompt - 1 + i);
      token[0] = model.best(measure);
      heard.token(i, System.nanoTime() - start);
      done.run();
    }
    return tokens;
  }

  private Split split(long wall) {
    Profile profile = model.profile();
    double weights = 0;
    double attention = 0;
    double rest = 0;
    double waiting = 0;
    for (int i = 0; i < sorts.length; i++) {
      double wait = StepTimes.waiting(profile, i);
      waiting += wait;
      double work = profile.nanos(i) - wait;
      switch (sorts[i]) {
        case WEIGHTS -> weights += work;
        case ATTENTION -> attention += work;
        case REST -> rest += work;
      }
    }
    double outside = wall - weights - attention - rest - waiting;
    return new Split(weights, attention, rest, waiting, outside);
  }

  /** Median, percentiles and mean of all tokens of all runs; empty when there are none. */
  public Table summary() {
    Table table =
        new Table(
            "latency",
            "Latency of a token",
            Column.whole("tokens", ""),
            Column.number("median", "ms", 3),
            Column.number("95 %", "ms", 3),
            Column.number("99 %", "ms", 3),
            Column.number("least", "ms", 3),
            Column.number("most", "ms", 3),
            Column.number("mean", "ms", 3),
            Column.number("speed", "tok/s", 1));
    double[] all = runs.stream().flatMapToDouble(Arrays::stream).map(n -> n / MILLI).toArray();
    if (all.length > 0) {
      Samples s = new Samples(all);
      double mean = Arrays.stream(all).average().orElse(0);
      table.row(
          all.length,
          s.median(),
          s.quantile(0.95),
          s.quantile(0.99),
          s.min(),
          s.max(),
          mean,
          1000 / mean);
    }
    return table;
  }

  /** Where the time goes: medians over all tokens, over the first and over the last ones. */
  public Table parts() {
    Table table =
        new Table(
            "split",
            "Where a token's time goes",
            Column.text("part"),
            Column.number("median", "ms", 3),
            Column.number("of all", "%", 1),
            Column.number("first " + END + " tokens", "ms", 3),
            Column.number("last " + END + " tokens", "ms", 3));
    if (!splits.isEmpty()) {
      double sum = 0;
      for (Part part : Part.values()) {
        sum += part.median(splits, 0, tokens);
      }
      for (Part part : Part.values()) {
        double median = part.median(splits, 0, tokens);
        table.row(
            part.label,
            median,
            100 * median / sum,
            part.median(splits, 0, END),
            part.median(splits, measuredTokens() - END, tokens));
      }
    }
    return table;
  }

  private enum Part {
    WEIGHTS("weights"),
    ATTENTION("attention"),
    REST("the rest"),
    WAITING("waiting"),
    OUTSIDE("between steps");

    final String label;

    Part(String label) {
      this.label = label;
    }

    private double of(Split s) {
      return switch (this) {
        case WEIGHTS -> s.weights;
        case ATTENTION -> s.attention;
        case REST -> s.rest;
        case WAITING -> s.waiting;
        case OUTSIDE -> s.outside;
      };
    }

    /** Milliseconds, of tokens from … to - 1. */
    double median(List<Split[]> splits, int from, int to) {
      double[] values =
          splits.stream()
              .flatMap(s -> Arrays.stream(s, Math.clamp(from, 0, s.length), Math.min(to, s.length)))
              .mapToDouble(s -> of(s) / MILLI)
              .toArray();
      return values.length == 0 ? Double.NaN : new Samples(values).median();
    }
  }

  /** Tokens that every measured run reached. */
  private int measuredTokens() {
    return splits.stream().mapToInt(s -> s.length).min().orElse(0);
  }

  private int plainTokens() {
    return runs.stream().mapToInt(r -> r.length).min().orElse(0);
  }

  /** Milliseconds of one token, the median of the runs. */
  private double median(int token) {
    return new Samples(runs.stream().mapToDouble(r -> r[token] / MILLI).toArray()).median();
  }

  /** Every token: what it took in each run, and its split, both medians of runs. */
  public Table tokens() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.whole("token", ""));
    columns.add(Column.whole("position", ""));
    columns.add(Column.number("latency", "ms", 4));
    for (int r = 0; r < runs.size(); r++) {
      columns.add(Column.number("run " + (r + 1), "ms", 4));
    }
    for (Part part : Part.values()) {
      columns.add(Column.number(part.label, "ms", 4));
    }
    Table table = new Table("tokens", "Every token", columns.toArray(new Column[0]));
    for (int i = 0; i < plainTokens(); i++) {
      List<Object> row = new ArrayList<>();
      row.add(i);
      row.add(prompt - 1 + i);
      row.add(median(i));
      for (double[] run : runs) {
        row.add(run[i] / MILLI);
      }
      for (Part part : Part.values()) {
        row.add(part.median(splits, i, i + 1));
      }
      table.row(row.toArray());
    }
    return table;
  }

  /** Latency over the position: all runs as points, and the median of each token. */
  public Plot plot(String title) {
    Plot plot = Plot.xy("latency", title, "position in the context", "ms a token");
    int count = plainTokens();
    if (count > 0) {
      double[] x = positions(count);
      double[] all = new double[count * runs.size()];
      double[] xs = new double[all.length];
      for (int r = 0; r < runs.size(); r++) {
        for (int i = 0; i < count; i++) {
          xs[r * count + i] = x[i];
          all[r * count + i] = runs.get(r)[i] / MILLI;
        }
      }
      plot.points("each run", xs, all);
      double[] median = new double[count];
      Arrays.setAll(median, this::median);
      plot.line("median of " + runs.size() + " runs", x, median);
    }
    return plot;
  }

  /** The parts over the position. */
  public Plot splitPlot(String title) {
    Plot plot = Plot.xy("split", title, "position in the context", "ms a token");
    int count = measuredTokens();
    for (Part part : Part.values()) {
      if (count > 0) {
        double[] y = new double[count];
        Arrays.setAll(y, i -> part.median(splits, i, i + 1));
        plot.line(part.label, positions(count), y);
      }
    }
    return plot;
  }

  private double[] positions(int count) {
    double[] x = new double[count];
    Arrays.setAll(x, i -> prompt - 1 + i);
    return x;
  }
}
