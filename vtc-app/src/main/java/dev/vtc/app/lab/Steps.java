package dev.vtc.app.lab;

/** The steps of a long measurement: shown as they are made, and stopped when the user wishes. */
public interface Steps {
  /** Says how many steps there are; they are counted from here on. */
  void steps(long total);

  /** One more step is done. */
  void step();

  /**
   * Whether to go on; when not, the report will say that it is not complete. To be asked every few
   * seconds at least.
   */
  boolean goOn();
}
