package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.GgufContainer;
import dev.vtc.format.Metadata;
import dev.vtc.format.ModelSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * A packed model as a file: a {@link PackedHeader}, then what {@link PackedLayout} draws, then a
 * table with the checksum of every part. It is complete: the source is not needed any more.
 *
 * <p>Written under a temporary name, flushed, renamed; so a file under its own name is whole or was
 * damaged later, which {@link #open} and {@link #verify} tell.
 */
public final class PackedFile {
  /** How names of packed files end. */
  public static final String SUFFIX = ".vtc";

  /** How names of files being written end. */
  static final String PART_SUFFIX = ".part";

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int TABLE_ENTRY = 3 * Long.BYTES;

  /** Files that this process is writing. Opening one again would lose its lock (POSIX). */
  private static final Set<Path> WRITING = ConcurrentHashMap.newKeySet();

  private PackedFile() {}

  /** Opens a file for writing: replaced by tests that want it to fail. */
  interface Opener {
    FileChannel open(Path path) throws IOException;
  }

  // ---- opening ----------------------------------------------------------------------------------

  /** True if this is a packed file, whole or not; false for every other file. */
  public static boolean isPacked(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer start = ByteBuffer.allocate(PackedHeader.MIN_BYTES);
      while (start.hasRemaining() && channel.read(start) > 0) {}
      return PackedHeader.hasSeal(MemorySegment.ofBuffer(start.flip()));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Maps a packed file. Reads the header only: the time depends on the number of tensors, not on
   * their size.
   *
   * @throws FormatException when the file is no packed file, from another version, cut short or its
   *     header damaged
   */
  public static PackedModel open(Path path, Pages pages) throws IOException {
    long size = size(path);
    Mapping mapping = Mapping.ofFile(path, size, pages);
    try {
      PackedHeader.readSeal(path, mapping.bytes());
      GgufContainer container = GgufContainer.read(path, mapping.bytes());
      return new PackedModel(
          path,
          PackedHeader.metadata(container.metadata()),
          mapping,
          0,
          PackedHeader.entries(container),
          () -> {});
    } catch (IOException | RuntimeException e) {
      mapping.close();
      if (e instanceof RuntimeException) { // a value that no writer of this version writes
        throw PackedHeader.corrupt(path, -1, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** Maps a packed file in the way that serves this system best. */
  public static PackedModel open(Path path) throws IOException {
    return open(path, Pages.AUTO);
  }

  /**
   * Reads the whole file and compares it with its checksums.
   *
   * @throws FormatException at the first part that differs
   */
  public static void verify(Path path, PackProgress progress) throws IOException {
    long size = size(path);
    try (Mapping mapping = Mapping.ofFile(path, size, Pages.FILE)) {
      MemorySegment bytes = mapping.bytes();
      PackedHeader.Seal seal = PackedHeader.readSeal(path, bytes);
      MemorySegment table = bytes.asSlice(seal.tableOffset(), seal.tableEntries() * TABLE_ENTRY);
      if (crc(table) != seal.tableChecksum()) {
        throw PackedHeader.corrupt(path, seal.tableOffset(), "the checksum table is wrong");
      }
      for (long i = 0; i < seal.tableEntries(); i++) {
        long offset = table.get(LONG, i * TABLE_ENTRY);
        long length = table.get(LONG, i * TABLE_ENTRY + 8);
        if (offset < 0
            || length < 0
            || offset > size
            || length > size - offset
            || crc(bytes.asSlice(offset, length)) != table.get(LONG, i * TABLE_ENTRY + 16)) {
          throw PackedHeader.corrupt(path, offset, "the checksum of " + length + " bytes is wrong");
        }
        progress.update(offset + length, size);
      }
    }
  }

  private static long size(Path path) throws IOException {
    long size;
    try {
      size = Files.size(path);
    } catch (NoSuchFileException e) {
      throw new FormatException(path, -1, "there is no such file: check the path.");
    }
    if (size < PackedHeader.MIN_BYTES) {
      throw new FormatException(
          path, -1, "this is no packed model, or it was cut short: pack the model again.");
    }
    return size;
  }

  private static long crc(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += 1 << 30) {
      crc.update(bytes.asSlice(at, Math.min(1 << 30, bytes.byteSize() - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  // ---- writing ----------------------------------------------------------------------------------

  /**
   * Packs a model into a file. Memory use does not grow with the model: about two megabytes for
   * each thread.
   *
   * @param about written into the metadata: where the model came from
   * @param target replaced when it exists, in one step, after everything is on the disk
   * @throws FormatException when a tensor cannot be packed
   * @throws IOException when the file cannot be written, the disk being full for one; nothing is
   *     left of it
   */
  public static void write(
      ModelSource source,
      PackPlan plan,
      PackedExtras extras,
      Map<String, Object> about,
      Path target,
      int threads,
      PackProgress progress)
      throws IOException {
    write(
        source,
        plan,
        extras,
        about,
        target,
        threads,
        progress,
        path -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  static void write(
      ModelSource source,
      PackPlan plan,
      PackedExtras extras,
      Map<String, Object> about,
      Path target,
      int threads,
      PackProgress progress,
      Opener opener)
      throws IOException {
    PackedLayout layout = new PackedLayout(source, plan, extras);
    Map<String, Object> values = new LinkedHashMap<>();
    Metadata stored = PackedModel.metadata(source.metadata(), extras);
    for (String key : stored.keys()) {
      values.put(key, Objects.requireNonNull(stored.get(key)));
    }
    values.putAll(about);
    Metadata metadata = new Metadata(values);

    Path absolute = target.toAbsolutePath();
    Path part =
        absolute.resolveSibling(
            "%s-%d-%x%s"
                .formatted(
                    absolute.getFileName(),
                    ProcessHandle.current().pid(),
                    System.nanoTime(),
                    PART_SUFFIX));
    WRITING.add(part);
    try {
      try (FileChannel channel = opener.open(part)) {
        var _ = channel.tryLock(); // tells other processes that this file is alive
        writeTo(channel, layout, metadata, threads, progress);
        channel.force(true);
      }
      Files.move(
          part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "%s: the packed model (%d MB) could not be written (%s): free space there or choose another folder with VTC_HOME."
              .formatted(absolute.getParent(), layout.bytes() / 1_000_000 + 1, reason(e)),
          e);
    } finally {
      Files.deleteIfExists(part);
      WRITING.remove(part);
    }
    settle(absolute);
  }

  /** A logger is made only when there is something to say: it costs 20 ms of a start. */
  private static void debug(String message) {
    System.getLogger(PackedFile.class.getName()).log(System.Logger.Level.DEBUG, message);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static void writeTo(
      FileChannel channel,
      PackedLayout layout,
      Metadata metadata,
      int threads,
      PackProgress progress)
      throws IOException {
    List<PackedLayout.Piece> pieces = layout.pieces();
    long base = PackedHeader.headerBytes(metadata, layout.entries());
    long largest = 1;
    for (PackedLayout.Piece piece : pieces) {
      largest = Math.max(largest, piece.bytes());
    }
    long bufferBytes = largest;
    MemorySegment table = MemorySegment.ofArray(new byte[pieces.size() * TABLE_ENTRY]);
    try (Arena buffers = Arena.ofShared()) {
      PackWork.run(
          pieces,
          threads,
          progress,
          () -> {
            MemorySegment buffer = buffers.allocate(bufferBytes, TvlFormat.LINE_BYTES);
            return (index, piece) -> {
              MemorySegment bytes = buffer.asSlice(0, piece.bytes());
              piece.filler().fill(bytes);
              long offset = base + piece.offset();
              write(channel, bytes.asByteBuffer(), offset);
              long entry = (long) index * TABLE_ENTRY;
              table.set(LONG, entry, offset);
              table.set(LONG, entry + 8, piece.bytes());
              table.set(LONG, entry + 16, crc(bytes));
            };
          });
    }
    long tableOffset = PackedHeader.roundUp(base + layout.bytes(), PackedLayout.PAGE);
    write(channel, table.asByteBuffer(), tableOffset);
    PackedHeader.Seal seal =
        new PackedHeader.Seal(
            PackedHeader.VERSION,
            base,
            tableOffset + table.byteSize(),
            0,
            tableOffset,
            pieces.size(),
            crc(table));
    byte[] header = PackedHeader.write(metadata, layout.entries(), base, seal);
    write(channel, ByteBuffer.wrap(header), 0);
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Makes the rename last, and lets the file be read back in large folios. Best effort. */
  private static void settle(Path target) {
    Path folder = target.getParent();
    if (!Mapping.NATIVE || folder == null) {
      return; // other systems cannot flush a folder through a channel
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
      LinuxMemory.dropFromCache(target);
    } catch (IOException e) {
      debug("After packing " + target + ": " + e.getMessage());
    }
  }

  /**
   * Deletes files that a killed process left half-written.
   *
   * @param olderThanMillis files changed less than this ago stay: one may not be locked yet
   */
  static void removeStale(Path folder, long olderThanMillis) {
    try (var files = Files.newDirectoryStream(folder, "*" + PART_SUFFIX)) {
      for (Path file : files) {
        Path absolute = file.toAbsolutePath();
        long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
        if (age >= olderThanMillis && !WRITING.contains(absolute) && !isLocked(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      debug("Stale files in " + folder + ": " + e.getMessage());
    }
  }

  private static boolean isLocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.tryLock() == null;
    }
  }
}
