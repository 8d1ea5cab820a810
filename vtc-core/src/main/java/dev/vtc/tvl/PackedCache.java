package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A folder of packed models. A file's name says which source, layout version and recipe it was
 * packed from; a file that is damaged, or from another version, is packed anew.
 *
 * <p>Safe for several threads and processes: a model is packed by one of them, the others wait and
 * use the result.
 */
public final class PackedCache {
  /** Files younger than this are not taken for left behind. */
  private static final long STALE_MILLIS = 60_000;

  // A FileLock holds against other processes only; this one holds within.
  private static final Map<Path, ReentrantLock> PACKING = new ConcurrentHashMap<>();

  private final Path folder;
  private final Opener opener;

  /** Opens a source: replaced by tests. */
  interface Opener {
    ModelSource open(Path path) throws IOException;
  }

  public PackedCache(Path folder) {
    this(folder, ModelSources::open);
  }

  PackedCache(Path folder, Opener opener) {
    this.folder = folder.toAbsolutePath();
    this.opener = opener;
  }

  /**
   * The user's cache: {@code packed} in {@code VTC_HOME}, else in {@code XDG_CACHE_HOME/vtc}, else
   * in {@code ~/.cache/vtc}.
   */
  public static PackedCache ofUser() {
    return new PackedCache(folder(System.getenv(), System.getProperty("user.home", ".")));
  }

  static Path folder(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("VTC_HOME", "");
    if (!own.isBlank()) {
      return Path.of(own, "packed");
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG Base Directory Specification has relative paths ignored.
    Path cache =
        !xdg.isBlank() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(home, ".cache");
    return cache.resolve("vtc").resolve("packed");
  }

  public Path folder() {
    return folder;
  }

  /**
   * Opens a model by its source or packed file; packs a source that the cache does not hold.
   *
   * @throws FormatException when the file is no sound model
   * @throws IOException when the cache cannot be written
   */
  public PackedModel open(Path path, PackOptions options, PackProgress progress)
      throws IOException {
    if (PackedFile.isPacked(path)) {
      return PackedFile.open(path, options.pages());
    }
    SourceIdentity identity = SourceIdentity.of(path);
    Path packed = packedPath(path, identity, options.recipe());
    PackedModel model = openIfSound(packed, options.pages());
    return model != null ? model : pack(path, identity, packed, options, progress);
  }

  /** Where the cache holds, or would hold, the packed file of a source. */
  public Path packedPath(Path source, PackOptions options) throws IOException {
    return packedPath(source, SourceIdentity.of(source), options.recipe());
  }

  private Path packedPath(Path source, SourceIdentity identity, String recipe) {
    CRC32C crc = new CRC32C();
    String key =
        identity.bytes() + " " + identity.modified() + " " + PackedHeader.VERSION + " " + recipe;
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    String name = source.getFileName() == null ? "model" : source.getFileName().toString();
    int dot = name.lastIndexOf('.');
    StringBuilder file = new StringBuilder(dot > 0 ? name.substring(0, dot) : name);
    file.setLength(Math.min(file.length(), 80));
    // A model may be named in any script; the key is what tells models apart.
    for (int i = 0; i < file.length(); i++) {
      char c = file.charAt(i);
      if (c >= 128 || (!Character.isLetterOrDigit(c) && "._-".indexOf(c) < 0)) {
        file.setCharAt(i, '_');
      }
    }
    file.append('-').append(identity.sample()).append(SourceIdentity.hex(crc.getValue()));
    return folder.resolve(file.append(PackedFile.SUFFIX).toString());
  }

  private static @Nullable PackedModel openIfSound(Path packed, Pages pages) throws IOException {
    if (!Files.exists(packed)) {
      return null;
    }
    try {
      return PackedFile.open(packed, pages);
    } catch (FormatException e) {
      System.getLogger(PackedCache.class.getName())
          .log(System.Logger.Level.DEBUG, "Packing again: " + e.getMessage());
      return null;
    }
  }

  private PackedModel pack(
      Path path, SourceIdentity identity, Path packed, PackOptions options, PackProgress progress)
      throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException(
          folder
              + ": the folder for packed models cannot be made ("
              + e.getMessage()
              + "): choose another with VTC_HOME.",
          e);
    }
    ReentrantLock here = PACKING.computeIfAbsent(packed, p -> new ReentrantLock());
    here.lock();
    try {
      Path lockPath = packed.resolveSibling(packed.getFileName() + ".lock");
      try (FileChannel lockFile =
          FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var _ = lockFile.lock();
        PackedModel done = openIfSound(packed, options.pages());
        if (done == null) {
          PackedFile.removeStale(folder, STALE_MILLIS);
          try (ModelSource source = opener.open(path)) {
            PackedFile.write(
                source,
                options.plan().apply(source),
                options.extras().apply(source),
                about(path, identity, options.recipe()),
                packed,
                options.threads(),
                progress);
          }
          done = PackedFile.open(packed, options.pages());
        }
        // A process that waits on the deleted file finds the result; one that makes a new file
        // does too.
        Files.deleteIfExists(lockPath);
        return done;
      }
    } finally {
      here.unlock();
    }
  }

  private static Map<String, Object> about(Path path, SourceIdentity identity, String recipe)
      throws IOException {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("vtc.source.name", String.valueOf(path.getFileName()));
    about.put("vtc.source.bytes", identity.bytes());
    about.put("vtc.source.modified", identity.modified());
    about.put("vtc.source.sample", identity.sample());
    about.put("vtc.source.sample_sha256", SourceIdentity.sampleSha256(path));
    about.put("vtc.recipe", recipe);
    return about;
  }
}
