package dev.vtc.tvl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows {@code from} to {@code to} of a matrix, written {@code NAME[FROM:TO]}: a part of a fused
 * matrix.
 */
public record RowRange(String tensor, int from, int to) {
  private static final Pattern NAME = Pattern.compile("(.*)\\[(\\d{1,9}):(\\d{1,9})]");

  /** What a name stands for; null for the name of a whole matrix. */
  public static @Nullable RowRange parse(String name) {
    Matcher m = NAME.matcher(name);
    return m.matches()
        ? new RowRange(m.group(1), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)))
        : null;
  }

  /**
   * Sees whether these rows can be taken alone from a matrix of {@code rows} rows.
   *
   * @throws IllegalArgumentException unless both ends are edges of panels
   */
  public void check(long rows) {
    if (from < 0 || from >= to || to > rows) {
      throw new IllegalArgumentException(
          tensor + " has " + rows + " rows, so none from " + from + " to " + to + ".");
    }
    if (from % TvlFormat.PANEL_ROWS != 0 || (to % TvlFormat.PANEL_ROWS != 0 && to != rows)) {
      throw new IllegalArgumentException(
          "Rows "
              + from
              + " to "
              + to
              + " of "
              + tensor
              + " cannot be taken alone: they do not begin and end at multiples of 16.");
    }
  }
}
