package dev.vtc.app.lab.measure;

import dev.vtc.app.Samples;
import dev.vtc.machine.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a shape takes, instruction by instruction: medians over equal steps, in
 * nanoseconds.
 *
 * @param tokens of the step
 * @param position of its first token
 * @param steps how many were measured
 * @param wall of the whole step as it always runs
 * @param measuredWall of the whole step with the clock read between its instructions
 * @param nanos of each instruction, from the end of the one before to its own
 * @param waiting part of that which the average thread spends outside kernels
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StepTimes(
    int tokens,
    int position,
    int steps,
    double wall,
    double measuredWall,
    double[] nanos,
    double[] waiting) {
  /** Steps that are not counted. */
  private static final int WARM_UP = 2;

  /**
   * Measures: in turn a step as it always runs and one that is measured.
   *
   * @param goOn asked before each pair of steps
   * @param done told after each pair
   * @return null when it was not to go on before anything was measured
   */
  public static @Nullable StepTimes measure(
      MeasuredModel model,
      int tokens,
      int position,
      int steps,
      BooleanSupplier goOn,
      Runnable done) {
    Profile profile = model.profile();
    int instructions = model.program().instructions().size();
    int[] ids = ids(model, tokens);
    fill(model, position, tokens);
    List<double[]> nanos = new ArrayList<>();
    List<double[]> waiting = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> measured = new ArrayList<>();
    for (int s = -WARM_UP; s < steps && goOn.getAsBoolean(); s++) {
      double wall = model.run(false, ids, position);
      profile.clear();
      double measuredWall = model.run(true, ids, position);
      if (s >= 0) {
        plain.add(wall);
        measured.add(measuredWall);
        double[] all = new double[instructions];
        double[] wait = new double[instructions];
        for (int i = 0; i < instructions; i++) {
          all[i] = profile.nanos(i);
          wait[i] = waiting(profile, i);
        }
        nanos.add(all);
        waiting.add(wait);
        done.run();
      }
    }
    if (plain.isEmpty()) {
      return null;
    }
    return new StepTimes(
        tokens,
        position,
        plain.size(),
        median(plain),
        median(measured),
        medians(nanos),
        medians(waiting));
  }

  /** Nanoseconds that the average thread spends claiming and waiting at an instruction. */
  static double waiting(Profile profile, int instruction) {
    double sum = 0;
    for (int t = 0; t < profile.threads(); t++) {
      sum += profile.waitNanos(t, instruction);
    }
    return sum / profile.threads();
  }

  /** Random tokens, the same each time. */
  static int[] ids(MeasuredModel model, int count) {
    return new SplittableRandom(1).ints(count, 0, model.program().vocabulary()).toArray();
  }

  /** Keys and values for all positions before one, in steps of at most so many tokens. */
  static void fill(MeasuredModel model, int position, int chunk) {
    int[] ids = ids(model, position);
    for (int from = 0; from < position; from += chunk) {
      int to = Math.min(position, from + chunk);
      var _ = model.run(false, Arrays.copyOfRange(ids, from, to), from);
    }
  }

  private static double median(List<Double> values) {
    return new Samples(values.stream().mapToDouble(v -> v).toArray()).median();
  }

  /** Of each column. */
  private static double[] medians(List<double[]> rows) {
    double[] medians = new double[rows.getFirst().length];
    for (int i = 0; i < medians.length; i++) {
      int column = i;
      medians[i] = new Samples(rows.stream().mapToDouble(r -> r[column]).toArray()).median();
    }
    return medians;
  }
}
