package dev.vtc.app.lab.measure;

import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.PlainProducts;
import dev.vtc.machine.lanes.PlainRead;
import dev.vtc.tvl.LazyMemory;
import dev.vtc.tvl.PagedMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * What this CPU can do at all, measured by code that does nothing else: reading memory, by number
 * of threads, size of pages and size of what is read again and again; and products of bytes and of
 * floats. Owns its code; used by one thread.
 */
public final class Ceilings implements AutoCloseable {
  /** The smallest working set of a thread. */
  public static final long SMALLEST = 16 << 10;

  private static final int RUNS = 5;

  /** The thread that measures is descheduled now and then; of several runs the best counts. */
  private final long leastNanos;

  private final PlainRead fetching;
  private final PlainRead plain;
  private final PlainProducts products;

  /**
   * How fast memory was read.
   *
   * @param bytes that each thread reads again and again, its own
   * @param hugePages whether pages of 2 MiB were asked for; else they were refused
   * @param hugeBytes what of the memory of all threads lies in such pages, -1 if it is not known
   * @param bytesPerSecond of all threads together, the better of both ways
   * @param fetchedAhead whether asking for memory ahead, as products do, was the better way
   */
  public record Reading(
      int threads,
      boolean hugePages,
      long bytes,
      long hugeBytes,
      double bytesPerSecond,
      boolean fetchedAhead) {}

  /**
   * How fast products are.
   *
   * @param operationsPerSecond multiplications and additions of all threads together
   */
  public record Peak(PlainProducts.Kind kind, int threads, double operationsPerSecond) {}

  /**
   * Emits the code.
   *
   * @param machine that this CPU supports
   * @param leastNanos how long a run lasts at the least
   */
  public Ceilings(LaneMachine machine, long leastNanos) {
    this.leastNanos = leastNanos;
    fetching = new PlainRead(machine);
    plain = new PlainRead(machine, false);
    products = new PlainProducts(machine);
  }

  /** Numbers of threads to measure: 1, 2, 4 and so on, and all. */
  public static List<Integer> threadCounts(int most) {
    List<Integer> counts = new ArrayList<>();
    for (int t = 1; t < most; t *= 2) {
      counts.add(t);
    }
    counts.add(most);
    return counts;
  }

  /**
   * Working sets of a thread to measure, in bytes: powers of two from {@link #SMALLEST} to the
   * largest that is wanted, and that all threads have room for in a third of the free memory.
   */
  public static List<Long> workingSets(long largest, int threads) {
    long room = LazyMemory.availableBytes() / 3 / threads;
    long most = room == 0 ? largest : Math.min(largest, room);
    List<Long> sizes = new ArrayList<>();
    for (long size = SMALLEST; size <= most || sizes.isEmpty(); size *= 2) {
      sizes.add(size);
    }
    return sizes;
  }

  /**
   * Reads.
   *
   * @param hugePages whether pages of 2 MiB are asked for, or refused
   * @param goOn asked before each reading
   * @param done told after each
   */
  public List<Reading> read(
      boolean hugePages, int mostThreads, List<Long> sizes, BooleanSupplier goOn, Runnable done)
      throws IOException {
    List<Reading> readings = new ArrayList<>();
    long largest = sizes.getLast();
    try (PagedMemory memory = new PagedMemory(largest * mostThreads, hugePages)) {
      memory.bytes().fill((byte) 1); // untouched, all of it would be the one page of zeros
      long huge = memory.hugeBytes();
      for (int threads : threadCounts(mostThreads)) {
        try (ThreadTeam team = new ThreadTeam(threads)) {
          for (long size : sizes) {
            if (!goOn.getAsBoolean()) {
              return readings;
            }
            double ahead = rate(team, fetching, memory.bytes(), size);
            double straight = rate(team, plain, memory.bytes(), size);
            readings.add(
                new Reading(
                    threads, hugePages, size, huge, Math.max(ahead, straight), ahead > straight));
            done.run();
          }
        }
      }
    }
    return readings;
  }

  private double rate(ThreadTeam team, PlainRead read, MemorySegment memory, long size) {
    return rate(times -> {
      team.run(thread -> read.read(memory.asSlice(thread * size, size), times));
      return times * size * team.threads();
    });
  }

  /** Multiplies. */
  public Peak peak(PlainProducts.Kind kind, int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      long[] operations = new long[threads];
      double rate =
          rate(rounds -> {
            team.run(thread -> operations[thread] = products.run(kind, rounds));
            return operations[0] * threads;
          });
      return new Peak(kind, threads, rate);
    }
  }

  /**
   * The best of several runs, in units a second.
   *
   * @param work does its work so many times, and says how many units that is
   */
  private double rate(LongUnaryOperator work) {
    long times = 1;
    while (true) {
      long start = System.nanoTime();
      long units = work.applyAsLong(times);
      long nanos = System.nanoTime() - start;
      if (nanos >= leastNanos) {
        return best(work, times, (double) units / nanos);
      }
      times = Math.max(2 * times, (long) (1.1 * times * leastNanos / Math.max(nanos, 1000)));
    }
  }

  private static double best(LongUnaryOperator work, long times, double first) {
    double best = first;
    for (int i = 1; i < RUNS; i++) {
      long start = System.nanoTime();
      long units = work.applyAsLong(times);
      best = Math.max(best, (double) units / (System.nanoTime() - start));
    }
    return 1e9 * best;
  }

  @Override
  public void close() {
    products.close();
    plain.close();
    fetching.close();
  }
}
