package dev.vtc.machine.lanes;

import dev.vtc.asm.CodeRefusedException;
import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import java.lang.foreign.MemorySegment;

/**
 * Reads memory and does nothing else, with the loads that products use: how fast weights could be
 * read at all. Owns its code; may be called from several threads.
 */
public final class PlainRead implements AutoCloseable {
  /** Bytes of one round of the loop: what is read is a multiple of it. */
  public static final int ROUND = 512;

  private static final int LINE = 64;
  private static final int SUMS = 4;

  private final ExecutableMemory code;
  private final MemorySegment function;

  /**
   * Emits the code for a machine that this CPU supports, with the fetching ahead of products.
   *
   * @throws CodeRefusedException where machine code is refused
   */
  public PlainRead(LaneMachine machine) {
    this(machine, true);
  }

  /**
   * Emits the code for a machine that this CPU supports.
   *
   * @param fetchAhead whether memory is asked for ahead as products do: what lies in the nearest
   *     cache is read slower with it
   * @throws CodeRefusedException where machine code is refused
   */
  public PlainRead(LaneMachine machine, boolean fetchAhead) {
    LaneAssembler a = machine.backend().apply("plain read");
    R from = a.arg(0);
    R rounds = a.arg(1);
    R times = a.arg(2);
    R at = a.temp("at");
    R left = a.temp("rounds left");
    V[] sums = new V[SUMS];
    for (int i = 0; i < SUMS; i++) {
      sums[i] = a.vec("sum");
      a.zero(sums[i]);
    }
    V line = a.vec("line");
    Place again = a.place("again");
    Place head = a.place("round");
    a.bind(again);
    a.move(at, from);
    a.move(left, rounds);
    a.bind(head);
    if (fetchAhead) {
      a.fetchWeights(at, 0, ROUND / LINE, 1);
    }
    for (int i = 0; i < ROUND / LINE; i++) {
      a.load(line, at, i * LINE);
      a.or(sums[i % SUMS], sums[i % SUMS], line);
    }
    a.add(at, ROUND);
    a.add(left, -1);
    a.jumpIf(Compare.NE, left, 0, head);
    a.add(times, -1);
    a.jumpIf(Compare.NE, times, 0, again);
    a.leave();
    code = ExecutableMemory.load(a.finish());
    function = MemorySegment.ofAddress(code.address("plain read"));
  }

  /**
   * Reads every byte of a segment once.
   *
   * @param memory native, 64-byte aligned, a multiple of {@link #ROUND} long
   */
  public void read(MemorySegment memory) {
    read(memory, 1);
  }

  /**
   * Reads every byte of a segment, and then again.
   *
   * @param memory native, 64-byte aligned, a multiple of {@link #ROUND} long
   * @param times at least 1
   */
  public void read(MemorySegment memory, long times) {
    if (times < 1) {
      throw new IllegalArgumentException("A plain read of " + times + " times.");
    }
    if (!memory.isNative()
        || memory.address() % LINE != 0
        || memory.byteSize() % ROUND != 0
        || memory.byteSize() == 0) {
      throw new IllegalArgumentException(
          "A plain read takes native memory of whole rounds of " + ROUND + " bytes, not " + memory);
    }
    NativeCalls.call(function, memory.address(), memory.byteSize() / ROUND, times, 0, 0, 0);
  }

  @Override
  public void close() {
    code.close();
  }
}
