package dev.vtc.app;

import dev.vtc.GenerationStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The line at the end of an answer, and the same as data. */
public final class Timings {
  private Timings() {}

  /**
   * As one line.
   *
   * @param loadNanos from the start of the program until the model was ready; negative to leave it
   *     out
   */
  public static String line(GenerationStats stats, long loadNanos) {
    StringBuilder s = new StringBuilder();
    if (loadNanos >= 0) {
      s.append(String.format(Locale.ROOT, "load %.2f s, ", loadNanos / 1e9));
    }
    s.append(String.format(Locale.ROOT, "first token %.2f s", stats.firstTokenNanos() / 1e9));
    s.append(
        String.format(
            Locale.ROOT,
            "; prompt %d tokens%s%s",
            stats.promptTokens(),
            stats.reusedTokens() > 0 ? " (" + stats.reusedTokens() + " known)" : "",
            rate(stats.prefillTokensPerSecond())));
    s.append(
        String.format(
            Locale.ROOT,
            "; answer %d tokens%s",
            stats.generatedTokens(),
            rate(stats.decodeTokensPerSecond())));
    long peak = peakBytes();
    if (peak > 0) {
      s.append("; peak memory ").append(Bytes.human(peak));
    }
    return s.toString();
  }

  private static String rate(double tokensPerSecond) {
    return tokensPerSecond > 0 ? String.format(Locale.ROOT, ", %.1f tok/s", tokensPerSecond) : "";
  }

  /** As fields of a JSON object; times in seconds. */
  public static Map<String, Object> map(GenerationStats stats, long loadNanos) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("load_s", loadNanos / 1e9);
    m.put("first_token_s", stats.firstTokenNanos() / 1e9);
    m.put("prompt_tokens", stats.promptTokens());
    m.put("reused_tokens", stats.reusedTokens());
    m.put("prefill_tokens_per_s", stats.prefillTokensPerSecond());
    m.put("generated_tokens", stats.generatedTokens());
    m.put("decode_tokens_per_s", stats.decodeTokensPerSecond());
    m.put("peak_memory_bytes", peakBytes());
    return m;
  }

  /**
   * The largest resident size of this process so far, mapped weights included; -1 where the system
   * does not say.
   */
  static long peakBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
    }
    return -1;
  }

  /**
   * Nanoseconds since {@link Main} was entered. The JVM's own start before that is not counted: the
   * process's start time would count the launcher and its build.
   */
  public static long sinceStart() {
    return System.nanoTime() - Main.START_NANOS;
  }
}
