package dev.vtc.tvl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The memory of a packed model: a file mapped for reading, or anonymous memory.
 *
 * <p>Owns the memory: {@link #close} gives it back, and every segment of it dies. To be closed by
 * one thread when no other is reading.
 */
final class Mapping implements AutoCloseable {
  // The usual page of every system this runs on divides it; mapped ends are rounded up to it.
  private static final long ROUND = LinuxMemory.HUGE_PAGE;

  /** Whether the calls of {@link LinuxMemory} can be made; a JVM may be told to refuse them. */
  static final boolean NATIVE = isNative();

  private static final long COPY_BYTES = 16 * ROUND;

  private final Arena arena;
  private final MemorySegment bytes;
  private volatile Pages pages;

  private Mapping(Arena arena, MemorySegment bytes, Pages pages) {
    this.arena = arena;
    this.bytes = bytes;
    this.pages = pages;
  }

  private static boolean isNative() {
    try {
      return LinuxMemory.AVAILABLE;
    } catch (LinkageError e) {
      return false;
    }
  }

  /** Makes a call of each kind, so that the first mapping need not wait for their linking. */
  static void prepare() {
    try {
      if (NATIVE) {
        LinuxMemory.unmap(LinuxMemory.reserve(ROUND), ROUND);
      }
    } catch (IOException | RuntimeException e) {
      // Met again, and said, when a file is mapped.
    }
  }

  /**
   * Maps a file.
   *
   * @param size of the file, in bytes, at least 1
   */
  static Mapping ofFile(Path path, long size, Pages wanted) throws IOException {
    Pages pages = wanted == Pages.AUTO ? Pages.HUGE_FILE : wanted;
    if (pages != Pages.FILE && NATIVE) {
      try {
        return pages == Pages.ANON ? copied(path, size) : aligned(path, size);
      } catch (IOException e) {
        // What the file has in store is had in small pages as well; pages() tells.
      }
    }
    Arena arena = arena();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new Mapping(arena, mapped, Pages.FILE);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Zeroed memory at a multiple of 2 MiB, huge pages asked for where the system knows them. */
  static Mapping anonymous(long size) throws IOException {
    return anonymous(size, true);
  }

  /**
   * Zeroed memory at a multiple of 2 MiB.
   *
   * @param huge whether huge pages are asked for, or forbidden
   */
  static Mapping anonymous(long size, boolean huge) throws IOException {
    if (NATIVE) {
      long room = Math.ceilDiv(size, ROUND) * ROUND;
      long at = LinuxMemory.reserve(room);
      try {
        LinuxMemory.mapAnonymous(at, room);
      } catch (IOException e) {
        LinuxMemory.unmap(at, room);
        throw e;
      }
      var _ = huge ? LinuxMemory.adviseHuge(at, room) : LinuxMemory.adviseSmall(at, room);
      return own(at, room, size, Pages.ANON);
    }
    Arena arena = arena();
    return new Mapping(arena, arena.allocate(size, LinuxMemory.HUGE_PAGE), Pages.ANON);
  }

  private static Mapping aligned(Path path, long size) throws IOException {
    long room = Math.ceilDiv(size, ROUND) * ROUND;
    int fd = LinuxMemory.open(path);
    try {
      long at = LinuxMemory.reserve(room);
      try {
        LinuxMemory.mapFile(at, room, fd);
      } catch (IOException e) {
        LinuxMemory.unmap(at, room);
        throw e;
      }
      if (LinuxMemory.adviseHuge(at, room)) {
        LinuxMemory.adviseNoReadAhead(at, room);
      }
      return own(at, room, size, Pages.HUGE_FILE);
    } finally {
      LinuxMemory.close(fd);
    }
  }

  private static Mapping copied(Path path, long size) throws IOException {
    Mapping to = anonymous(size);
    try (Mapping from = ofFile(path, size, Pages.FILE)) {
      to.bytes.copyFrom(from.bytes);
      return to;
    } catch (IOException | RuntimeException e) {
      to.close();
      throw e;
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or by the caller that failed
  private static Arena arena() {
    return Arena.ofShared();
  }

  /**
   * Brings the file in before it is asked for, if it takes no more than half of the memory that is
   * there. Addresses stay, and others may read meanwhile.
   *
   * @param goOn asked every 32 MiB
   */
  void prefault(BooleanSupplier goOn) {
    long at = bytes.address();
    if (!NATIVE || pages == Pages.ANON || at % LinuxMemory.HUGE_PAGE != 0) {
      return;
    }
    if (bytes.byteSize() > LinuxMemory.availableBytes() / 2) {
      return;
    }
    for (long done = 0; done < bytes.byteSize() && goOn.getAsBoolean(); done += COPY_BYTES) {
      LinuxMemory.populate(at + done, Math.min(COPY_BYTES, bytes.byteSize() - done));
    }
  }

  /**
   * Sees to huge pages for a file that was mapped and read, where reading did not bring them: asks
   * the system to make some; else moves the bytes into anonymous huge pages, if there is memory to
   * spare. Addresses stay, and others may go on reading meanwhile. Takes about the time of reading
   * the file once; to be called once, in the background.
   */
  void improve() throws IOException {
    if (!NATIVE || pages == Pages.ANON || mostlyHuge()) {
      return;
    }
    long at = bytes.address();
    if (at % LinuxMemory.HUGE_PAGE != 0) {
      return; // mapped by another way, which has its reason
    }
    long room = Math.ceilDiv(bytes.byteSize(), ROUND) * ROUND;
    LinuxMemory.collapse(at, room);
    // Half as much again, so that the copy does not drive out what others need.
    if (!mostlyHuge() && LinuxMemory.availableBytes() > bytes.byteSize() + bytes.byteSize() / 2) {
      copyInPlace(at, room);
    }
  }

  private boolean mostlyHuge() {
    return hugeBytes() >= 0.75 * bytes.byteSize();
  }

  /** Replaces the mapping, piece by piece, by anonymous memory of the same content. */
  void copyInPlace(long at, long room) throws IOException {
    for (long done = 0; done < room; done += COPY_BYTES) {
      long count = Math.min(COPY_BYTES, room - done);
      long copy = LinuxMemory.reserve(count);
      try {
        LinuxMemory.mapAnonymous(copy, count);
        var _ = LinuxMemory.adviseHuge(copy, count);
        long there = Math.min(count, bytes.byteSize() - done);
        MemorySegment.ofAddress(copy).reinterpret(count).copyFrom(bytes.asSlice(done, there));
        LinuxMemory.readOnly(copy, count);
        LinuxMemory.moveOver(copy, count, at + done);
      } catch (IOException | RuntimeException e) {
        LinuxMemory.unmap(copy, count);
        throw e;
      }
    }
    pages = Pages.ANON;
  }

  /** A segment over {@code room} bytes of address space that this object unmaps when closed. */
  private static Mapping own(long at, long room, long size, Pages pages) {
    Arena arena = arena();
    MemorySegment whole =
        MemorySegment.ofAddress(at)
            .reinterpret(room, arena, segment -> LinuxMemory.unmap(segment.address(), room));
    return new Mapping(arena, whole.asSlice(0, size), pages);
  }

  /** All of it, as long as the file. */
  MemorySegment bytes() {
    return bytes;
  }

  /** What was asked for and had: never {@link Pages#AUTO}. */
  Pages pages() {
    return pages;
  }

  /** Bytes that lie in pages of 2 MiB at this moment, or -1 where the system does not say. */
  long hugeBytes() {
    long huge = smaps(List.of("AnonHugePages:", "ShmemPmdMapped:", "FilePmdMapped:"));
    return Math.min(huge, bytes.byteSize()); // the last page reaches beyond the end
  }

  /** Bytes that lie in memory at this moment, or -1 where the system does not say. */
  long residentBytes() {
    return smaps(List.of("Rss:"));
  }

  private long smaps(List<String> fields) {
    long from = bytes.address();
    long to = from + bytes.byteSize();
    long sum = 0;
    boolean inside = false;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
        String word = line.substring(0, Math.max(0, line.indexOf(' ')));
        int dash = word.indexOf('-');
        if (dash > 0 && !word.endsWith(":")) {
          long start = Long.parseUnsignedLong(word.substring(0, dash), 16);
          long end = Long.parseUnsignedLong(word.substring(dash + 1), 16);
          inside = start < to && end > from;
        } else if (inside && fields.contains(word)) {
          sum += 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      return sum;
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
