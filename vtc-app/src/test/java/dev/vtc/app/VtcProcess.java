package dev.vtc.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The real command in a process of its own: {@code java -jar vtc.jar …}. */
final class VtcProcess {
  private static final int TIMEOUT_SECONDS = 180;

  private final Path home;
  private List<String> java = List.of(java().toString());
  private final Map<String, String> env = new LinkedHashMap<>();
  private final List<String> jvm = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx512m"));
  private byte[] stdin = {};

  VtcProcess(Path home) {
    this.home = home;
  }

  /** What a finished process left. */
  record Result(int exit, String out, String err) {}

  VtcProcess env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** The command that starts Java, instead of this process's own. */
  VtcProcess java(List<String> command) {
    java = command;
    return this;
  }

  VtcProcess jvm(String option) {
    jvm.add(option);
    return this;
  }

  VtcProcess stdin(String text) {
    return stdin(text.getBytes(StandardCharsets.UTF_8));
  }

  VtcProcess stdin(byte[] bytes) {
    stdin = bytes;
    return this;
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  Process start(String... args) throws IOException {
    String jar = System.getProperty("vtc.jar");
    if (jar == null || !new File(jar).isFile()) {
      throw new AssertionError("The system property vtc.jar does not name the jar: " + jar);
    }
    List<String> command = new ArrayList<>(java);
    command.addAll(jvm);
    command.addAll(List.of("-jar", jar));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(n -> n.startsWith("VTC_") || n.equals("NO_COLOR"));
    builder.environment().put("VTC_HOME", home.toString());
    builder.environment().putAll(env);
    return builder.start();
  }

  Result run(String... args) throws IOException, InterruptedException {
    Process process = start(args);
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin);
    } catch (IOException e) {
      // It does not read its stdin: not this class's business.
    }
    return finish(process, out, err);
  }

  private static final Path KILL = Path.of("/bin/kill");

  /** Skips the test where {@link #interrupt} has no means. */
  static void assumeInterrupts() {
    assumeTrue(Files.isExecutable(KILL), "there is no /bin/kill to send SIGINT with");
  }

  /** Stops a process as Ctrl-C does; the exit code that it is to end with. */
  static int interrupt(Process process) throws IOException, InterruptedException {
    // Where this process was started with SIGINT ignored (in the background of a script), so are
    // its children.
    boolean ignored = sigintIsIgnored();
    String signal = ignored ? "-TERM" : "-INT";
    Process killer = new ProcessBuilder(KILL.toString(), signal, "" + process.pid()).start();
    if (killer.waitFor() != 0) {
      throw new AssertionError("The process could not be stopped.");
    }
    return ignored ? 143 : 130;
  }

  private static boolean sigintIsIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0; // bit 1: signal 2
      }
    }
    return false;
  }

  static Result finish(
      Process process, CompletableFuture<String> out, CompletableFuture<String> err)
      throws InterruptedException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("vtc did not end; it wrote: " + out.join() + err.join());
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  static CompletableFuture<String> read(InputStream in) {
    CompletableFuture<String> all = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (in) {
            all.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            all.completeExceptionally(e);
          }
        });
    return all;
  }
}
