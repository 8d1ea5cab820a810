package dev.vtc.machine.lanes;

import dev.vtc.asm.NativeCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that ends where a page begins that nobody may touch: code that reads or writes one byte
 * too far ends the process. Ordinary memory where the system is not Linux.
 */
final class GuardedMemory implements AutoCloseable {
  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");
  private static final long PAGE = 65536; // a multiple of every page size that is met
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  private record Area(long address, long bytes) {}

  private final Arena arena = Arena.ofShared();
  private final List<Area> areas = new ArrayList<>();

  private static long call(String function, long a, long b, long c, long d) {
    MemorySegment f = Linker.nativeLinker().defaultLookup().find(function).orElseThrow();
    return NativeCalls.call(f, a, b, c, d, -1, 0);
  }

  /** Zeroed memory whose last byte is the last that may be touched. */
  MemorySegment allocate(long bytes) {
    if (!LINUX) {
      return arena.allocate(bytes, 64);
    }
    long room = Math.ceilDiv(bytes, PAGE) * PAGE;
    long at = call("mmap", 0, room + PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS);
    if (at == -1 || (int) call("mprotect", at + room, PAGE, 0, 0) != 0) {
      throw new IllegalStateException("No guarded memory of " + bytes + " bytes.");
    }
    areas.add(new Area(at, room + PAGE));
    return MemorySegment.ofAddress(at + room - bytes).reinterpret(bytes, arena, null);
  }

  @Override
  public void close() {
    arena.close();
    for (Area a : areas) {
      var _ = call("munmap", a.address, a.bytes, 0, 0);
    }
  }
}
