package dev.vtc.app.lab.measure;

import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.Table;
import dev.vtc.machine.lanes.PlainProducts.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of {@code vtc lab roofline} in order: peaks, the model's steps, readings. Used
 * by one thread.
 */
public final class RooflineRun {
  private static final int WEIGHT_READS = 7;

  /**
   * What is measured.
   *
   * @param prompt tokens of the prefill step
   * @param position of the decoded token
   * @param steps measured steps of each kind
   * @param largest working set of a thread, in bytes
   */
  public record Sizes(int prompt, int position, int steps, long largest) {}

  private final MeasuredModel model;
  private final Ceilings ceilings;
  private final Callable<Double> weightRead;
  private final Sizes sizes;
  private final int threads;
  private final List<Long> workingSets;
  private final List<Ceilings.Peak> peaks = new ArrayList<>();
  private final List<Ceilings.Reading> readings = new ArrayList<>();
  private double weights;
  private @Nullable StepTimes decode;
  private @Nullable StepTimes prefill;

  /**
   * Measurements that have not begun.
   *
   * @param weightRead bytes per second of one read of the model's weights
   */
  public RooflineRun(
      MeasuredModel model, Ceilings ceilings, Callable<Double> weightRead, Sizes sizes) {
    this.model = model;
    this.ceilings = ceilings;
    this.weightRead = weightRead;
    this.sizes = sizes;
    threads = model.profile().threads();
    workingSets = Ceilings.workingSets(sizes.largest, threads);
  }

  /** How often {@link #measure} says that something is done. */
  public int total() {
    int counts = Ceilings.threadCounts(threads).size();
    return Kind.values().length * counts + 1 + 2 * sizes.steps + 2 * counts * workingSets.size();
  }

  /** Measures until it is not to go on. */
  public void measure(BooleanSupplier goOn, Runnable done) throws Exception {
    for (Kind kind : Kind.values()) {
      for (int t : Ceilings.threadCounts(threads)) {
        if (!goOn.getAsBoolean()) {
          return;
        }
        peaks.add(ceilings.peak(kind, t));
        done.run();
      }
    }
    decode = StepTimes.measure(model, 1, sizes.position, sizes.steps, goOn, done);
    for (int i = 0; i < WEIGHT_READS && goOn.getAsBoolean(); i++) {
      weights = Math.max(weights, weightRead.call());
    }
    done.run();
    prefill = StepTimes.measure(model, sizes.prompt, 0, sizes.steps, goOn, done);
    for (boolean huge : new boolean[] {true, false}) {
      if (goOn.getAsBoolean()) {
        read(huge, goOn, done);
      }
    }
  }

  private void read(boolean huge, BooleanSupplier goOn, Runnable done) throws IOException {
    readings.addAll(ceilings.read(huge, threads, workingSets, goOn, done));
  }

  /** Puts what was measured so far into a report. */
  public void report(Report report, boolean all) {
    List<Placed> placed = new ArrayList<>();
    if (weights > 0) {
      Roofs roofs = Roofs.of(threads, weights, readings, peaks, Caches.sizes());
      add(placed, "decode", decode, roofs);
      add(placed, "prefill", prefill, roofs);
      String title =
          String.format(
              Locale.ROOT,
              "Roofline, %d thread%s: decode at position %d, prefill of %d tokens",
              threads,
              threads == 1 ? "" : "s",
              sizes.position,
              sizes.prompt);
      report.plot(Roofline.plot(title, roofs, placed), READING);
      report.table(Roofline.roofs(roofs));
      report.table(
          Roofline.instructions("groups", "Groups of instructions", Placed.grouped(placed), false));
    }
    report.table(Roofline.steps(decode, prefill));
    if (all) {
      report.table(instructions(placed));
    } else {
      report.data(instructions(placed));
    }
    report.table(Roofline.peaks(peaks));
    report.plot(Roofline.readingPlot(readings), READS_READING);
    report.table(Roofline.readings(readings));
  }

  private static Table instructions(List<Placed> placed) {
    return Roofline.instructions("instructions", "Every instruction", placed, true);
  }

  private void add(List<Placed> placed, String phase, @Nullable StepTimes times, Roofs roofs) {
    if (times != null) {
      placed.addAll(Placed.of(phase, model.program(), times, roofs));
    }
  }

  private static final String READING =
      "Each point is an instruction of the program: to the right are those that compute more with"
          + " each byte of weights, keys and values that they must move, higher are those that"
          + " compute more in a second. A slope is a memory or cache at its full speed, a flat line"
          + " is what the arithmetic can do; nothing lies above the roof of where its bytes come"
          + " from. What lies on a slope is bound by memory, what lies under a flat line by"
          + " arithmetic, and what lies far below both by neither: by waiting, by starting, by"
          + " bytes that are not counted (activations).";

  private static final String READS_READING =
      "How fast threads read memory of their own again and again, over its size: a step down where"
          + " it no longer fits a cache. Where 4 KiB pages lie below 2 MiB pages, the time goes"
          + " into finding pages, not into bytes.";
}
