package dev.vtc.machine;

import dev.vtc.program.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Where the threads of a team spend a program's steps: for each thread and instruction the time in
 * its kernels, the time between them, and how often the thread claimed units. Given to {@link
 * Machine#compile}; every step adds to it. The two times together are all the time that a thread is
 * inside the step.
 *
 * <pre>
 * table of a thread, 128-byte aligned: a row an instruction
 * |  0 work 8 | wait 8 | claims 8 |      ticks, ticks, count
 * </pre>
 *
 * <p>Written by the threads of one executable, which keeps it alive; read and cleared by whoever
 * runs the steps, between two of them. Its memory, outside the Java heap, goes when nobody refers
 * to it any more.
 */
public final class Profile {
  /** Column of the time in kernels. */
  public static final int WORK = 0;

  /**
   * Column of the time outside kernels: claiming units, and waiting until those of all threads are
   * done.
   */
  public static final int WAIT = 8;

  /** Column of the number of claims. */
  public static final int CLAIMS = 16;

  private static final int ROW_BYTES = 24;

  /** No two threads write to one cache line, nor to two that are fetched together. */
  private static final int ALIGNMENT = 128;

  private final Program program;
  private final int threads;
  private final long tableBytes;
  private final MemorySegment memory;
  private double nanosPerTick = Double.NaN;

  /** An empty profile of a program that a team of so many threads will run. */
  public Profile(Program program, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("A profile of " + threads + " threads.");
    }
    this.program = program;
    this.threads = threads;
    tableBytes =
        Math.ceilDiv((long) program.instructions().size() * ROW_BYTES, ALIGNMENT) * ALIGNMENT;
    memory = Arena.ofAuto().allocate(tableBytes * threads, ALIGNMENT);
  }

  // ---- for machines ----

  /**
   * Says that an executable will write to this.
   *
   * @param nanosPerTick what a tick of its clock is
   * @throws IllegalArgumentException when it is not of this program or of this number of threads
   * @throws IllegalStateException when another executable writes to it
   */
  public void attach(Program of, int team, double nanosPerTick) {
    if (!of.equals(program)) {
      throw new IllegalArgumentException("A profile of another program.");
    }
    if (team != threads) {
      throw new IllegalArgumentException(
          "A profile of " + threads + " threads in an executable of " + team + ".");
    }
    if (!Double.isNaN(this.nanosPerTick)) {
      throw new IllegalStateException("Another executable writes to this profile.");
    }
    this.nanosPerTick = nanosPerTick;
  }

  /** The table that a thread adds to. */
  public MemorySegment table(int thread) {
    return memory.asSlice(Objects.checkIndex(thread, threads) * tableBytes, tableBytes);
  }

  /** Where an instruction's row begins in a table, in bytes. */
  public static long row(int instruction) {
    return (long) instruction * ROW_BYTES;
  }

  /** Adds to a column; a claim, too, where it is {@link #WORK}. */
  public void add(int thread, int instruction, int column, long ticks) {
    long row = at(thread, instruction);
    memory.set(ValueLayout.JAVA_LONG, row + column, get(row + column) + ticks);
    if (column == WORK) {
      memory.set(ValueLayout.JAVA_LONG, row + CLAIMS, get(row + CLAIMS) + 1);
    }
  }

  // ---- for readers ----

  /** The program whose instructions are measured. */
  public Program program() {
    return program;
  }

  /** Threads of the team. */
  public int threads() {
    return threads;
  }

  /** Nanoseconds that a thread has spent in an instruction's kernels. */
  public double workNanos(int thread, int instruction) {
    return nanos(at(thread, instruction) + WORK);
  }

  /** Nanoseconds that a thread has spent claiming and waiting at an instruction. */
  public double waitNanos(int thread, int instruction) {
    return nanos(at(thread, instruction) + WAIT);
  }

  /** How often a thread claimed units of an instruction. */
  public long claims(int thread, int instruction) {
    return get(at(thread, instruction) + CLAIMS);
  }

  /**
   * Nanoseconds from the moment the instruction before was done until this one is: work and wait of
   * all threads over their number.
   */
  public double nanos(int instruction) {
    double sum = 0;
    for (int t = 0; t < threads; t++) {
      sum += workNanos(t, instruction) + waitNanos(t, instruction);
    }
    return sum / threads;
  }

  /** Forgets what was added. */
  public void clear() {
    memory.fill((byte) 0);
  }

  private double nanos(long offset) {
    long ticks = get(offset);
    if (Double.isNaN(nanosPerTick)) {
      throw new IllegalStateException("No executable was compiled with this profile.");
    }
    return ticks * nanosPerTick;
  }

  private long get(long offset) {
    return memory.get(ValueLayout.JAVA_LONG, offset);
  }

  private long at(int thread, int instruction) {
    return Objects.checkIndex(thread, threads) * tableBytes
        + row(Objects.checkIndex(instruction, program.instructions().size()));
  }
}
