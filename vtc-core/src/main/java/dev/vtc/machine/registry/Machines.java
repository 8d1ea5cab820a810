package dev.vtc.machine.registry;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.a64.A64Machines;
import dev.vtc.machine.java.JavaMachine;
import dev.vtc.machine.x64.X64Machines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All machines, fastest first; the portable one is last and runs everywhere. */
public final class Machines {
  /** The environment variable that forces a machine. */
  public static final String VARIABLE = "VTC_MACHINE";

  private static final List<Machine> ALL = list();

  private Machines() {}

  private static List<Machine> list() {
    List<Machine> list = new ArrayList<>(X64Machines.all());
    list.addAll(A64Machines.all());
    list.add(new JavaMachine());
    return List.copyOf(list);
  }

  /** The machine that runs everywhere. */
  public static Machine portable() {
    return ALL.getLast();
  }

  /** Every machine there is, whether this CPU supports it or not. */
  public static List<Machine> all() {
    return ALL;
  }

  /** The machines this CPU supports, fastest first. */
  public static List<Machine> supported(CpuFeatures cpu) {
    List<Machine> list = new ArrayList<>();
    for (Machine m : ALL) {
      if (m.supported(cpu)) {
        list.add(m);
      }
    }
    return list;
  }

  /**
   * The machine to use.
   *
   * @param name the one that is asked for; null for {@code VTC_MACHINE}, and if that is not set the
   *     fastest supported
   * @throws IllegalArgumentException when there is no such machine, or this CPU does not support it
   */
  public static Machine choose(@Nullable String name, CpuFeatures cpu) {
    String wanted = name != null ? name : System.getenv(VARIABLE);
    if (wanted == null || wanted.isEmpty()) {
      return supported(cpu).getFirst();
    }
    List<String> names = new ArrayList<>();
    for (Machine m : ALL) {
      if (m.name().equals(wanted)) {
        if (!m.supported(cpu)) {
          throw new IllegalArgumentException(
              "This CPU does not support the machine " + wanted + ": it has " + cpu + ".");
        }
        return m;
      }
      names.add(m.name());
    }
    throw new IllegalArgumentException(
        "There is no machine " + wanted + "; there are " + String.join(", ", names) + ".");
  }
}
