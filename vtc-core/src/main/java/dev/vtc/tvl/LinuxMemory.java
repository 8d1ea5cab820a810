package dev.vtc.tvl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The memory calls of Linux that Java has no word for. Every argument is checked by the callers in
 * this package; nothing here is used on another system (see {@link #AVAILABLE}).
 *
 * <p>Constants are those of {@code asm-generic}, which x86-64 and AArch64 share.
 */
final class LinuxMemory {
  static final boolean AVAILABLE =
      System.getProperty("os.name", "").equals("Linux") && ValueLayout.ADDRESS.byteSize() == 8;

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
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int POSIX_FADV_DONTNEED = 4;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle MMAP =
      call("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(INT, LONG, LONG));
  private static final MethodHandle MADVISE =
      call("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));

  private LinuxMemory() {}

  /** Handles that few runs need, made when one does. */
  private static final class Rare {
    static final MethodHandle OPEN =
        LINKER.downcallHandle(
            LIBC.findOrThrow("open"),
            FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(INT, INT));
    static final MethodHandle FADVISE =
        call("posix_fadvise", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
    static final MethodHandle MPROTECT =
        call("mprotect", FunctionDescriptor.of(INT, LONG, LONG, INT));
    static final MethodHandle MREMAP =
        call("mremap", FunctionDescriptor.of(LONG, LONG, LONG, LONG, INT, LONG));
  }

  private static MethodHandle call(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), type, Linker.Option.captureCallState("errno"));
  }

  /** A file opened for {@link #mapFile} and {@link #dropFromCache}. */
  static int open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      int fd = (int) Rare.OPEN.invokeExact(state, name, O_RDONLY_CLOEXEC);
      return (int) checked("open", fd, state);
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) Rare.CLOSE.invokeExact(arena.allocate(STATE), fd);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
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
    mmap(address, bytes, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd);
  }

  /** Puts zeroed memory in place of reserved address space. */
  static void mapAnonymous(long address, long bytes) throws IOException {
    mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1);
  }

  /** Asks for huge pages; false when the system refuses. */
  static boolean adviseHuge(long address, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return (int) MADVISE.invokeExact(state, address, bytes, MADV_HUGEPAGE) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void readOnly(long address, long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      checked("mprotect", (int) Rare.MPROTECT.invokeExact(state, address, bytes, PROT_READ), state);
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  /** Moves pages over other pages, in one step for whoever reads there. */
  static void moveOver(long from, long bytes, long to) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      checked(
          "mremap",
          (long) Rare.MREMAP.invokeExact(state, from, bytes, bytes, MREMAP_MAYMOVE_FIXED, to),
          state);
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  static void unmap(long address, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) MUNMAP.invokeExact(arena.allocate(STATE), address, bytes);
      if (failed != 0) {
        throw new IllegalStateException("munmap failed");
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks the system to forget its cached pages of a file that was flushed. */
  static void dropFromCache(Path path) throws IOException {
    int fd = open(path);
    try (Arena arena = Arena.ofConfined()) {
      int _ =
          (int) Rare.FADVISE.invokeExact(arena.allocate(STATE), fd, 0L, 0L, POSIX_FADV_DONTNEED);
    } catch (Throwable e) {
      throw asIo(e);
    } finally {
      close(fd);
    }
  }

  private static long mmap(long address, long bytes, int protection, int flags, int fd)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return checked(
          "mmap", (long) MMAP.invokeExact(state, address, bytes, protection, flags, fd, 0L), state);
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  private static long checked(String call, long result, MemorySegment state) throws IOException {
    if (result == -1) {
      throw new IOException(call + " failed with error " + (int) ERRNO.get(state, 0L));
    }
    return result;
  }

  private static IOException asIo(Throwable e) {
    return e instanceof IOException io ? io : new IOException("A system call failed", e);
  }
}
