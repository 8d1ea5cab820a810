package dev.vtc.app;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of several runs, in the order they were measured. */
public final class Samples {
  private final double[] values;
  private final double[] sorted;

  /**
   * Keeps a copy.
   *
   * @param values at least one
   */
  public Samples(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("There are no samples.");
    }
    this.values = values.clone();
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  public int count() {
    return values.length;
  }

  public double min() {
    return sorted[0];
  }

  public double max() {
    return sorted[sorted.length - 1];
  }

  public double median() {
    return quantile(0.5);
  }

  /**
   * The value below which a share of the samples lies, linear between neighbours: R's type 7,
   * numpy's default.
   *
   * @param share 0 to 1
   */
  public double quantile(double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** For JSON: median, min, max and the values themselves. */
  public Map<String, Object> map() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("median", median());
    m.put("min", min());
    m.put("max", max());
    m.put("runs", Arrays.stream(values).boxed().toList());
    return m;
  }
}
