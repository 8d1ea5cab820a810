package dev.vtc.app.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A titled table whose columns have units. Numbers are kept as they were measured and rounded only
 * for people; CSV and JSON get all digits. A cell that was not measured is null.
 */
public final class Table {
  /**
   * A column.
   *
   * @param name what it holds
   * @param unit of its numbers, empty for none
   * @param decimals that people are shown; -1 for text and whole numbers
   */
  public record Column(String name, String unit, int decimals) {
    /** A column of words. */
    public static Column text(String name) {
      return new Column(name, "", -1);
    }

    /** A column of whole numbers. */
    public static Column whole(String name, String unit) {
      return new Column(name, unit, -1);
    }

    /** A column of measured numbers. */
    public static Column number(String name, String unit, int decimals) {
      return new Column(name, unit, decimals);
    }

    String heading() {
      return unit.isEmpty() ? name : name + ", " + unit;
    }
  }

  private final String name;
  private final String title;
  private final List<Column> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param name of its CSV file, without an ending
   */
  public Table(String name, String title, Column... columns) {
    this.name = name;
    this.title = title;
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells a String, an Integer, a Long, a Double or null for each column
   */
  public Table row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          name + " has " + columns.size() + " columns, not " + cells.length + ".");
    }
    rows.add(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(cells))));
    return this;
  }

  public String name() {
    return name;
  }

  public String title() {
    return title;
  }

  public List<Column> columns() {
    return columns;
  }

  public List<List<@Nullable Object>> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** A cell as people are shown it. */
  private static String shown(Column column, @Nullable Object cell) {
    return switch (cell) {
      case null -> "–";
      case Double d when Double.isNaN(d) -> "–";
      case Double d when column.decimals >= 0 ->
          String.format(Locale.ROOT, "%." + column.decimals + "f", d);
      default -> cell.toString();
    };
  }

  private boolean isText(int column) {
    return rows.stream().anyMatch(r -> r.get(column) instanceof String);
  }

  /** GitHub's Markdown, without the title. */
  String markdown() {
    StringBuilder s = new StringBuilder("|");
    columns.forEach(c -> s.append(' ').append(escaped(c.heading())).append(" |"));
    s.append("\n|");
    for (int c = 0; c < columns.size(); c++) {
      s.append(isText(c) ? "---|" : "--:|");
    }
    for (List<@Nullable Object> row : rows) {
      s.append("\n|");
      for (int c = 0; c < columns.size(); c++) {
        s.append(' ').append(escaped(shown(columns.get(c), row.get(c)))).append(" |");
      }
    }
    return s.append('\n').toString();
  }

  private static String escaped(String cell) {
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ");
  }

  /** RFC 4180, a header line with the units, all digits. */
  String csv() {
    StringBuilder s = new StringBuilder();
    for (int c = 0; c < columns.size(); c++) {
      s.append(c == 0 ? "" : ",").append(quoted(columns.get(c).heading()));
    }
    for (List<@Nullable Object> row : rows) {
      s.append("\r\n");
      for (int c = 0; c < columns.size(); c++) {
        Object cell = row.get(c);
        boolean missing = cell == null || (cell instanceof Double d && Double.isNaN(d));
        s.append(c == 0 ? "" : ",").append(missing ? "" : quoted(String.valueOf(cell)));
      }
    }
    return s.append("\r\n").toString();
  }

  private static String quoted(String field) {
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  /** Columns of even width for a terminal, title above. */
  String plain() {
    int n = columns.size();
    int[] width = new int[n];
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns.stream().map(Column::heading).toList());
    for (List<@Nullable Object> row : rows) {
      List<String> line = new ArrayList<>();
      for (int c = 0; c < n; c++) {
        line.add(shown(columns.get(c), row.get(c)));
      }
      lines.add(line);
    }
    for (List<String> line : lines) {
      for (int c = 0; c < n; c++) {
        width[c] = Math.max(width[c], line.get(c).length());
      }
    }
    StringBuilder s = new StringBuilder(title).append('\n');
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < n; c++) {
        String blanks = " ".repeat(width[c] - line.get(c).length());
        text.append("  ").append(isText(c) ? line.get(c) + blanks : blanks + line.get(c));
      }
      s.append(text.toString().stripTrailing()).append('\n');
    }
    return s.toString();
  }

  /** For JSON: name, title, columns and rows. */
  Map<String, Object> map() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("name", name);
    m.put("title", title);
    m.put(
        "columns", columns.stream().map(c -> Map.of("name", c.name(), "unit", c.unit())).toList());
    m.put("rows", rows.stream().map(Table::finite).toList());
    return m;
  }

  /** JSON has no word for what is not a number. */
  private static List<@Nullable Object> finite(List<@Nullable Object> row) {
    List<@Nullable Object> cells = new ArrayList<>();
    for (Object cell : row) {
      cells.add(cell instanceof Double d && !Double.isFinite(d) ? null : cell);
    }
    return cells;
  }
}
