package dev.vtc.app.lab;

import java.util.ArrayList;
import java.util.List;

/** A part of a {@link Report}. */
public sealed interface Section {
  /**
   * Sentences.
   *
   * @param heading of the section in the report
   * @param markdown paragraphs or a list
   */
  record Text(String heading, String markdown) implements Section {}

  /** A table under its title. */
  record Tabular(Table table) implements Section {}

  /**
   * A table too long to be read: in the CSV file and in the JSON alone.
   *
   * @param table what a report refers to
   */
  record Data(Table table) implements Section {}

  /**
   * A picture.
   *
   * @param reading how to read it, a sentence or two below the picture
   */
  record Picture(Plot plot, String reading) implements Section {}

  /** The tables among some sections. */
  static List<Table> tables(List<Section> sections) {
    List<Table> tables = new ArrayList<>();
    for (Section section : sections) {
      switch (section) {
        case Tabular t -> tables.add(t.table());
        case Data d -> tables.add(d.table());
        case Text _, Picture _ -> {}
      }
    }
    return tables;
  }

  /** The plots among some sections. */
  static List<Plot> plots(List<Section> sections) {
    return sections.stream()
        .filter(Picture.class::isInstance)
        .map(s -> ((Picture) s).plot())
        .toList();
  }
}
