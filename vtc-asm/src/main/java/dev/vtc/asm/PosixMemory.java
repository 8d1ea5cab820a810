package dev.vtc.asm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** mmap, mprotect and munmap of Linux and macOS. */
final class PosixMemory implements MemoryCalls {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS_LINUX = 0x20;
  private static final int MAP_ANONYMOUS_MACOS = 0x1000;

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
  public long map(long bytes) {
    int anonymous = Platform.MACOS ? MAP_ANONYMOUS_MACOS : MAP_ANONYMOUS_LINUX;
    return NativeCalls.call(mmap, 0, bytes, 0, MAP_PRIVATE | anonymous, -1, 0);
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
