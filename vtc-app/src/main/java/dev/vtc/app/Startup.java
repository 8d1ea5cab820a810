package dev.vtc.app;

import dev.vtc.Model;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time from the start of the process to the first token goes: one line, printed when the
 * environment variable {@code VTC_STARTUP} is set. Its value, if it is a number, is the time at
 * which the process was started, in microseconds since 1970 (date +%s%6N): the JVM does not know it
 * well enough. vtc-bench/scripts/startup.py makes a table of such lines.
 */
public final class Startup {
  /** The variable that asks for the line. */
  public static final String VARIABLE = "VTC_STARTUP";

  private static long parsed;

  private Startup() {}

  /** The command line has been read. */
  static void parsed() {
    parsed = System.nanoTime();
  }

  /**
   * Prints the line, if it is wanted.
   *
   * @param opened when the model was open and the prompt encoded, by {@link System#nanoTime}
   * @param firstToken when the first token was printed, likewise
   */
  public static void report(
      Model model, long opened, long firstToken, Map<String, String> env, PrintStream err) {
    String wanted = env.get(VARIABLE);
    if (wanted == null || wanted.isEmpty()) {
      return;
    }
    StringBuilder s = new StringBuilder("start-up, ms:");
    if (wanted.matches("\\d{13,18}")) {
      long now = System.currentTimeMillis() * 1000;
      long sinceMain = (System.nanoTime() - Main.START_NANOS) / 1000;
      phase(s, "jvm", 1000 * (now - sinceMain - Long.parseLong(wanted)));
    }
    Model.LoadTimes load = model.loadTimes();
    phase(s, "command line", parsed - Main.START_NANOS);
    phase(s, "map", load.map());
    phase(s, "program", load.program());
    phase(s, "prompt", opened - parsed - load.map() - load.program());
    phase(s, "first token", firstToken - opened);
    phase(s, "sum from main", firstToken - Main.START_NANOS);
    phase(s, "compile, meanwhile", load.compile());
    err.println(s);
  }

  private static void phase(StringBuilder s, String name, long nanos) {
    s.append(String.format(Locale.ROOT, " %s %.1f;", name, nanos / 1e6));
  }
}
