package dev.vtc.machine.lanes;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.lanes.LaneAssembler.R;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How long a tick of {@link LaneAssembler#ticks} is. */
final class TickClock {
  /**
   * Over what time the two clocks are compared. They are read up to some microseconds apart, at
   * either end: less than a ten-thousandth of this.
   */
  private static final long NANOS = 60_000_000;

  /** Pairs of readings at either end, of which the closest counts. */
  private static final int READINGS = 20;

  private final MemorySegment function;
  private final MemorySegment out;

  private TickClock(MemorySegment function, MemorySegment out) {
    this.function = function;
    this.out = out;
  }

  /** Nanoseconds of a tick, measured against {@link System#nanoTime}; takes 60 ms. */
  static double nanosPerTick(Kernels.Backend backend) {
    LaneAssembler a = backend.assembler("ticks");
    R at = a.arg(0);
    R time = a.temp("time");
    a.ticks(time);
    a.store64(at, 0, time);
    a.leave();
    try (ExecutableMemory code = ExecutableMemory.load(a.finish());
        Arena arena = Arena.ofConfined()) {
      MemorySegment function = MemorySegment.ofAddress(code.address("ticks"));
      TickClock clock = new TickClock(function, arena.allocate(ValueLayout.JAVA_LONG));
      Reading first = clock.read();
      while (System.nanoTime() - first.nanos < NANOS) {
        Thread.onSpinWait();
      }
      Reading last = clock.read();
      return (double) (last.nanos - first.nanos) / (last.ticks - first.ticks);
    }
  }

  private record Reading(long nanos, long ticks) {}

  /** Both clocks at one moment: of several tries the one that took the least time. */
  private Reading read() {
    long shortest = Long.MAX_VALUE;
    Reading best = new Reading(0, 0);
    for (int i = 0; i < READINGS; i++) {
      long before = System.nanoTime();
      NativeCalls.call(function, out.address(), 0, 0, 0, 0, 0);
      long took = System.nanoTime() - before;
      if (took < shortest) {
        shortest = took;
        best = new Reading(before + took / 2, out.get(ValueLayout.JAVA_LONG, 0));
      }
    }
    return best;
  }
}
