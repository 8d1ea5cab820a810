package dev.vtc.app.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts of this CPU while some work is done, by {@code perf stat} attached to this process. Many
 * virtual machines and containers have no such counters; {@link #problem} then says why.
 */
public final class HardwareCounters {
  /** Misses of the last-level cache. */
  public static final String CACHE_MISSES = "cache-misses";

  /** Loads whose page's translation was not in the TLB. */
  public static final String TLB_MISSES = "dTLB-load-misses";

  private static final List<String> EVENTS = List.of(CACHE_MISSES, TLB_MISSES);

  private static final int END_SECONDS = 5;

  private final String problem;

  /** Tries whether counting works here. */
  public HardwareCounters() throws InterruptedException {
    String found;
    try {
      Map<String, Long> counts = counts(EVENTS, () -> {});
      found =
          counts.keySet().containsAll(EVENTS)
              ? ""
              : "perf stat counts no "
                  + String.join(
                      " or ", EVENTS.stream().filter(e -> !counts.containsKey(e)).toList())
                  + " here: this CPU, virtual machine or kernel setting"
                  + " (/proc/sys/kernel/perf_event_paranoid) does not offer them.";
    } catch (IOException e) {
      found = "There are no hardware counters: perf could not be started (" + e.getMessage() + ").";
    }
    problem = found;
  }

  /** Why nothing is counted, a sentence; empty where counting works. */
  public String problem() {
    return problem;
  }

  /** Whether {@link #count} gives numbers. */
  public boolean work() {
    return problem.isEmpty();
  }

  /** The counts of all threads of this process while {@code work} runs. */
  public Map<String, Long> count(Runnable work) throws IOException, InterruptedException {
    return counts(EVENTS, work);
  }

  /**
   * Those of the named events that were counted. perf counts as long as a command runs: {@code
   * cat}, which gives back a line once counting has begun, and ends when its input does.
   */
  static Map<String, Long> counts(List<String> events, Runnable work)
      throws IOException, InterruptedException {
    Process perf =
        new ProcessBuilder(
                "perf",
                "stat",
                "-x,",
                "-e",
                String.join(",", events),
                "-p",
                Long.toString(ProcessHandle.current().pid()),
                "cat")
            .start();
    try (BufferedReader echo = perf.inputReader(StandardCharsets.UTF_8);
        BufferedReader err = perf.errorReader(StandardCharsets.UTF_8)) {
      try (Writer in = perf.outputWriter(StandardCharsets.UTF_8)) {
        in.write("begin\n");
        in.flush();
        if (echo.readLine() != null) {
          work.run();
        }
      } catch (IOException e) {
        // perf has ended, and says why on its other stream.
      }
      List<String> lines = new ArrayList<>();
      for (String line; (line = err.readLine()) != null; ) {
        lines.add(line);
      }
      return parsed(lines);
    } finally {
      if (!perf.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        perf.destroyForcibly();
      }
    }
  }

  /**
   * Reads {@code perf stat -x,}: lines of {@code value,unit,event,…}, the value a word in brackets
   * where there is none (man perf-stat, CSV FORMAT). A modifier behind the event's name, such as
   * {@code :u}, is left off.
   */
  static Map<String, Long> parsed(List<String> lines) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      if (fields.length >= 3 && fields[0].matches("\\d{1,18}")) {
        counts.put(fields[2].replaceFirst(":[a-zA-Z]+$", ""), Long.valueOf(fields[0]));
      }
    }
    return counts;
  }
}
