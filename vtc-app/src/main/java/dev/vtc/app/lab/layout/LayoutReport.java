package dev.vtc.app.lab.layout;

import dev.vtc.app.lab.HardwareCounters;
import dev.vtc.app.lab.Plot;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.Table;
import dev.vtc.app.lab.Table.Column;
import dev.vtc.app.lab.layout.LayoutStudy.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Tables and plots of the ablation. */
public final class LayoutReport {
  /** Rows that are traced: enough for every pattern to have come, few enough to be quick. */
  private static final int TRACED_ROWS = 64;

  private LayoutReport() {}

  /** What the addresses say, without a clock. */
  public static void addresses(Report report, List<WeightFormat> formats, int columns) {
    Table table =
        new Table(
            "addresses",
            "Loads of a product, counted from its address sequence",
            Column.text("format"),
            Column.text("variant"),
            Column.number("loads", "per KiB of weights", 1),
            Column.number("loads over two lines", "% of weight loads", 1),
            Column.number("line use, whole product", "%", 1),
            Column.number("line use, 64 loads", "%", 1),
            Column.number("fetches", "per line", 2),
            Column.number("jumps", "per KiB", 2),
            Column.number("activations and sums loaded", "bytes per weight byte", 2),
            Column.number("4 KiB translations", "per MiB", 0));
    Plot loads =
        Plot.bars(
                "loads",
                "Load instructions for 1 KiB of weights",
                "weight format",
                "loads per KiB of weights",
                names(formats))
            .logY();
    for (Variant variant : Variant.values()) {
      List<Double> perKib = new ArrayList<>();
      for (WeightFormat format : formats) {
        AddressTrace t = AddressTrace.of(format, variant, TRACED_ROWS, columns);
        perKib.add(t.loadsPerKib());
        table.row(
            format.name(),
            variant.title(),
            t.loadsPerKib(),
            100 * t.splitShare(),
            100 * t.lineUse(),
            100 * t.windowUse(),
            t.fetchesPerLine(),
            t.jumpsPerKib(),
            t.otherBytesPerByte(),
            t.pagesPerMib());
      }
      loads.bar(variant.title(), array(perKib));
    }
    report.text(
        "What is compared",
        "The same product y = W·x of "
            + columns
            + " columns. Row-major is the order of GGUF files (Q8 is Q8_0, Q4 is Q4_0); TVL is"
            + " docs/tvl.md. Scalar kernels take one weight at a time, SIMD ones a register. All"
            + " results are checked against each other: scalars and TVL SIMD bit for bit, row-major"
            + " SIMD, which adds in another order, within the bound of its rounding.");
    report.table(table);
    report.plot(
        loads,
        "Fewer loads are better. A SIMD load brings 64 bytes at the most. Row-major SIMD loads a"
            + " piece of x for each piece of a row; TVL loads 4 bytes of x for 16 rows.");
    report.text(
        "How to read the addresses",
        """
        - A whole row-major product uses every byte of every line, too: the layouts do not differ in \
        the lines they fetch, but in how they are used. Row-major blocks of 34 and 18 bytes begin \
        anywhere in a line, so their loads reach over line ends and bring what the next load needs \
        only in part; TVL's loads are whole lines.
        - Line use within 64 loads shows how soon what was fetched is used.
        - Jumps go to a line that is neither the last one nor the next: over scales to codes and back, \
        inside what the first-level cache holds. Fetches per line show it: 1.00 is the least there is, \
        in a cache of 32 KiB with the activations beside.
        - Translations are pages that 64 remembered ones do not cover: 256 a MiB is one for every page \
        of 4 KiB, the least there is. Pages of 2 MiB need a 512th of that.
        - Counted for registers of 64 bytes; AVX2 takes two loads for one of them, NEON four.\
        """);
  }

  /** What the clock says. */
  public static void timings(Report report, List<Timing> timings) {
    if (timings.isEmpty()) {
      return;
    }
    Table table =
        new Table(
            "timings",
            "Time of a product beside a plain read of the same bytes",
            Column.text("format"),
            Column.text("pages wanted"),
            Column.number("in 2 MiB pages", "%", 0),
            Column.text("variant"),
            Column.number("matrix", "MB", 0),
            Column.number("product", "ms", 2),
            Column.number("fastest", "ms", 2),
            Column.number("slowest", "ms", 2),
            Column.number("weights", "10^9/s", 2),
            Column.number("product", "GB/s", 2),
            Column.number("plain read", "GB/s", 2),
            Column.number("of the plain read", "%", 0));
    for (Timing t : timings) {
      table.row(
          t.format().name(),
          pages(t.hugePages()),
          100 * t.hugeShare(),
          t.variant().title(),
          t.bytes() / 1e6,
          1e3 * t.seconds().median(),
          1e3 * t.seconds().min(),
          1e3 * t.seconds().max(),
          t.weights() / t.seconds().median() / 1e9,
          t.rate() / 1e9,
          t.readRate() / 1e9,
          100 * t.shareOfRead());
    }
    report.table(table);
    for (boolean huge : new boolean[] {true, false}) {
      report.plot(
          byVariant(
              timings,
              huge,
              "share-" + (huge ? "2m" : "4k"),
              "Speed as a share of the plain read, pages of " + pages(huge),
              "% of the plain read",
              t -> 100 * t.shareOfRead()),
          "100 % means that the product costs nothing beside reading its weights. What stands lower"
              + " waits for something else than memory: instructions, or loads that need two"
              + " lines.");
    }
    report.plot(
        pagePlot(timings),
        "The same product in pages of 4 KiB and of 2 MiB. Where the kernel is bound by memory,"
            + " pages show; where it is bound by its instructions, they do not.");
    counters(report, timings);
  }

  private static String pages(boolean huge) {
    return huge ? "2 MiB" : "4 KiB";
  }

  private static List<String> names(List<WeightFormat> formats) {
    return formats.stream().map(WeightFormat::name).toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Formats of which every variant was measured in these pages. */
  private static List<WeightFormat> complete(List<Timing> timings, boolean huge) {
    return timings.stream()
        .filter(t -> t.hugePages() == huge)
        .map(Timing::format)
        .distinct()
        .filter(f ->
            timings.stream().filter(t -> t.hugePages() == huge && t.format() == f).count()
                == Variant.values().length)
        .toList();
  }

  private static double value(
      List<Timing> timings,
      WeightFormat format,
      boolean huge,
      Variant variant,
      ToDoubleFunction<Timing> of) {
    return timings.stream()
        .filter(t -> t.format() == format && t.hugePages() == huge && t.variant() == variant)
        .mapToDouble(of)
        .findFirst()
        .orElseThrow();
  }

  private static Plot byVariant(
      List<Timing> timings,
      boolean huge,
      String name,
      String title,
      String unit,
      ToDoubleFunction<Timing> of) {
    List<WeightFormat> formats = complete(timings, huge);
    if (formats.isEmpty()) {
      return Plot.xy(name, title, "", "");
    }
    Plot plot = Plot.bars(name, title, "weight format", unit, names(formats));
    for (Variant v : Variant.values()) {
      plot.bar(
          v.title(), formats.stream().mapToDouble(f -> value(timings, f, huge, v, of)).toArray());
    }
    return plot;
  }

  private static Plot pagePlot(List<Timing> timings) {
    List<WeightFormat> formats = new ArrayList<>(complete(timings, true));
    formats.retainAll(complete(timings, false));
    String title = "Weights read per second by page size";
    if (formats.isEmpty()) {
      return Plot.xy("pages", title, "", "");
    }
    Plot plot = Plot.bars("pages", title, "weight format", "GB/s", names(formats));
    for (Variant v : List.of(Variant.ROW_SIMD, Variant.TVL_SIMD)) {
      for (boolean huge : new boolean[] {false, true}) {
        plot.bar(
            v.title() + ", " + pages(huge),
            formats.stream()
                .mapToDouble(f -> value(timings, f, huge, v, t -> t.rate() / 1e9))
                .toArray());
      }
    }
    return plot;
  }

  private static void counters(Report report, List<Timing> timings) {
    Table table =
        new Table(
            "counters",
            "Hardware counters of one product (perf stat, all threads of the process)",
            Column.text("format"),
            Column.text("pages wanted"),
            Column.text("variant"),
            Column.number("cache misses", "per KiB of weights", 2),
            Column.number("dTLB load misses", "per MiB of weights", 1));
    for (Timing t : timings) {
      if (t.counts() != null) {
        Long cache = t.counts().get(HardwareCounters.CACHE_MISSES);
        Long tlb = t.counts().get(HardwareCounters.TLB_MISSES);
        table.row(
            t.format().name(),
            pages(t.hugePages()),
            t.variant().title(),
            cache == null ? null : 1024.0 * cache / t.bytes(),
            tlb == null ? null : (double) (1 << 20) * tlb / t.bytes());
      }
    }
    report.table(table);
  }
}
