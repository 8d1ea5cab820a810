package dev.vtc.tvl;

/** How the memory of a packed model is had. */
public enum Pages {
  /** {@link #HUGE_FILE} where the system knows it, else {@link #FILE}. */
  AUTO("auto"),
  /** The file mapped in pages of the usual size. */
  FILE("file"),
  /** The file mapped at a multiple of 2 MiB, huge pages asked for. */
  HUGE_FILE("huge-file"),
  /** A copy of the file in anonymous memory, huge pages asked for. */
  ANON("anon");

  private final String id;

  Pages(String id) {
    this.id = id;
  }

  /** The name on the command line. */
  public String id() {
    return id;
  }

  /** The choice with this name; an {@code IllegalArgumentException} lists them all. */
  public static Pages ofId(String id) {
    for (Pages pages : values()) {
      if (pages.id.equals(id)) {
        return pages;
      }
    }
    throw new IllegalArgumentException(
        "There is no way of pages " + id + ": choose auto, file, huge-file or anon.");
  }
}
