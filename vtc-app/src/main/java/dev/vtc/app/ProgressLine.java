package dev.vtc.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * A progress bar with speed and remaining time on a terminal; elsewhere (a log, a pipe) a plain
 * line every ten percent, at most one a second.
 */
public final class ProgressLine implements Progress {
  private static final long REDRAW_NANOS = 100_000_000L;

  private final PrintStream err;
  private final boolean tty;
  private final boolean color;
  private final boolean unicode;
  private final String label;
  private final boolean bytes;
  private final int width;

  private long total = -1;
  private long before;
  private long done;
  private long startNanos;
  private long shownNanos;
  private int shownTenth;
  private boolean started;

  /**
   * @param label what is going on, a few words
   * @param bytes whether the numbers are bytes; otherwise they are shown as they are, without a
   *     speed
   */
  public ProgressLine(Terminal terminal, String label, boolean bytes) {
    this.err = terminal.err();
    this.tty = terminal.errTty();
    this.color = terminal.color();
    this.unicode = terminal.unicode();
    this.label = label;
    this.bytes = bytes;
    this.width = tty ? columns() : 0;
  }

  @Override
  public void start(long total, long done) {
    this.total = total;
    this.before = done;
    this.done = done;
    startNanos = System.nanoTime();
    shownNanos = startNanos - REDRAW_NANOS;
    shownTenth = total > 0 ? (int) (10 * done / total) : 0;
    started = true;
    if (tty) {
      draw();
    } else {
      err.println(
          label
              + (total > 0 ? ": " + amount(total) : "")
              + (done > 0 ? ", resumed at " + amount(done) : ""));
    }
  }

  @Override
  public void update(long done) {
    if (!started) {
      start(-1, 0);
    }
    this.done = done;
    long now = System.nanoTime();
    if (tty) {
      if (now - shownNanos >= REDRAW_NANOS || done == total) {
        shownNanos = now;
        draw();
      }
      return;
    }
    int tenth = total > 0 ? (int) (10 * done / total) : 0;
    if (tenth > shownTenth && (now - shownNanos >= 1_000_000_000L || done == total)) {
      shownTenth = tenth;
      shownNanos = now;
      err.println(label + ": " + 10 * tenth + " %" + speed());
    }
  }

  /** Ends the line before {@link #close} does, for what is printed next. */
  public void end() {
    if (started && tty) {
      draw();
      err.println();
      err.flush();
    }
    started = false;
  }

  @Override
  public void close() {
    end();
  }

  private void draw() {
    StringBuilder tail = new StringBuilder();
    if (total > 0) {
      tail.append(String.format(Locale.ROOT, " %3d %%  ", 100 * Math.min(done, total) / total));
      tail.append(bytes ? amount(done) + " of " + amount(total) : done + " of " + total);
    } else {
      tail.append("  ").append(amount(done));
    }
    tail.append(speed());
    int room = width - 1 - label.length() - 1 - tail.length();
    StringBuilder line = new StringBuilder("\r").append(label).append(' ');
    if (total > 0 && room >= 8) {
      int bar = Math.min(room, 40);
      int filled = (int) (bar * Math.min(done, total) / total);
      line.append(color ? "\u001b[36m" : "")
          .append((unicode ? "━" : "=").repeat(filled))
          .append(color ? "\u001b[2m" : "")
          .append((unicode ? "─" : "-").repeat(bar - filled))
          .append(color ? "\u001b[0m" : "");
    }
    line.append(tail);
    // The rest of an earlier, longer line is erased.
    line.append("\u001b[K");
    err.print(line);
    err.flush();
  }

  private String speed() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    if (!bytes || seconds < 0.2 || done <= before) {
      return "";
    }
    double perSecond = (done - before) / seconds;
    String text = "  " + amount((long) perSecond) + "/s";
    if (total > done && seconds > 1) {
      text +=
          "  " + clock(Duration.ofSeconds((long) Math.ceil((total - done) / perSecond))) + " left";
    }
    return text;
  }

  private String amount(long n) {
    return bytes ? Bytes.human(n) : Long.toString(n);
  }

  private static String clock(Duration d) {
    long s = d.toSeconds();
    return s >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
  }

  /** Columns of the terminal: asked of {@code stty} (Java has no other way), 80 when that fails. */
  private static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new java.io.File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(
              stty.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
      String[] parts = answer.strip().split(" ", -1);
      int columns = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
      return columns >= 20 ? columns : 80;
    } catch (java.io.IOException | NumberFormatException e) {
      return 80;
    }
  }
}
