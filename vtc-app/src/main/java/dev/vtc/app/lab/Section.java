package dev.vtc.app.lab;

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
   * A picture.
   *
   * @param reading how to read it, a sentence or two below the picture
   */
  record Picture(Plot plot, String reading) implements Section {}

  /** The tables among some sections. */
  static List<Table> tables(List<Section> sections) {
    return sections.stream()
        .filter(Tabular.class::isInstance)
        .map(s -> ((Tabular) s).table())
        .toList();
  }

  /** The plots among some sections. */
  static List<Plot> plots(List<Section> sections) {
    return sections.stream()
        .filter(Picture.class::isInstance)
        .map(s -> ((Picture) s).plot())
        .toList();
  }
}
