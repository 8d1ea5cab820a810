package dev.vtc.app.lab.paper;

import dev.vtc.app.Samples;
import dev.vtc.app.lab.Plot;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.Table;
import dev.vtc.app.lab.Table.Column;
import dev.vtc.app.lab.layout.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the paper's experiments, and the report of it. Filled by one thread; what
 * was not measured is left out.
 */
public final class PaperReport {
  /** The paper's own computer, and its memory's bandwidth as Apple states it. */
  private static final String PAPER_COMPUTER = "Apple M2 Pro (the paper)";

  private static final double PAPER_BANDWIDTH = 200e9;
  private static final double PAPER_VTC = 61.3;
  private static final double PAPER_PYTORCH = 298.7;
  private static final double PAPER_SCALAR = 24.0;

  private final long bytesPerToken;
  private final String model;
  private @Nullable Samples readRates;
  private @Nullable Samples tokenRates;
  private double @Nullable [] tokenSeconds;
  private @Nullable Samples turnSeconds;
  private final Map<Variant, Samples> stepSeconds = new LinkedHashMap<>();

  /**
   * An empty report.
   *
   * @param model what was measured, a few words
   * @param bytesPerToken bytes of weights that a decoded token reads
   */
  public PaperReport(String model, long bytesPerToken) {
    this.model = model;
    this.bytesPerToken = bytesPerToken;
  }

  /**
   * Whole decoding.
   *
   * @param rates tokens per second of each run
   * @param seconds of each token after the first, the median of the runs
   * @param reads bytes per second of a plain read of the weights, in turn with the runs
   */
  public void decoded(Samples rates, double[] seconds, Samples reads) {
    tokenRates = rates;
    tokenSeconds = seconds.clone();
    readRates = reads;
  }

  /** Seconds from a message of 20 tokens to the first token of the answer, in a warm session. */
  public void turns(Samples seconds) {
    turnSeconds = seconds;
  }

  /** Seconds of all products of a step by a variant. */
  public void products(Variant variant, Samples seconds) {
    stepSeconds.put(variant, seconds);
  }

  /** Adds everything to a report. */
  public void addTo(Report report) {
    report.text(
        "What was measured",
        "Greedy decoding of "
            + model
            + ", "
            + String.format(java.util.Locale.ROOT, "%.1f", bytesPerToken / 1e6)
            + " MB of weights a token. *VTC* is whole decoding. The other lines of this machine are"
            + " all products with weights of one step, measured as one step, without attention,"
            + " norms and the choice of the token: a whole decode with them would be slower. *TVL"
            + " SIMD, products only* is VTC's own kernel in that form, so that the difference can"
            + " be seen.");
    report.table(results());
    report.table(comparison());
    List<Row> rows = here();
    if (!rows.isEmpty()) {
      report.plot(
          Plot.bars(
                  "tokens-per-second",
                  "Tokens per second on this machine",
                  "",
                  "tokens per second",
                  rows.stream().map(Row::what).toList())
              .bar("FP32, " + model, rows.stream().mapToDouble(Row::tokensPerSecond).toArray()),
          "The ceiling is what a plain read of the weights would allow. Between it and a bar lies"
              + " what instructions cost; between a scalar and a SIMD bar what vectors bring in"
              + " that layout.");
    }
    if (tokenSeconds != null && tokenSeconds.length > 0) {
      double[] positions = new double[tokenSeconds.length];
      double[] millis = new double[tokenSeconds.length];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = i + 2;
        millis[i] = 1e3 * tokenSeconds[i];
      }
      report.plot(
          Plot.xy("latency", "Time of each token", "token", "ms")
              .line("median of the runs", positions, millis),
          "Flat but for attention, which reads more keys and values with each token; vtc lab"
              + " latency takes it apart.");
    }
    if (readRates != null) {
      report.text("How to compare", comparing(readRates));
    }
  }

  private String comparing(Samples reads) {
    return String.format(
        java.util.Locale.ROOT,
        "Decoding reads every weight once a token, so tokens per second are bounded by the memory:"
            + " %.1f GB/s here (a plain read by the same threads), 200 GB/s on the paper's M2 Pro"
            + " (as Apple states it). The last column of the comparison takes the computer out: the"
            + " share of its bandwidth that each implementation uses.",
        reads.median() / 1e9);
  }

  private Table results() {
    Table t =
        new Table(
            "results",
            "Results",
            Column.text("what"),
            Column.number("median", "", 2),
            Column.number("least", "", 2),
            Column.number("most", "", 2),
            Column.text("unit"));
    add(t, "decode", tokenRates, 1, "tokens/s");
    if (tokenSeconds != null && tokenSeconds.length > 0) {
      Samples s = new Samples(tokenSeconds);
      add(t, "time of a token", s, 1e3, "ms");
      t.row("time of a token, 95 % below", 1e3 * s.quantile(0.95), null, null, "ms");
      t.row("time of a token, 99 % below", 1e3 * s.quantile(0.99), null, null, "ms");
    }
    add(t, "plain read of the weights", readRates, 1e-9, "GB/s");
    if (tokenRates != null && readRates != null) {
      double share = tokenRates.median() * bytesPerToken / readRates.median();
      t.row("decode reads, of the plain read", 100 * share, null, null, "%");
    }
    add(t, "20 tokens to the first token of the answer", turnSeconds, 1e3, "ms");
    stepSeconds.forEach((v, s) -> add(t, v.title() + ", products of a step", s, 1e3, "ms"));
    return t;
  }

  private static void add(Table t, String what, @Nullable Samples s, double scale, String unit) {
    if (s != null) {
      t.row(what, scale * s.median(), scale * s.min(), scale * s.max(), unit);
    }
  }

  /** A line of the comparison. */
  private record Row(String what, double tokensPerSecond) {}

  private List<Row> here() {
    List<Row> rows = new ArrayList<>();
    if (readRates != null) {
      rows.add(new Row("ceiling", readRates.median() / bytesPerToken));
    }
    if (tokenRates != null) {
      rows.add(new Row("VTC", tokenRates.median()));
    }
    stepSeconds.forEach((v, s) -> rows.add(new Row(v.title(), 1 / s.median())));
    return rows;
  }

  Table comparison() {
    Table t =
        new Table(
            "comparison",
            "Beside the paper",
            Column.text("implementation"),
            Column.text("computer"),
            Column.number("tokens", "per second", 1),
            Column.number("a token", "ms", 2),
            Column.number("weights read", "GB/s", 1),
            Column.number("bandwidth", "GB/s", 1),
            Column.number("of the bandwidth", "%", 1));
    long paperBytes = SyntheticCheckpoint.STORIES_110M.weightBytes();
    row(t, "VTC, NEON", PAPER_COMPUTER, PAPER_VTC, PAPER_BANDWIDTH, paperBytes);
    row(t, "PyTorch, AMX", PAPER_COMPUTER, PAPER_PYTORCH, PAPER_BANDWIDTH, paperBytes);
    row(t, "scalar", PAPER_COMPUTER, PAPER_SCALAR, PAPER_BANDWIDTH, paperBytes);
    double bandwidth = readRates == null ? Double.NaN : readRates.median();
    for (Row r : here()) {
      if (!r.what().equals("ceiling")) {
        String what = r.what().equals("VTC") ? "VTC, whole decoding" : r.what() + ", products only";
        row(t, what, "this machine", r.tokensPerSecond(), bandwidth, bytesPerToken);
      }
    }
    return t;
  }

  private static void row(
      Table t, String what, String computer, double rate, double bandwidth, long bytesPerToken) {
    double read = rate * bytesPerToken;
    t.row(what, computer, rate, 1e3 / rate, read / 1e9, bandwidth / 1e9, 100 * read / bandwidth);
  }
}
