package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.MachineCode;
import dev.vtc.asm.NativeCalls;
import dev.vtc.asm.x64.Gp;
import dev.vtc.asm.x64.X64Assembler;
import dev.vtc.asm.x64.Zmm;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.PlainProducts;
import dev.vtc.machine.lanes.PlainProducts.Kind;
import dev.vtc.machine.lanes.PlainRead;
import dev.vtc.machine.registry.Machines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a core can do at all, measured by code that does nothing else: reading memory, and dot
 * products of bytes (AVX-512 VNNI). Kernels are compared with it.
 */
final class Yardsticks implements AutoCloseable {
  /** Bytes that a thread of a team reads at a time. */
  static final int SLICE = 1 << 18;

  private static final int ACCUMULATORS = 16;

  /** Multiplications and additions of one 512-bit vpdpbusd. */
  private static final int OPERATIONS = 16 * 4 * 2;

  private static final String DOTS = "dots";

  private static final int ROUNDS = 2_000_000;

  private final ExecutableMemory code;
  private final PlainRead read = new PlainRead(machine());
  private final PlainProducts products = new PlainProducts(machine());

  Yardsticks() {
    code = ExecutableMemory.load(dots());
  }

  /** {@code dots(count, address)}: independent vpdpbusd, the second factor from memory. */
  private static MachineCode dots() {
    X64Assembler a = new X64Assembler(DOTS, X64Assembler.Vectors.AVX512);
    Gp count = a.arg(0);
    Gp from = a.arg(1);
    Zmm x = a.zmm("x");
    a.vpxord(x, x, x);
    Zmm[] sums = a.zmms("sums", ACCUMULATORS);
    for (Zmm s : sums) {
      a.vpxord(s, s, s);
    }
    a.loopDown(
        count,
        () -> {
          for (int i = 0; i < sums.length; i++) {
            a.vpdpbusd(sums[i], x, a.mem(from, 4 * i).bcst());
          }
        });
    a.leave();
    return a.finish();
  }

  private static LaneMachine machine() {
    if (Machines.choose(null, CpuFeatures.detect()) instanceof LaneMachine lanes) {
      return lanes;
    }
    throw new IllegalStateException("Only a machine that emits code is measured here.");
  }

  /** Bytes per second at which the team reads a segment, 64-byte aligned. */
  double readRate(MemorySegment segment, ThreadTeam team) {
    List<MemorySegment> slices = new ArrayList<>();
    for (long at = 0; at + SLICE <= segment.byteSize(); at += SLICE) {
      slices.add(segment.asSlice(at, SLICE));
    }
    return (double) slices.size() * SLICE / Seconds.best(5, reading(slices, team));
  }

  /**
   * A task that reads segments once, each by one thread of a team.
   *
   * @param segments as {@link PlainRead#read(MemorySegment)} takes them
   */
  Runnable reading(List<MemorySegment> segments, ThreadTeam team) {
    AtomicInteger next = new AtomicInteger();
    ThreadTeam.Task task =
        _ -> {
          for (int s; (s = next.getAndIncrement()) < segments.size(); ) {
            read.read(segments.get(s));
          }
        };
    return () -> {
      next.set(0);
      team.run(task);
    };
  }

  /** Operations per second of one core's products of bytes in registers. */
  double peak() {
    long operations = products.run(Kind.INT8, ROUNDS);
    return operations / Seconds.best(5, () -> products.run(Kind.INT8, ROUNDS));
  }

  /**
   * As {@link #peak}, with one factor broadcast from the cache, as a product with an activation
   * needs.
   */
  double peakWithBroadcast() {
    try (Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(64, 64).address();
      double seconds =
          Seconds.best(5, () -> NativeCalls.call(code.address(DOTS), ROUNDS, data, 0, 0, 0, 0));
      return (double) ROUNDS * ACCUMULATORS * OPERATIONS / seconds;
    }
  }

  @Override
  public void close() {
    products.close();
    read.close();
    code.close();
  }
}
