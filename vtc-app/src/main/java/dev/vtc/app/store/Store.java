package dev.vtc.app.store;

import dev.vtc.app.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds what VTC downloads and makes: {@code $VTC_HOME}, else {@code
 * $XDG_CACHE_HOME/vtc}, else {@code ~/.cache/vtc}.
 *
 * <pre>
 * models/NAME/model.properties   what it is; written last, so a folder without it is not a model
 * models/NAME/reference          NAME as the user wrote it
 * models/NAME/*.gguf             the files
 * models/NAME/*.part             a download under way or broken off, continued by the next pull
 * locks/NAME                     held while a model is pulled or removed
 * packed/                        packed models
 * </pre>
 */
public final class Store {
  /** Holds the reference while there is no manifest yet. */
  static final String REFERENCE = "reference";

  private final Path home;

  public Store(Path home) {
    this.home = home;
  }

  /** The user's store. */
  public static Store of(Map<String, String> env) {
    String own = env.getOrDefault("VTC_HOME", "");
    if (!own.isEmpty()) {
      return new Store(Path.of(own).toAbsolutePath());
    }
    String xdg = env.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification: a relative path is to be ignored.
    if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
      return new Store(Path.of(xdg, "vtc"));
    }
    return new Store(Path.of(System.getProperty("user.home"), ".cache", "vtc"));
  }

  public Path home() {
    return home;
  }

  /** Where packed models lie. */
  public Path packedFolder() {
    return home.resolve("packed");
  }

  Path folder(String name) {
    return home.resolve("models").resolve(folderName(name));
  }

  /** A name that every file system takes and that differs where names differ. */
  static String folderName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "_");
    if (plain.equals(name) && !name.startsWith(".") && name.length() <= 80) {
      return name;
    }
    String tail = sha256(name.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    String head = plain.startsWith(".") ? "_" + plain : plain;
    return head.substring(0, Math.min(80, head.length())) + "-" + tail;
  }

  /** The model that was pulled as {@code name} and whose files are still there, or null. */
  public @Nullable StoredModel find(String name) throws IOException {
    StoredModel model = StoredModel.read(folder(name));
    return model != null && model.name().equals(name) && model.present() ? model : null;
  }

  /** All models, by name. */
  public List<StoredModel> models() throws IOException {
    List<StoredModel> models = new ArrayList<>();
    for (Path folder : folders()) {
      StoredModel model = StoredModel.read(folder);
      if (model != null) {
        models.add(model);
      }
    }
    models.sort(java.util.Comparator.comparing(StoredModel::name));
    return models;
  }

  /**
   * A download that was broken off.
   *
   * @param name the reference under which it was pulled
   * @param bytes how much of it is there
   */
  public record Partial(String name, Path folder, long bytes) {}

  /** Downloads that were broken off and that the next pull continues. */
  public List<Partial> partials() throws IOException {
    List<Partial> partials = new ArrayList<>();
    for (Path folder : folders()) {
      long bytes = 0;
      for (Path part : list(folder)) {
        if (part.toString().endsWith(".part")) {
          bytes += Files.size(part);
        }
      }
      if (bytes > 0) {
        Path reference = folder.resolve(REFERENCE);
        String name =
            Files.isRegularFile(reference)
                ? Files.readString(reference)
                : folder.getFileName().toString();
        partials.add(new Partial(name, folder, bytes));
      }
    }
    return partials;
  }

  private List<Path> folders() throws IOException {
    return list(home.resolve("models")).stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * Removes a model, or what is left of a broken download.
   *
   * @return the bytes that were freed
   * @throws UserError when there is no such model
   */
  public long remove(String name) throws IOException {
    Path folder = folder(name);
    if (!Files.isDirectory(folder)) {
      Path byFolder = home.resolve("models").resolve(name).normalize();
      if (name.isEmpty()
          || !home.resolve("models").equals(byFolder.getParent())
          || !Files.isDirectory(byFolder)) {
        throw new UserError(
            "There is no model \"" + name + "\" in " + home + "; vtc list shows what is there.");
      }
      folder = byFolder;
    }
    try (Lock _ = lock(folder.getFileName().toString(), () -> {})) {
      long bytes = 0;
      StoredModel model = StoredModel.read(folder);
      // The manifest goes first: a removal that is broken off leaves no model that looks complete.
      Files.deleteIfExists(folder.resolve(StoredModel.MANIFEST));
      if (model != null) {
        bytes += removePacked(model);
      }
      for (Path file : list(folder)) {
        bytes += Files.size(file);
        Files.delete(file);
      }
      Files.deleteIfExists(folder);
      return bytes;
    }
  }

  /**
   * Packed files that belong to no model of the store: those of files that were opened by their
   * path, and those left behind by other versions of VTC.
   */
  public List<Path> otherPacked() throws IOException {
    List<Path> files = new ArrayList<>(list(packedFolder()));
    files.removeIf(f -> !f.toString().endsWith(".vtc"));
    for (StoredModel model : models()) {
      files.remove(model.packed());
    }
    return files;
  }

  /** Deletes the packed file of a model, and tells its size. */
  long removePacked(StoredModel model) throws IOException {
    Path packed = model.packed();
    if (packed == null || !packed.startsWith(home) || !Files.isRegularFile(packed)) {
      return 0;
    }
    long bytes = Files.size(packed);
    Files.delete(packed);
    return bytes;
  }

  /**
   * Records that {@code model} lives on in {@code packed}, and gives up the files that were
   * downloaded unless they are to be kept.
   */
  public void packed(StoredModel model, Path packed) throws IOException {
    if (!packed.equals(model.packed())) {
      model.withPacked(packed).write();
    }
    if (model.owned() && !model.keep()) {
      for (Path file : model.files()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Held while a model's folder changes; other processes wait. */
  public record Lock(FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close(); // releases the lock, too
    }
  }

  /**
   * Waits until no other process changes the model {@code name}.
   *
   * @param waiting called once when there is someone to wait for
   */
  Lock lock(String name, Runnable waiting) throws IOException {
    Path folder = home.resolve("locks");
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(folderName(name)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        waiting.run();
        lock = channel.lock();
      }
      return new Lock(channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JDK has SHA-256.", e);
    }
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }
}
