package dev.vtc.app.lab.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The data caches of the first core, as Linux tells them. */
final class Caches {
  private static final Path FOLDER = Path.of("/sys/devices/system/cpu/cpu0/cache");

  private Caches() {}

  /** Bytes by level, ascending; empty where the system does not say. */
  static Map<Integer, Long> sizes() {
    Map<Integer, Long> sizes = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(FOLDER, "index*")) {
      for (Path entry : entries) {
        if (!read(entry, "type").equals("Instruction")) {
          sizes.put(Integer.parseInt(read(entry, "level")), bytes(read(entry, "size")));
        }
      }
    } catch (IOException | NumberFormatException e) {
      sizes.clear();
    }
    return sizes;
  }

  private static String read(Path entry, String name) throws IOException {
    return Files.readString(entry.resolve(name)).strip();
  }

  /** Such as 48K or 2M. */
  static long bytes(String text) {
    int last = text.length() - 1;
    return switch (text.isEmpty() ? ' ' : text.charAt(last)) {
      case 'K' -> Long.parseLong(text.substring(0, last)) << 10;
      case 'M' -> Long.parseLong(text.substring(0, last)) << 20;
      default -> Long.parseLong(text);
    };
  }
}
