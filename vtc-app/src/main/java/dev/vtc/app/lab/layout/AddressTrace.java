package dev.vtc.app.lab.layout;

import dev.vtc.tvl.TvlFormat;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the loads of a product say of its layout: counted from the address sequence of the very
 * kernel that is timed, emitted on {@link TracingLanes}.
 *
 * @param loads instructions that load weights
 * @param loadedBytes of weights, a byte as often as it is loaded
 * @param splitLoads of them that reach over the end of a cache line
 * @param distinctBytes of weights that were loaded
 * @param distinctLines that hold them
 * @param lineFetches lines of weights that would be fetched into a cache of 32 KiB, fully
 *     associative, least recently used out, with the activations' and sums' lines beside them
 * @param windowBytes distinct bytes in each window of 64 loads, all windows together
 * @param windowLineBytes bytes of the lines touched in those windows
 * @param jumps loads of weights whose line is neither the last one's nor the next one
 * @param pages visits of 4 KiB pages that 64 remembered translations do not have
 * @param otherLoads instructions that load activations or sums
 * @param otherBytes that those load
 */
public record AddressTrace(
    long loads,
    long loadedBytes,
    long splitLoads,
    long distinctBytes,
    long distinctLines,
    long lineFetches,
    long windowBytes,
    long windowLineBytes,
    long jumps,
    long pages,
    long otherLoads,
    long otherBytes) {
  private static final int LINE = TvlFormat.LINE_BYTES;

  /** Lines of a first-level cache of 32 KiB. */
  private static final int CACHE_LINES = 512;

  /** Entries of a first-level data TLB, as of Zen 2 to 5, Skylake and Neoverse N1 about. */
  private static final int TRANSLATIONS = 64;

  private static final int WINDOW_LOADS = 64;
  private static final int PAGE_BITS = 12;

  /** Where the traced matrix begins: a huge page. Activations and sums lie before it. */
  private static final long MATRIX = 1L << 32;

  private static final long ACTIVATIONS = 1L << 30;
  private static final long SUMS = 1L << 31;

  /**
   * Traces a product.
   *
   * @param rows a multiple of 16
   * @param columns a multiple of 64
   */
  public static AddressTrace of(WeightFormat format, Variant variant, int rows, int columns) {
    Counter counter = new Counter(format.bytes(variant, rows, columns));
    TracingLanes kernel = new TracingLanes();
    if (variant == Variant.TVL_SIMD) {
      LayoutKernel.tile(kernel, format, columns);
      long panelBytes = format.tvl().panelBytes(columns);
      for (int p = 0; p < rows / TvlFormat.PANEL_ROWS; p++) {
        kernel.run(counter, MATRIX + p * panelBytes, ACTIVATIONS, SUMS + (long) p * LINE, 0);
      }
    } else {
      BaselineKernels.emit(kernel, format, variant, columns, rows * Float.BYTES);
      int units = variant.tvl() ? rows / TvlFormat.PANEL_ROWS : rows;
      kernel.run(counter, MATRIX, ACTIVATIONS, SUMS, units);
    }
    return counter.result();
  }

  /** Share of the bytes of all fetched lines that are used. */
  public double lineUse() {
    return (double) distinctBytes / (distinctLines * LINE);
  }

  /** The same within windows of 64 loads: what is used soon after it was fetched. */
  public double windowUse() {
    return (double) windowBytes / windowLineBytes;
  }

  /** How often a line is fetched. */
  public double fetchesPerLine() {
    return (double) lineFetches / distinctLines;
  }

  /** Share of the loads that need two lines. */
  public double splitShare() {
    return (double) splitLoads / loads;
  }

  /** Loads, of weights or others, for a KiB of weights. */
  public double loadsPerKib() {
    return 1024.0 * (loads + otherLoads) / distinctBytes;
  }

  /** Bytes of activations and sums loaded for each byte of weights. */
  public double otherBytesPerByte() {
    return (double) otherBytes / distinctBytes;
  }

  /** Jumps for a KiB of weights. */
  public double jumpsPerKib() {
    return 1024.0 * jumps / distinctBytes;
  }

  /** Translations of 4 KiB pages asked for in a MiB of weights. */
  public double pagesPerMib() {
    return (double) (1 << 20) * pages / distinctBytes;
  }

  /** The most recently used of something; counts what was not there. */
  private static final class Recent {
    private final Map<Long, Boolean> entries;
    private long missed;

    Recent(int capacity) {
      entries =
          new LinkedHashMap<>(2 * capacity, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > capacity;
            }
          };
    }

    void touch(long key, boolean counts) {
      if (entries.put(key, Boolean.TRUE) == null && counts) {
        missed++;
      }
    }
  }

  private static final class Counter implements TracingLanes.Listener {
    private final long bytes;
    private final BitSet used = new BitSet();
    private final BitSet window = new BitSet();
    private final Recent cache = new Recent(CACHE_LINES);
    private final Recent tlb = new Recent(TRANSLATIONS);
    private long loads;
    private long loadedBytes;
    private long split;
    private long windowBytes;
    private long windowLineBytes;
    private long jumps;
    private long otherLoads;
    private long otherBytes;
    private long lastLine;
    private int loadsOfWindow;

    Counter(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void load(long address, int count) {
      boolean weights = address >= MATRIX;
      if (weights && address + count > MATRIX + bytes) {
        throw new IllegalStateException("A kernel reads behind its matrix.");
      }
      long first = address / LINE;
      long last = (address + count - 1) / LINE;
      for (long line = first; line <= last; line++) {
        cache.touch(line, weights);
        tlb.touch((line * LINE) >> PAGE_BITS, weights);
      }
      if (!weights) {
        otherLoads++;
        otherBytes += count;
        return;
      }
      int at = Math.toIntExact(address - MATRIX);
      loads++;
      loadedBytes += count;
      if (last > first) {
        split++;
      }
      if (loads > 1 && (first < lastLine || first > lastLine + 1)) {
        jumps++;
      }
      lastLine = last;
      used.set(at, at + count);
      window.set(at, at + count);
      if (++loadsOfWindow == WINDOW_LOADS) {
        endWindow();
      }
    }

    private void endWindow() {
      windowBytes += window.cardinality();
      windowLineBytes += lines(window) * LINE;
      window.clear();
      loadsOfWindow = 0;
    }

    private static long lines(BitSet bytes) {
      long lines = 0;
      for (int at = bytes.nextSetBit(0); at >= 0; ) {
        lines++;
        at = bytes.nextSetBit((at / LINE + 1) * LINE);
      }
      return lines;
    }

    AddressTrace result() {
      endWindow();
      return new AddressTrace(
          loads,
          loadedBytes,
          split,
          used.cardinality(),
          lines(used),
          cache.missed,
          windowBytes,
          windowLineBytes,
          jumps,
          tlb.missed,
          otherLoads,
          otherBytes);
    }
  }
}
