package dev.vtc.tvl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory calls of Linux that Java has no word for. Every argument is checked by the callers in
 * this package; nothing here is used on another system (see {@link #AVAILABLE}).
 *
 * <p>All are called through one method handle of six longs: linking a shape of call takes tens of
 * milliseconds in a fresh JVM, and the machines call their code in the same shape, so that it is
 * linked once. In the calling conventions of x86-64 and AArch64 a function ignores argument
 * registers that it does not declare, and a narrower argument is the low part of its register.
 *
 * <p>Constants are those of {@code asm-generic}, which both machines share.
 */
final class LinuxMemory {
  static final boolean AVAILABLE =
      System.getProperty("os.name", "").equals("Linux")
          && switch (System.getProperty("os.arch", "")) {
            case "amd64", "aarch64" -> true;
            default -> false;
          };

  static final long HUGE_PAGE = 2L << 20;

  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MREMAP_MAYMOVE_FIXED = 3;
  private static final int MADV_RANDOM = 1;
  private static final int MADV_HUGEPAGE = 14;
  private static final int MADV_NOHUGEPAGE = 15;
  private static final int MADV_POPULATE_READ = 22;
  private static final int MADV_COLLAPSE = 25;
  private static final int O_CLOEXEC = 0x80000;
  private static final int POSIX_FADV_DONTNEED = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private static final Function MMAP = new Function("mmap");
  private static final Function MUNMAP = new Function("munmap");
  private static final Function MADVISE = new Function("madvise");
  private static final Function OPEN = new Function("open");
  private static final Function CLOSE = new Function("close");

  /** Functions that few runs need, looked up when one does. */
  private static final class Rare {
    static final Function MPROTECT = new Function("mprotect");
    static final Function MREMAP = new Function("mremap");
    static final Function FADVISE = new Function("posix_fadvise");
  }

  private LinuxMemory() {}

  /** A function of the C library. */
  private record Function(String name, MemorySegment address) {
    Function(String name) {
      this(name, LINKER.defaultLookup().findOrThrow(name));
    }

    long call(long a, long b, long c, long d, long e, long f) {
      try {
        return (long) CALL.invokeExact(address, a, b, c, d, e, f);
      } catch (Throwable t) {
        throw new IllegalStateException("A native call failed", t);
      }
    }

    /** Calls a function that returns an int, -1 in case of an error. */
    int callInt(long a, long b, long c, long d) {
      return (int) call(a, b, c, d, 0, 0);
    }
  }

  private static void checked(Function function, int result, long bytes) throws IOException {
    if (result != 0) {
      throw new IOException("The system refused " + function.name + " of " + bytes + " bytes.");
    }
  }

  /** A file opened for {@link #mapFile} and {@link #dropFromCache}. */
  static int open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8).address();
      int fd = OPEN.callInt(name, O_CLOEXEC, 0, 0);
      if (fd < 0) {
        throw new IOException(path + " could not be opened.");
      }
      return fd;
    }
  }

  static void close(int fd) {
    var _ = CLOSE.callInt(fd, 0, 0, 0);
  }

  /** Address space of {@code bytes} bytes with nothing in it, at a multiple of 2 MiB. */
  static long reserve(long bytes) throws IOException {
    long whole = Math.addExact(bytes, HUGE_PAGE);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    long at = mmap(0, whole, PROT_NONE, flags, -1);
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
    var _ = mmap(address, bytes, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd);
  }

  /** Puts zeroed memory in place of reserved address space. */
  static void mapAnonymous(long address, long bytes) throws IOException {
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS;
    var _ = mmap(address, bytes, PROT_READ | PROT_WRITE, flags, -1);
  }

  /** Fresh zeroed memory of small pages, none of which is there before it is touched. */
  static MemorySegment anonymous(Arena arena, long bytes) throws IOException {
    long at = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    return MemorySegment.ofAddress(at).reinterpret(bytes, arena, m -> unmap(m.address(), bytes));
  }

  /** Asks for huge pages from now on; false when the system has none. */
  static boolean adviseHuge(long address, long bytes) {
    return MADVISE.callInt(address, bytes, MADV_HUGEPAGE, 0) == 0;
  }

  /** Asks for small pages, whatever the system's setting; false when it has no huge ones. */
  static boolean adviseSmall(long address, long bytes) {
    return MADVISE.callInt(address, bytes, MADV_NOHUGEPAGE, 0) == 0;
  }

  /**
   * Asks for a file to be read one huge page at a time, with no reading ahead: what is read ahead
   * on behalf of another process that read a little comes in small pages. Seen on Linux 6.18 and
   * ext4, 96 MB of which an earlier process had read 4: 61 MB in huge pages with reading ahead, 94
   * without, and 52 ms instead of 60 for reading all. Only for memory where {@link #adviseHuge}
   * returned true.
   */
  static void adviseNoReadAhead(long address, long bytes) {
    // Since 5.18 a fault in such memory reads 2 MiB whatever else is asked; before, it would read
    // one small page.
    String version = System.getProperty("os.version", "");
    int dot = version.indexOf('.');
    if (dot > 0 && (dot > 1 || version.charAt(0) >= '6')) {
      var _ = MADVISE.callInt(address, bytes, MADV_RANDOM, 0);
    }
  }

  /** Brings in what lies there as if it were read (Linux 5.14 and later). Best effort. */
  static void populate(long address, long bytes) {
    var _ = MADVISE.callInt(address, bytes, MADV_POPULATE_READ, 0);
  }

  /** Makes huge pages of what lies there, if the system can (Linux 6.1 and later). Best effort. */
  static void collapse(long address, long bytes) {
    var _ = MADVISE.callInt(address, bytes, MADV_COLLAPSE, 0);
  }

  static void readOnly(long address, long bytes) throws IOException {
    checked(Rare.MPROTECT, Rare.MPROTECT.callInt(address, bytes, PROT_READ, 0), bytes);
  }

  /** Moves pages over other pages, in one step for whoever reads there. */
  static void moveOver(long from, long bytes, long to) throws IOException {
    long moved = Rare.MREMAP.call(from, bytes, bytes, MREMAP_MAYMOVE_FIXED, to, 0);
    checked(Rare.MREMAP, moved == to ? 0 : -1, bytes);
  }

  private static long mmap(long address, long bytes, int protection, int flags, int fd)
      throws IOException {
    long at = MMAP.call(address, bytes, protection, flags, fd, 0);
    checked(MMAP, at == -1 ? -1 : 0, bytes);
    return at;
  }

  static void unmap(long address, long bytes) {
    if (MUNMAP.callInt(address, bytes, 0, 0) != 0) {
      throw new IllegalStateException("The system refused to unmap " + bytes + " bytes.");
    }
  }

  /** Asks the system to forget its cached pages of a file that was flushed. Best effort. */
  static void dropFromCache(Path path) throws IOException {
    int fd = open(path);
    var _ = Rare.FADVISE.callInt(fd, 0, 0, POSIX_FADV_DONTNEED);
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
