package dev.vtc.app.lab;

import dev.vtc.app.VersionInfo;
import dev.vtc.asm.CpuFeatures;
import dev.vtc.program.Numerics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a measurement was made on, in the order it is to be read. Values are words or numbers. */
public final class RunFacts {
  private final Map<String, Object> facts = new LinkedHashMap<>();

  /** What is known of this process, its JVM and its computer. */
  public static RunFacts here() {
    RunFacts f = new RunFacts();
    f.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    f.put("vtc", VersionInfo.version() + ", numerics " + Numerics.VERSION);
    f.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    f.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    f.put("cpu", cpuModel());
    f.put("cpu features", CpuFeatures.detect().toString());
    f.put("processors", Runtime.getRuntime().availableProcessors());
    f.put("load before", load());
    return f;
  }

  /** Adds a fact, or replaces it. */
  public RunFacts put(String name, Object value) {
    facts.put(name, value);
    return this;
  }

  Map<String, Object> map() {
    return facts;
  }

  /** The CPU's own name, or what is known instead. */
  private static String cpuModel() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
      for (String key : List.of("model name", "Model", "Hardware", "CPU part")) {
        for (String line : lines) {
          int colon = line.indexOf(':');
          if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
            return line.substring(colon + 1).strip();
          }
        }
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return System.getProperty("os.arch");
  }

  /**
   * The load of the last minute before the run: what a number is worth depends on who else worked.
   */
  private static String load() {
    try {
      String text = Files.readString(Path.of("/proc/loadavg"));
      return text.substring(0, text.indexOf(' '));
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return "unknown";
    }
  }
}
