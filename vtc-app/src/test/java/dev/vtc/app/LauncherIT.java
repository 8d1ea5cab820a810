package dev.vtc.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that starts VTC. */
class LauncherIT {
  @TempDir Path folder;

  private VtcProcess.Result run(Path launcher, Map<String, String> env, String... args)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(java.util.List.of(args));
    builder.directory(folder.toFile());
    builder.environment().put("VTC_NO_BUILD", "1");
    builder.environment().put("VTC_HOME", folder.resolve("home").toString());
    builder.environment().putAll(env);
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<String> out = VtcProcess.read(process.getInputStream());
    return VtcProcess.finish(process, out, VtcProcess.read(process.getErrorStream()));
  }

  private static Path launcher() {
    return Path.of(System.getProperty("vtc.launcher"));
  }

  @Test
  void worksThroughSymbolicLinksFromAnotherFolderWithBlanksInPaths() throws Exception {
    Path far = Files.createDirectories(folder.resolve("a folder/with blanks"));
    Files.createSymbolicLink(far.resolve("real one"), launcher());
    Path link =
        Files.createSymbolicLink(
            folder.resolve("my vtc"), Path.of("a folder/with blanks/real one"));
    VtcProcess.Result r = run(link, Map.of(), "tokenize", "--help");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).startsWith("Usage: vtc tokenize");
    assertThat(r.err()).isEmpty();
  }

  @Test
  void aJarBesideTheScriptIsEnough() throws Exception {
    Path alone = Files.createDirectories(folder.resolve("installed here"));
    Files.copy(launcher(), alone.resolve("vtc"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(Path.of(System.getProperty("vtc.jar")), alone.resolve("vtc.jar"));
    assertThat(run(alone.resolve("vtc"), Map.of(), "--help").exit()).isZero();
    Files.delete(alone.resolve("vtc.jar"));
    VtcProcess.Result r = run(alone.resolve("vtc"), Map.of(), "--help");
    assertThat(r.exit()).isEqualTo(1);
    assertThat(r.err()).startsWith("vtc: ").contains("vtc.jar");
  }

  @Test
  void findsAJdkWithoutJavaOnThePath() throws Exception {
    // A folder with just what the script uses: no java in it, and no JAVA_HOME but one that is too
    // old.
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        new String[] {"sh", "readlink", "dirname", "uname", "find", "head", "sed", "cat"}) {
      for (String place : new String[] {"/usr/bin/", "/bin/"}) {
        if (Files.isExecutable(Path.of(place + tool)) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), Path.of(place + tool));
        }
      }
    }
    Path old = folder.resolve("old jdk");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    Files.createSymbolicLink(old.resolve("bin/java"), VtcProcess.java());
    Path home = Files.createDirectories(folder.resolve("user"));
    Path jdks = Files.createDirectories(home.resolve(".jdks"));
    Files.createSymbolicLink(jdks.resolve("twenty five"), Path.of(System.getProperty("java.home")));
    Map<String, String> env =
        Map.of("PATH", bin.toString(), "JAVA_HOME", old.toString(), "HOME", home.toString());
    VtcProcess.Result r = run(launcher(), env, "--version");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("java 25");
  }

  @Test
  void furtherOptionsOfTheJvmAreTaken() throws Exception {
    VtcProcess.Result r =
        run(launcher(), Map.of("VTC_JAVA_OPTS", "-Xmx64m -XshowSettings:vm"), "--help");
    assertThat(r.exit()).isZero();
    assertThat(r.err()).contains("Max. Heap Size: 64.00M");
  }

  /**
   * The first answer makes the cache of classes, the second start uses it, a damaged one is no
   * harm.
   */
  @Test
  void theFirstRunMakesTheCacheOfClassesAndTheNextUsesIt() throws Exception {
    Path alone = Files.createDirectories(folder.resolve("installed"));
    Path vtc = alone.resolve("vtc");
    Files.copy(launcher(), vtc, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(Path.of(System.getProperty("vtc.jar")), alone.resolve("vtc.jar"));
    String model = TinyModels.gguf(folder.resolve("tiny.gguf")).toString();
    String[] answer = {"run", "-m", model, "--raw", "-n", "3", "-q", "the"};
    VtcProcess.Result first = run(vtc, Map.of(), answer);
    assertThat(first.exit()).as(first.err()).isZero();
    Path cache = awaitCache(alone);
    Path log = folder.resolve("classes");
    Map<String, String> logged = Map.of("VTC_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    VtcProcess.Result second = run(vtc, logged, answer);
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).isEmpty();
    assertThat(Files.readString(log)).contains("dev.vtc.app.Main source: shared objects file");

    Files.writeString(cache, "This is no cache of classes.");
    VtcProcess.Result third = run(vtc, Map.of(), answer);
    assertThat(third.exit()).as(third.err()).isZero();
    assertThat(third.out()).isEqualTo(first.out());
    assertThat(third.err()).isEmpty();

    Files.delete(cache);
    VtcProcess.Result without = run(vtc, Map.of("VTC_NO_AOT", "1"), answer);
    assertThat(without.out()).isEqualTo(first.out());
    assertThat(cache).doesNotExist();
  }

  /** The cache that another process makes here: it is renamed into the folder when it is whole. */
  private static Path awaitCache(Path folder) throws Exception {
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      while (true) {
        // Looked for after registering: one that is there already made no event.
        try (var files = Files.list(folder)) {
          var cache = files.filter(f -> f.toString().endsWith(".aot")).findFirst();
          if (cache.isPresent()) {
            return cache.get();
          }
        }
        WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(key).as("a cache of classes within three minutes").isNotNull();
        key.pollEvents();
        key.reset();
      }
    }
  }
}
