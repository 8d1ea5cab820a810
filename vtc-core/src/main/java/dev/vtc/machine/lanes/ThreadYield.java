package dev.vtc.machine.lanes;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** The C library's sched_yield, for threads that have spun long enough. */
final class ThreadYield {
  private ThreadYield() {}

  static MemorySegment function() {
    return Linker.nativeLinker()
        .defaultLookup()
        .find("sched_yield")
        .orElseThrow(() -> new IllegalStateException("The C library has no sched_yield."));
  }
}
