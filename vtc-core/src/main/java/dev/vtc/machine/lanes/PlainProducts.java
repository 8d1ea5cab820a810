package dev.vtc.machine.lanes;

import dev.vtc.asm.CodeRefusedException;
import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Multiplies and adds registers and does nothing else: how many operations a core does at all with
 * the instructions that a machine's kernels use. Owns its code; may be called from several threads.
 */
public final class PlainProducts implements AutoCloseable {
  /**
   * Sums side by side, so that none waits for the one before: four or five cycles of latency, two
   * instructions a cycle, one or more registers a sum.
   */
  private static final int SUMS = 12;

  /** Rounds of sums in a turn of the loop. */
  private static final int UNROLLED = 4;

  /** What is multiplied. */
  public enum Kind {
    /** Bytes, summed as integers: by dot product instructions where the machine uses them. */
    INT8,
    /** Single precision, fused multiply-add. */
    F32
  }

  private final ExecutableMemory code;

  /** Multiplications and additions of a round. */
  private final Map<Kind, Long> operations = new EnumMap<>(Kind.class);

  /**
   * Emits the code for a machine that this CPU supports.
   *
   * @throws CodeRefusedException where machine code is refused
   */
  public PlainProducts(LaneMachine machine) {
    LaneAssembler int8 = emit(machine, Kind.INT8);
    LaneAssembler f32 = emit(machine, Kind.F32);
    code = ExecutableMemory.load(int8.finish(), f32.finish());
  }

  private static String name(Kind kind) {
    return "plain products " + kind;
  }

  private LaneAssembler emit(LaneMachine machine, Kind kind) {
    LaneAssembler a = machine.backend().apply(name(kind));
    R rounds = a.arg(0);
    V x = a.vec("x");
    a.zero(x);
    V[] sums = new V[Math.min(SUMS, a.vectors() - 1)];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = a.vec("sum");
      a.zero(sums[i]);
    }
    long perRound = 0;
    Place head = a.place("round");
    a.bind(head);
    for (int i = 0; i < UNROLLED; i++) {
      for (V sum : sums) {
        perRound += step(a, kind, sum, x);
      }
    }
    a.add(rounds, -1);
    a.jumpIf(Compare.NE, rounds, 0, head);
    a.leave();
    operations.put(kind, perRound);
    return a;
  }

  private static int step(LaneAssembler a, Kind kind, V sum, V x) {
    return switch (kind) {
      case INT8 -> a.byteProducts(sum, x, x);
      case F32 -> {
        a.fma(sum, x, x);
        yield 2 * LaneAssembler.LANES;
      }
    };
  }

  /**
   * Runs the loop on this thread.
   *
   * @param rounds at least 1
   * @return the multiplications and additions that were made
   */
  public long run(Kind kind, long rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("Products of " + rounds + " rounds.");
    }
    MemorySegment function = MemorySegment.ofAddress(code.address(name(kind)));
    NativeCalls.call(function, rounds, 0, 0, 0, 0, 0);
    return rounds * Objects.requireNonNull(operations.get(kind));
  }

  @Override
  public void close() {
    code.close();
  }
}
