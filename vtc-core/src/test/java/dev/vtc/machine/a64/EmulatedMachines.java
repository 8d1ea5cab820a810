package dev.vtc.machine.a64;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import java.nio.file.Path;

/**
 * A program to be run on an AArch64 CPU, emulated or real: prints the hash of all logits of models
 * that a test has written.
 */
final class EmulatedMachines {
  /** Before a machine's name: whatever the CPU has. */
  static final String UNCHECKED = "unchecked:";

  private EmulatedMachines() {}

  /**
   * Arguments: name of the machine, length of the prompt, threads and chunk sizes, both as {@code
   * 1,3}, type of keys and values, then model files.
   */
  public static void main(String[] arguments) {
    for (int i = 5; i < arguments.length; i++) {
      print(arguments, Path.of(arguments[i]));
    }
  }

  private static Machine machine(String name) {
    if (!name.startsWith(UNCHECKED)) {
      return Machines.choose(name, CpuFeatures.detect());
    }
    for (Machine m : Machines.all()) {
      if (name.equals(UNCHECKED + m.name())) {
        return m;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static void print(String[] arguments, Path file) {
    Machine machine = machine(arguments[0]);
    try (Rig.Loaded model = Rig.load(file, KvType.valueOf(arguments[4]))) {
      int length = Integer.parseInt(arguments[1]);
      int[] prompt = prompt(model, length);
      for (String threads : arguments[2].split(",", -1)) {
        int count = Integer.parseInt(threads);
        try (Rig rig = new Rig(model, machine, count, limits(length))) {
          for (String chunk : arguments[3].split(",", -1)) {
            int tokens = Integer.parseInt(chunk);
            String hash = Replay.hash(rig, prompt, tokens, 0);
            System.out.println(line(file, arguments[0], count, tokens, hash));
          }
        }
      }
    }
  }

  static int[] prompt(Rig.Loaded model, int length) {
    return Replay.prompt(5, length, model.program().vocabulary());
  }

  static Limits limits(int positions) {
    return new Limits(64, 64, 1, positions);
  }

  /** What is printed. */
  static String line(Path file, String machine, int threads, int chunk, String hash) {
    return file.getFileName()
        + " "
        + machine
        + " threads "
        + threads
        + " chunk "
        + chunk
        + ": "
        + hash;
  }
}
