package dev.vtc.asm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Physical cores from what Linux tells about the CPUs this process may use. */
final class Topology {
  private Topology() {}

  /** Returns the file's text, or the empty string where it cannot be read. */
  static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | SecurityException e) {
      return "";
    }
  }

  /**
   * Returns the number of distinct cores among the CPUs in this process's affinity mask (which a
   * cpuset narrows too), not more than {@code logical}, which also counts CPU quotas.
   */
  static int physicalCores(int logical) {
    if (!Platform.LINUX) {
      return logical;
    }
    return physicalCores("/proc/self/status", "/sys/devices/system/cpu/cpu", logical);
  }

  static int physicalCores(String status, String cpuFolder, int logical) {
    String text = read(status);
    int at = text.indexOf("Cpus_allowed_list:");
    if (at < 0) {
      return logical;
    }
    int end = text.indexOf('\n', at);
    String list = text.substring(at + 18, end < 0 ? text.length() : end).strip();
    int cores = 0;
    boolean[] allowed = parseList(list);
    for (int cpu = 0; cpu < allowed.length; cpu++) {
      if (!allowed[cpu]) {
        continue;
      }
      String siblings = read(cpuFolder + cpu + "/topology/thread_siblings_list").strip();
      boolean[] threads = siblings.isEmpty() ? new boolean[0] : parseList(siblings);
      // A core counts at the first of its threads that is allowed.
      boolean first = true;
      for (int t = 0; t < Math.min(cpu, threads.length); t++) {
        first &= !(threads[t] && allowed[t]);
      }
      cores += first ? 1 : 0;
    }
    return Math.max(1, Math.min(cores, logical));
  }

  /** Most CPUs a list may name; Linux supports 8192. */
  private static final int MAX_CPUS = 65536;

  /** Parses a list such as {@code 0-3,8}; what cannot be parsed is left out. */
  static boolean[] parseList(String list) {
    boolean[] cpus = new boolean[0];
    for (String part : list.split(",", -1)) {
      int dash = part.indexOf('-');
      try {
        int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
        int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
        if (from < 0 || to < from || to >= MAX_CPUS) {
          continue;
        }
        if (to >= cpus.length) {
          cpus = java.util.Arrays.copyOf(cpus, to + 1);
        }
        java.util.Arrays.fill(cpus, from, to + 1, true);
      } catch (NumberFormatException e) {
        // Not a list of CPUs: the caller's other sources decide.
      }
    }
    return cpus;
  }
}
