package dev.vtc.app.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a plot shows, independent of how it is drawn ({@link Pictures} does that): lines and points
 * over two axes with linear or logarithmic scales, or groups of bars.
 */
public final class Plot {
  /** How a series is drawn. */
  public enum Mark {
    LINE,
    POINTS,
    BARS
  }

  /**
   * Named values. Of bars, x counts the categories.
   *
   * @param x as many as y
   * @param y in the units of the axes
   */
  public record Series(String name, Mark mark, List<Double> x, List<Double> y) {
    /** Checks what a drawing needs. */
    public Series {
      x = List.copyOf(x);
      y = List.copyOf(y);
      if (x.size() != y.size() || x.isEmpty()) {
        throw new IllegalArgumentException(
            "The series " + name + " has " + x.size() + " x and " + y.size() + " y.");
      }
    }

    Map<String, Object> map() {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("name", name);
      m.put("mark", mark.name().toLowerCase(java.util.Locale.ROOT));
      m.put("x", x);
      m.put("y", y);
      return m;
    }
  }

  private final String name;
  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<String> categories;
  private final List<Series> series = new ArrayList<>();
  private boolean logX;
  private boolean logY;

  private Plot(String name, String title, String xLabel, String yLabel, List<String> categories) {
    this.name = name;
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.categories = List.copyOf(categories);
  }

  /**
   * A plot of lines and points.
   *
   * @param name of its files, without an ending
   * @param xLabel with the unit
   * @param yLabel with the unit
   */
  public static Plot xy(String name, String title, String xLabel, String yLabel) {
    return new Plot(name, title, xLabel, yLabel, List.of());
  }

  /** A plot of groups of bars, one group for each category. */
  public static Plot bars(
      String name, String title, String xLabel, String yLabel, List<String> categories) {
    if (categories.isEmpty()) {
      throw new IllegalArgumentException(name + " has no categories.");
    }
    return new Plot(name, title, xLabel, yLabel, categories);
  }

  public Plot logX() {
    logX = true;
    return this;
  }

  public Plot logY() {
    logY = true;
    return this;
  }

  /** Adds a line through points, in the order of x; on a logarithmic axis all are positive. */
  public Plot line(String label, double[] x, double[] y) {
    return add(new Series(label, Mark.LINE, list(x), list(y)));
  }

  /** Adds points; on a logarithmic axis all are positive. */
  public Plot points(String label, double[] x, double[] y) {
    return add(new Series(label, Mark.POINTS, list(x), list(y)));
  }

  /** Adds a bar to each category. */
  public Plot bar(String label, double... values) {
    double[] x = new double[values.length];
    Arrays.setAll(x, i -> i);
    return add(new Series(label, Mark.BARS, list(x), list(values)));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private Plot add(Series s) {
    boolean bars = s.mark() == Mark.BARS;
    if (bars == categories.isEmpty() || (bars && s.x().size() != categories.size())) {
      throw new IllegalArgumentException(
          name + " has " + categories.size() + " categories; " + s.name() + " does not fit.");
    }
    if (series.stream().anyMatch(other -> other.name().equals(s.name()))) {
      throw new IllegalArgumentException(name + " has a series " + s.name() + " already.");
    }
    if ((logX && !positive(s.x())) || (logY && !positive(s.y()))) {
      throw new IllegalArgumentException(
          "The series " + s.name() + " of " + name + " has no logarithm everywhere.");
    }
    series.add(s);
    return this;
  }

  private static boolean positive(List<Double> values) {
    return values.stream().allMatch(v -> v > 0);
  }

  public String name() {
    return name;
  }

  public String title() {
    return title;
  }

  String xLabel() {
    return xLabel;
  }

  String yLabel() {
    return yLabel;
  }

  List<String> categories() {
    return categories;
  }

  /** The series in the order they were added. */
  public List<Series> series() {
    return Collections.unmodifiableList(series);
  }

  boolean hasLogX() {
    return logX;
  }

  boolean hasLogY() {
    return logY;
  }

  /** For JSON: everything that is drawn. */
  Map<String, Object> map() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("name", name);
    m.put("title", title);
    m.put("x", xLabel);
    m.put("y", yLabel);
    m.put("log_x", logX);
    m.put("log_y", logY);
    m.put("categories", categories);
    m.put("series", series.stream().map(Series::map).toList());
    return m;
  }
}
