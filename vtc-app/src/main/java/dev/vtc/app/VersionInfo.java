package dev.vtc.app;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Numerics;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code vtc --version} prints. */
public final class VersionInfo {
  private VersionInfo() {}

  /** The version of this program; "development" where it does not run from its jar. */
  public static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static void print(PrintStream out, Map<String, String> env, boolean json) {
    CpuFeatures cpu = CpuFeatures.detect();
    Machine machine = Machines.choose(env.get(Machines.VARIABLE), cpu);
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("vtc", version());
    m.put("numerics", Numerics.VERSION);
    m.put("machine", machine.name());
    m.put("machines", Machines.supported(cpu).stream().map(Machine::name).toList());
    m.put("cpu", cpu.toString());
    m.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    m.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    if (json) {
      Json.line(out, m);
      return;
    }
    out.println("vtc " + m.get("vtc") + " (numerics " + m.get("numerics") + ")");
    out.println(
        "machine "
            + m.get("machine")
            + " of "
            + String.join(", ", Machines.supported(cpu).stream().map(Machine::name).toList()));
    out.println("cpu " + m.get("cpu"));
    out.println("java " + m.get("java") + ", " + m.get("os"));
  }
}
