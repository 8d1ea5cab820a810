package dev.vtc.asm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * mmap, mprotect and munmap of Linux and macOS.
 *
 * <p>On macOS an Apple CPU executes no page that is writable as well, and a process with a hardened
 * runtime executes memory that it has written only where this was mapped with MAP_JIT. Such memory
 * can be made writable and executable at once, for each thread the one or the other by {@code
 * pthread_jit_write_protect_np}; that way is closed to Java, since the virtual machine keeps its
 * own code in such memory, so that a thread that may write there can no longer run Java. But memory
 * mapped with MAP_JIT and without access may be made writable, and then executable, by mprotect
 * like any other: xnu's vm_map_protect refuses that only while it is both at once.
 *
 * <p>Sources: Apple's sys/mman.h; xnu, osfmk/vm/vm_map.c; "Porting just-in-time compilers to Apple
 * silicon". It has not been run on a Mac.
 */
final class PosixMemory implements MemoryCalls {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS_LINUX = 0x20;
  private static final int MAP_ANONYMOUS_MACOS = 0x1000;
  private static final int MAP_JIT_MACOS = 0x800;

  private final MemorySegment mmap = function("mmap");
  private final MemorySegment mprotect = function("mprotect");
  private final MemorySegment munmap = function("munmap");

  private static MemorySegment function(String name) {
    Optional<MemorySegment> found = NativeCalls.find(name);
    if (found.isEmpty()) {
      throw new CodeRefusedException(
          "machine code needs Linux or macOS: the C library of this "
              + Platform.OS_NAME
              + " has no "
              + name);
    }
    return found.get();
  }

  /** 64 KiB on AArch64, where pages are 4, 16 or 64 KiB; x86-64 has 4 KiB. */
  @Override
  public long pageBytes() {
    return Platform.AARCH64 ? 65536 : 4096;
  }

  @Override
  public List<Mapping> mappings() {
    return Platform.MACOS ? List.of(Mapping.PLAIN, Mapping.JIT) : List.of(Mapping.PLAIN);
  }

  @Override
  public long map(long bytes, Mapping mapping) {
    return NativeCalls.call(mmap, 0, bytes, 0, flags(Platform.MACOS, mapping), -1, 0);
  }

  /** The flags of mmap. */
  static int flags(boolean macos, Mapping mapping) {
    int flags = MAP_PRIVATE | (macos ? MAP_ANONYMOUS_MACOS : MAP_ANONYMOUS_LINUX);
    return flags | (mapping == Mapping.JIT ? MAP_JIT_MACOS : 0);
  }

  @Override
  public boolean protect(long address, long bytes, Access access) {
    int protection =
        switch (access) {
          case NONE -> 0;
          case READ_WRITE -> PROT_READ | PROT_WRITE;
          case READ_EXECUTE -> PROT_READ | PROT_EXEC;
        };
    return (int) NativeCalls.call(mprotect, address, bytes, protection, 0, 0, 0) == 0;
  }

  @Override
  public void unmap(long address, long bytes) {
    NativeCalls.call(munmap, address, bytes, 0, 0, 0, 0);
  }

  @Override
  public void write(long address, byte[] code) {
    MemorySegment to = MemorySegment.ofAddress(address).reinterpret(code.length);
    MemorySegment.copy(code, 0, to, JAVA_BYTE, 0, code.length);
  }
}
