package dev.vtc.tvl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory calls of Linux that Java has no word for. Every argument is checked by the callers in
 * this package; nothing here is used on another system (see {@link #AVAILABLE}).
 *
 * <p>All go through {@code syscall(2)}: making a method handle takes tens of milliseconds in a
 * fresh JVM, and so one serves for all. Numbers are those of {@code asm/unistd.h}, constants those
 * of {@code asm-generic}, which x86-64 and AArch64 share.
 */
final class LinuxMemory {
  private static final boolean X64 = System.getProperty("os.arch", "").equals("amd64");
  private static final boolean A64 = System.getProperty("os.arch", "").equals("aarch64");

  static final boolean AVAILABLE =
      System.getProperty("os.name", "").equals("Linux") && (X64 || A64);

  static final long HUGE_PAGE = 2L << 20;

  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MREMAP_MAYMOVE_FIXED = 3;
  private static final int MADV_HUGEPAGE = 14;
  private static final int MADV_COLLAPSE = 25;
  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 0x80000;
  private static final int POSIX_FADV_DONTNEED = 4;

  /** A system call with its number on both machines. */
  private enum Call {
    OPENAT(257, 56),
    CLOSE(3, 57),
    MMAP(9, 222),
    MUNMAP(11, 215),
    MPROTECT(10, 226),
    MREMAP(25, 216),
    MADVISE(28, 233),
    FADVISE(221, 223);

    final int number;

    Call(int x64, int a64) {
      number = X64 ? x64 : a64;
    }
  }

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle SYSCALL = syscall();

  private LinuxMemory() {}

  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
        Linker.Option.firstVariadicArg(1));
  }

  /** The result, or -1 for an error. */
  private static long call(Call call, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SYSCALL.invokeExact((long) call.number, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new IllegalStateException("A native call failed", t);
    }
  }

  private static long checked(Call call, long a, long b, long c, long d, long e, long f)
      throws IOException {
    long result = call(call, a, b, c, d, e, f);
    if (result == -1) {
      throw new IOException("The system refused " + call + " of " + b + " bytes.");
    }
    return result;
  }

  /** A file opened for {@link #mapFile} and {@link #dropFromCache}. */
  static int open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8).address();
      long fd = call(Call.OPENAT, AT_FDCWD, name, O_CLOEXEC, 0, 0, 0);
      if (fd < 0) {
        throw new IOException(path + " could not be opened.");
      }
      return (int) fd;
    }
  }

  static void close(int fd) {
    call(Call.CLOSE, fd, 0, 0, 0, 0, 0);
  }

  /** Address space of {@code bytes} bytes with nothing in it, at a multiple of 2 MiB. */
  static long reserve(long bytes) throws IOException {
    long whole = Math.addExact(bytes, HUGE_PAGE);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    long at = checked(Call.MMAP, 0, whole, PROT_NONE, flags, -1, 0);
    long aligned = Math.ceilDiv(at, HUGE_PAGE) * HUGE_PAGE;
    if (aligned > at) {
      unmap(at, aligned - at);
    }
    long rest = at + whole - (aligned + bytes);
    if (rest > 0) {
      unmap(aligned + bytes, rest);
    }
    return aligned;
  }

  /**
   * Puts the first {@code bytes} of a file in place of reserved address space, for reading.
   *
   * @param bytes a multiple of the page size
   */
  static void mapFile(long address, long bytes, int fd) throws IOException {
    checked(Call.MMAP, address, bytes, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
  }

  /** Puts zeroed memory in place of reserved address space. */
  static void mapAnonymous(long address, long bytes) throws IOException {
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS;
    checked(Call.MMAP, address, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  }

  /** Asks for huge pages from now on. Best effort. */
  static void adviseHuge(long address, long bytes) {
    call(Call.MADVISE, address, bytes, MADV_HUGEPAGE, 0, 0, 0);
  }

  /** Makes huge pages of what lies there, if the system can (Linux 6.1 and later). Best effort. */
  static void collapse(long address, long bytes) {
    call(Call.MADVISE, address, bytes, MADV_COLLAPSE, 0, 0, 0);
  }

  static void readOnly(long address, long bytes) throws IOException {
    checked(Call.MPROTECT, address, bytes, PROT_READ, 0, 0, 0);
  }

  /** Moves pages over other pages, in one step for whoever reads there. */
  static void moveOver(long from, long bytes, long to) throws IOException {
    checked(Call.MREMAP, from, bytes, bytes, MREMAP_MAYMOVE_FIXED, to, 0);
  }

  static void unmap(long address, long bytes) {
    if (call(Call.MUNMAP, address, bytes, 0, 0, 0, 0) != 0) {
      throw new IllegalStateException("The system refused to unmap " + bytes + " bytes.");
    }
  }

  /** Asks the system to forget its cached pages of a file that was flushed. Best effort. */
  static void dropFromCache(Path path) throws IOException {
    int fd = open(path);
    call(Call.FADVISE, fd, 0, 0, POSIX_FADV_DONTNEED, 0, 0);
    close(fd);
  }

  /** Bytes that this process may still take without harm, as the system says; 0 if it does not. */
  static long availableBytes() {
    long available = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          available = 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      Path limit = Path.of("/sys/fs/cgroup/memory.max");
      if (Files.exists(limit)) { // in a container
        String max = Files.readString(limit).strip();
        if (!max.equals("max")) {
          long used =
              Long.parseLong(Files.readString(Path.of("/sys/fs/cgroup/memory.current")).strip());
          available = Math.min(available, Long.parseLong(max) - used);
        }
      }
      return Math.max(0, available);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
