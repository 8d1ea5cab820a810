package dev.vtc.app.store;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A model of the store.
 *
 * @param name the reference under which it was pulled
 * @param folder its folder in the store
 * @param files the model's files, the first one first when it is split; absolute
 * @param bytes size of all files when they were pulled
 * @param sha256 SHA-256 of the first file, or null for a file that was not downloaded
 * @param source where it came from: an address or a package
 * @param pulled when, ISO 8601
 * @param packed the packed file that holds everything, once there is one; else null
 * @param keep whether the files stay although there is a packed file
 */
public record StoredModel(
    String name,
    Path folder,
    List<Path> files,
    long bytes,
    @Nullable String sha256,
    String source,
    String pulled,
    @Nullable Path packed,
    boolean keep) {

  static final String MANIFEST = "model.properties";

  /**
   * What {@code Model.open} takes: the packed file when the source is gone, else the first file.
   */
  public Path path() {
    return packed != null && !Files.exists(files.getFirst()) ? packed : files.getFirst();
  }

  /** Whether the files to open are there. */
  public boolean present() {
    return files.stream().allMatch(Files::isRegularFile)
        || (packed != null && Files.isRegularFile(packed));
  }

  /** Whether the model's files belong to the store (and go with {@code vtc rm}). */
  public boolean owned() {
    return files.getFirst().startsWith(folder);
  }

  StoredModel withPacked(Path file) {
    return new StoredModel(name, folder, files, bytes, sha256, source, pulled, file, keep);
  }

  StoredModel kept() {
    return new StoredModel(name, folder, files, bytes, sha256, source, pulled, packed, true);
  }

  /** Reads the manifest in {@code folder}; null when there is none or it is damaged. */
  static @Nullable StoredModel read(Path folder) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest) || Files.size(manifest) > 1 << 20) {
      return null;
    }
    Properties p = new Properties();
    try {
      p.load(new StringReader(Files.readString(manifest)));
      String name = p.getProperty("name");
      List<Path> files = new ArrayList<>();
      for (int i = 0; p.getProperty("file." + i) != null; i++) {
        files.add(folder.resolve(p.getProperty("file." + i)));
      }
      if (name == null || files.isEmpty()) {
        return null;
      }
      String packed = p.getProperty("packed");
      return new StoredModel(
          name,
          folder,
          List.copyOf(files),
          Long.parseLong(p.getProperty("bytes", "0")),
          p.getProperty("sha256"),
          p.getProperty("source", "unknown"),
          p.getProperty("pulled", ""),
          packed == null ? null : folder.resolve(packed),
          "true".equals(p.getProperty("keep")));
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      return null; // damaged: the model is pulled anew
    }
  }

  /** Writes the manifest, replacing an earlier one in one step. */
  void write() throws IOException {
    Properties p = new Properties();
    p.setProperty("name", name);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      p.setProperty(
          "file." + i, (file.startsWith(folder) ? folder.relativize(file) : file).toString());
    }
    p.setProperty("bytes", Long.toString(bytes));
    if (sha256 != null) {
      p.setProperty("sha256", sha256);
    }
    p.setProperty("source", source);
    p.setProperty("pulled", pulled);
    if (packed != null) {
      p.setProperty(
          "packed", (packed.startsWith(folder) ? folder.relativize(packed) : packed).toString());
    }
    if (keep) {
      p.setProperty("keep", "true");
    }
    StringWriter text = new StringWriter();
    p.store(text, "A model of VTC's store");
    Path temporary = folder.resolve(MANIFEST + ".tmp");
    Files.write(temporary, text.toString().getBytes(StandardCharsets.UTF_8));
    Files.move(
        temporary,
        folder.resolve(MANIFEST),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
