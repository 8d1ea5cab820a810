package dev.vtc.app.lab.measure;

import dev.vtc.machine.lanes.PlainProducts.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The roofs of a roofline plot, for one number of threads: what memory and caches deliver and what
 * the arithmetic does.
 *
 * @param memory bytes per second of a plain read of the model's weights where they lie
 * @param int8 operations per second of products of bytes
 * @param f32 operations per second of products of floats
 * @param levels bytes per second of the caches and of memory, by name, from readings
 */
public record Roofs(double memory, double int8, double f32, Map<String, Double> levels) {
  /** Share of a cache that a working set may have to be sure to lie in it. */
  private static final double SHARE = 0.5;

  /**
   * Picks roofs from measurements.
   *
   * @param threads those of the model's steps
   * @param weights the plain read of the weights
   * @param caches bytes by level, see {@link Caches}
   * @throws IllegalArgumentException when a peak of so many threads is missing
   */
  static Roofs of(
      int threads,
      double weights,
      List<Ceilings.Reading> readings,
      List<Ceilings.Peak> peaks,
      Map<Integer, Long> caches) {
    Map<String, Double> levels = new LinkedHashMap<>();
    List<Ceilings.Reading> mine = new ArrayList<>();
    for (Ceilings.Reading r : readings) {
      if (r.threads() == threads && r.hugePages()) {
        mine.add(r);
      }
    }
    caches.forEach((level, bytes) -> {
      // The third level belongs to all cores.
      double room = SHARE * bytes / (level < 3 ? 1 : threads);
      double best = 0;
      for (Ceilings.Reading r : mine) {
        boolean below = level == 1 || r.bytes() > SHARE * caches.getOrDefault(level - 1, 0L) * 4;
        if (r.bytes() <= room && below) {
          best = Math.max(best, r.bytesPerSecond());
        }
      }
      if (best > 0) {
        levels.put("L" + level, best);
      }
    });
    return new Roofs(
        weights, peak(peaks, Kind.INT8, threads), peak(peaks, Kind.F32, threads), levels);
  }

  private static double peak(List<Ceilings.Peak> peaks, Kind kind, int threads) {
    for (Ceilings.Peak p : peaks) {
      if (p.kind() == kind && p.threads() == threads) {
        return p.operationsPerSecond();
      }
    }
    throw new IllegalArgumentException("No peak of " + kind + " with " + threads + " threads.");
  }

  /** The least nanoseconds for so many bytes from memory and so many operations. */
  double nanos(long bytes, long operations, boolean bytesAreMultiplied) {
    double peak = bytesAreMultiplied ? int8 : f32;
    return 1e9 * Math.max(bytes / memory, operations / peak);
  }
}
