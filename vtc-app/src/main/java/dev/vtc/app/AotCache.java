package dev.vtc.app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM's cache of loaded and linked classes (JEP 483, 514, 515), with which the first token came
 * after 190 ms instead of 270 (Zen 5, 2026-11-26). The launcher {@code vtc} names a file that is
 * not there or too old in the property {@code vtc.aot}; the first run that has answered then makes
 * it, in a process of its own that nobody waits for: it runs the same model once more, watched by
 * the JVM.
 */
public final class AotCache {
  /** The file to make; empty or missing when there is nothing to do. */
  private static final String PROPERTY = "vtc.aot";

  // Made under another name and renamed, so that a file under its own name is whole. The lock is a
  // folder, which only one process can make; one that is ten minutes old was left behind. $0 is the
  // file, the arguments are the command.
  private static final String SCRIPT =
      """
      lock=$0.lock
      find "$lock" -maxdepth 0 -mmin +10 -exec rmdir {} + 2>/dev/null
      mkdir "$lock" 2>/dev/null || exit 0
      trap 'rm -f "$0.part" "$0.part.config"; rmdir "$lock"' EXIT
      trap '' HUP
      "$@" && mv -f "$0.part" "$0"
      """;

  private AotCache() {}

  /**
   * Makes the cache, if the launcher asked for it. Returns at once; failures are silent, since
   * nothing depends on the cache.
   *
   * @param model the model that was just run
   */
  public static void makeFor(Path model) {
    String target = System.getProperty(PROPERTY, "");
    String jar = System.getProperty("java.class.path", "");
    if (target.isEmpty() || jar.contains(File.pathSeparator) || !jar.endsWith(".jar")) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", SCRIPT, target, "nice"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:AOTCacheOutput=" + target + ".part");
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx1g", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", jar, "run", "-m", model.toString(), "-n", "8", "-q"));
    command.addAll(List.of("--raw", "--offline", "The capital of France is"));
    try {
      Files.createDirectories(Path.of(target).toAbsolutePath().getParent());
      new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException | UnsupportedOperationException e) {
      // The next run tries again.
    }
  }
}
