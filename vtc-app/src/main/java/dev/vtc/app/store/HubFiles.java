package dev.vtc.app.store;

import dev.vtc.app.UserError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Which files of a Hugging Face repository make up the model that was asked for. */
final class HubFiles {
  /**
   * What is taken first when nothing is asked for: small enough to run anywhere, good enough to
   * use.
   */
  private static final List<String> PREFERENCE =
      List.of(
          "Q4_K_M", "Q4_0", "Q4_1", "Q4_K_S", "Q5_K_M", "Q5_0", "Q6_K", "Q8_0", "IQ4_XS", "IQ4_NL",
          "MXFP4", "BF16", "F16", "F32");

  private static final Pattern SPLIT = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int LIST_LIMIT = 16 << 20;

  private HubFiles() {}

  /**
   * @param path in the repository
   * @param bytes size, or -1
   * @param sha256 of the content, or null when the hub does not say
   */
  record HubFile(String path, long bytes, @Nullable String sha256) {}

  /** The hub's address: {@code HF_ENDPOINT} as in Hugging Face's own tools, else huggingface.co. */
  static URI endpoint(Map<String, String> env) {
    String own = env.getOrDefault("HF_ENDPOINT", "");
    try {
      URI uri = URI.create(own.isEmpty() ? "https://huggingface.co" : own.replaceAll("/+$", ""));
      if (uri.getHost() != null && uri.getScheme() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new UserError("HF_ENDPOINT is set to \"" + own + "\", which is not an address.");
  }

  static URI address(URI endpoint, ModelRef.HuggingFace ref, HubFile file) {
    String path =
        java.util.Arrays.stream(file.path().split("/", -1))
            .map(s -> URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return URI.create(endpoint + "/" + ref.owner() + "/" + ref.repo() + "/resolve/main/" + path);
  }

  /** Asks the hub what the repository contains, and chooses. */
  static List<HubFile> resolve(
      Downloader downloader, URI endpoint, ModelRef.HuggingFace ref, @Nullable String token)
      throws IOException {
    URI uri =
        URI.create(
            endpoint
                + "/api/models/"
                + ref.owner()
                + "/"
                + ref.repo()
                + "/tree/main?recursive=true");
    Downloader.Text answer = downloader.text(uri, token, LIST_LIMIT);
    switch (answer.status()) {
      case 200 -> {}
      case 401, 403, 404 ->
          throw new UserError(
              "The repository "
                  + ref.owner()
                  + "/"
                  + ref.repo()
                  + " does not exist on "
                  + endpoint.getHost()
                  + " or may not be read"
                  + (token == null
                      ? "; if it needs an account, put your token into HF_TOKEN."
                      : "; check HF_TOKEN."));
      default ->
          throw new UserError(
              endpoint.getHost() + " answered with HTTP " + answer.status() + "; try again later.");
    }
    return choose(ref, parse(answer.body(), endpoint.getHost()));
  }

  static List<HubFile> parse(String json, String host) {
    List<HubFile> files = new ArrayList<>();
    try (JsonParser p = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      if (p.nextToken() != JsonToken.START_ARRAY) {
        throw new UserError(host + " answered with something that is not a list of files.");
      }
      while (p.nextToken() == JsonToken.START_OBJECT) {
        String path = "";
        long bytes = -1;
        String sha256 = null;
        while (p.nextToken() == JsonToken.PROPERTY_NAME) {
          String field = p.currentName();
          JsonToken value = p.nextToken();
          if (field.equals("path") && value == JsonToken.VALUE_STRING) {
            path = p.getString();
          } else if (field.equals("size") && value == JsonToken.VALUE_NUMBER_INT) {
            bytes = p.getLongValue();
          } else if (field.equals("lfs") && value == JsonToken.START_OBJECT) {
            while (p.nextToken() == JsonToken.PROPERTY_NAME) {
              String inner = p.currentName();
              JsonToken v = p.nextToken();
              if (inner.equals("oid")
                  && v == JsonToken.VALUE_STRING
                  && p.getString().matches("[0-9a-f]{64}")) {
                sha256 = p.getString();
              } else {
                p.skipChildren();
              }
            }
          } else {
            p.skipChildren();
          }
        }
        if (!path.isEmpty()) {
          files.add(new HubFile(path, bytes, sha256));
        }
      }
    } catch (JacksonException e) {
      throw new UserError(host + " answered with broken JSON; try again later.", e);
    }
    return files;
  }

  /** The files of one model, the first part first. */
  static List<HubFile> choose(ModelRef.HuggingFace ref, List<HubFile> all) {
    List<HubFile> models =
        all.stream()
            .filter(
                f -> f.path().toLowerCase(Locale.ROOT).endsWith(".gguf") && plainName(fileName(f)))
            .filter(f -> !fileName(f).toLowerCase(Locale.ROOT).startsWith("mmproj"))
            .sorted(Comparator.comparing(HubFile::path))
            .toList();
    String where = ref.owner() + "/" + ref.repo();
    if (models.isEmpty()) {
      throw new UserError(
          "The repository " + where + " has no GGUF file; look for one whose name ends in -GGUF.");
    }
    String quant = ref.quant();
    if (quant == null) {
      for (String preferred : PREFERENCE) {
        List<HubFile> found = parts(matching(models, preferred));
        if (!found.isEmpty()) {
          return found;
        }
      }
      return parts(models);
    }
    List<HubFile> found = parts(matching(models, quant));
    if (found.isEmpty()) {
      throw new UserError(
          "The repository "
              + where
              + " has no file with "
              + quant
              + " in its name; it has "
              + names(models)
              + ".");
    }
    return found;
  }

  /** The files whose name contains {@code quant} as a whole: Q4_K is not Q4_K_M. */
  private static List<HubFile> matching(List<HubFile> models, String quant) {
    Pattern whole =
        Pattern.compile(
            "(?<![A-Za-z0-9_])" + Pattern.quote(quant) + "(?![A-Za-z0-9_])",
            Pattern.CASE_INSENSITIVE);
    List<HubFile> found = models.stream().filter(f -> whole.matcher(f.path()).find()).toList();
    if (!found.isEmpty()) {
      return found;
    }
    String lower = quant.toLowerCase(Locale.ROOT);
    return models.stream()
        .filter(f -> fileName(f).toLowerCase(Locale.ROOT).equals(lower) || f.path().equals(quant))
        .toList();
  }

  /** All parts of the first model among {@code models}. */
  private static List<HubFile> parts(List<HubFile> models) {
    if (models.isEmpty()) {
      return models;
    }
    HubFile first = models.getFirst();
    Matcher m = SPLIT.matcher(first.path());
    if (!m.matches()) {
      return List.of(first);
    }
    String head = m.group(1);
    int count = Integer.parseInt(m.group(3));
    List<HubFile> parts =
        models.stream()
            .filter(f -> {
              Matcher other = SPLIT.matcher(f.path());
              return other.matches()
                  && other.group(1).equals(head)
                  && Integer.parseInt(other.group(3)) == count;
            })
            .toList();
    if (parts.size() != count) {
      throw new UserError(
          "Of the " + count + " parts of " + head + " the repository has " + parts.size() + ".");
    }
    return parts;
  }

  private static String names(List<HubFile> models) {
    String names =
        models.stream().limit(20).map(HubFiles::fileName).collect(Collectors.joining(", "));
    return models.size() > 20 ? names + ", …" : names;
  }

  static String fileName(HubFile file) {
    return file.path().substring(file.path().lastIndexOf('/') + 1);
  }

  /** Whether a name from outside can be used as a file name here. */
  static boolean plainName(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._+ @=-]{0,200}") && !name.endsWith(".part");
  }
}
