package dev.vtc.app;

import java.util.Locale;

/** Byte counts for people: decimal units, as disks and networks are sold. */
public final class Bytes {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Bytes() {}

  /** Three significant digits or more, such as {@code 98.4 MB}; whole bytes below 1000. */
  public static String human(long bytes) {
    double v = bytes;
    int unit = 0;
    while (Math.abs(v) >= 999.5 && unit < UNITS.length - 1) {
      v /= 1000;
      unit++;
    }
    String format = unit == 0 || v >= 99.95 ? "%.0f %s" : v >= 9.995 ? "%.1f %s" : "%.2f %s";
    return String.format(Locale.ROOT, format, v, UNITS[unit]);
  }
}
