package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.SafetensorsFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What tells one model file from another, wherever it lies: size, time of change, and a check of
 * its beginning, its end and blocks between. Found in about a millisecond, whatever the size.
 *
 * @param bytes size of all parts
 * @param modified latest change of a part, in nanoseconds since 1970
 * @param sample 16 hex digits: CRC-32C and CRC-32 of the sampled blocks
 */
public record SourceIdentity(long bytes, long modified, String sample) {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 16;

  /**
   * Reads what is needed of a file, and of the other parts of a split one.
   *
   * @throws FormatException when it is neither a regular file nor a Hugging Face folder
   */
  public static SourceIdentity of(Path path) throws IOException {
    CRC32C first = new CRC32C();
    CRC32 second = new CRC32();
    long bytes = 0;
    long modified = 0;
    for (Path part : parts(path)) {
      BasicFileAttributes attributes;
      try {
        attributes = Files.readAttributes(part, BasicFileAttributes.class);
      } catch (IOException e) {
        throw new FormatException(part, -1, "there is no such file: check the path.");
      }
      if (attributes.isDirectory()) {
        throw SafetensorsFolder.noModel(part);
      }
      if (!attributes.isRegularFile()) {
        throw new FormatException(part, -1, "this is no regular file: give the model file itself.");
      }
      bytes += attributes.size();
      modified = Math.max(modified, attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
      sample(
          part,
          block -> {
            first.update(block.duplicate());
            second.update(block);
          });
    }
    return new SourceIdentity(bytes, modified, hex(first.getValue()) + hex(second.getValue()));
  }

  /** The low 32 bits in 8 digits; {@code String.format} would cost 10 ms of a start. */
  static String hex(long value) {
    return HexFormat.of().toHexDigits(value, 8);
  }

  /** SHA-256 of the sampled blocks, in hex: for the record in a packed file. */
  static String sampleSha256(Path path) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path part : parts(path)) {
        sample(part, digest::update);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private interface Sink {
    void update(ByteBuffer block);
  }

  /** The first 64 KiB, where the header is, then blocks at equal distances up to the end. */
  private static void sample(Path path, Sink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer buffer = ByteBuffer.allocate(BLOCKS * BLOCK);
      read(channel, buffer, 0);
      sink.update(buffer);
      for (int i = 1; i <= BLOCKS && size > BLOCK; i++) {
        buffer.clear().limit(BLOCK);
        read(channel, buffer, (size - BLOCK) / BLOCKS * i + (size - BLOCK) % BLOCKS * i / BLOCKS);
        sink.update(buffer);
      }
    }
  }

  private static void read(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
    long position = at;
    int n;
    while (buffer.hasRemaining() && (n = channel.read(buffer, position)) > 0) {
      position += n;
    }
    buffer.flip();
  }

  private static List<Path> parts(Path path) throws IOException {
    if (SafetensorsFolder.isOne(path)) {
      try (Stream<Path> all = Files.list(path)) {
        return all.filter(Files::isRegularFile)
            .filter(p -> p.toString().matches(".*\\.(safetensors|json|jinja)"))
            .sorted()
            .toList();
      }
    }
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    if (!name.contains("-of-")) {
      return List.of(path);
    }
    Matcher m = Pattern.compile("(.*-)(\\d{5})(-of-(\\d{5})\\.gguf)").matcher(name);
    if (!m.matches()) {
      return List.of(path);
    }
    List<Path> parts = new ArrayList<>();
    for (int i = 1; i <= Integer.parseInt(m.group(4)); i++) {
      Path part = path.resolveSibling("%s%05d%s".formatted(m.group(1), i, m.group(3)));
      parts.add(part);
      if (!Files.exists(part)) {
        break; // said by the reader of split files, or by the caller of parts
      }
    }
    return parts;
  }
}
