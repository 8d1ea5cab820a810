package dev.vtc.asm;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells profilers and people about loaded code, when asked to. */
final class CodeNames {
  private CodeNames() {}

  /** Writes the perf map and the dump of freshly loaded code where the settings ask for them. */
  static void publish(MachineCode[] codes, long[] addresses) {
    if (Platform.isOn("vtc.perfMap", "VTC_PERF_MAP")) {
      try {
        appendPerfMap(
            Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map"), codes, addresses);
      } catch (IOException e) {
        warn("the perf map could not be written: " + e);
      }
    }
    String folder = Platform.setting("vtc.dumpCode", "VTC_DUMP_CODE");
    if (!folder.isEmpty()) {
      try {
        dump(Path.of(folder), codes);
      } catch (IOException e) {
        warn("code could not be dumped to " + folder + ": " + e);
      }
    }
  }

  /** Appends lines of "start size name", numbers in hexadecimal, as Linux perf reads them. */
  static void appendPerfMap(Path file, MachineCode[] codes, long[] addresses) throws IOException {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < codes.length; i++) {
      s.append(Long.toHexString(addresses[i])).append(' ');
      s.append(Integer.toHexString(codes[i].bytes().length)).append(' ');
      s.append(codes[i].name()).append('\n');
    }
    Files.writeString(
        file, s, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Writes each piece to NAME.bin. To read one: {@code objdump -D -b binary -m i386:x86-64 -M intel
   * NAME.bin}, or {@code -m aarch64}.
   */
  static void dump(Path folder, MachineCode[] codes) throws IOException {
    Files.createDirectories(folder);
    for (MachineCode code : codes) {
      String name = code.name().replaceAll("[^A-Za-z0-9._-]", "_");
      Files.write(folder.resolve(name + ".bin"), code.bytes());
    }
  }

  private static void warn(String message) {
    Logger log = System.getLogger("dev.vtc.asm");
    log.log(Level.WARNING, message);
  }
}
