package dev.vtc.app.store;

import dev.vtc.app.Bytes;
import dev.vtc.app.Progress;
import dev.vtc.app.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP: into {@code NAME.part}, continued where an earlier attempt stopped,
 * checked, renamed.
 *
 * <p>A name without {@code .part} therefore always means a complete, checked file. What makes
 * continuing safe is the server's validator (ETag), kept in {@code NAME.part.from} and sent as
 * {@code If-Range}: a file that changed on the server is fetched from its beginning.
 */
public final class Downloader {
  private static final int MAX_REDIRECTS = 10;
  private static final int ATTEMPTS = 5;

  private @Nullable HttpClient client;
  private final Duration stall;
  private final Duration pause;

  public Downloader() {
    this(Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  /**
   * @param stall how long a connection may deliver nothing before it is given up and tried again
   * @param pause how long to wait before the first repetition; doubled for each further one
   */
  Downloader(Duration stall, Duration pause) {
    this.stall = stall;
    this.pause = pause;
  }

  /** Made when something is fetched: it reads all certificates, 200 ms of a start. */
  private HttpClient client() {
    HttpClient c = client;
    if (c == null) {
      // Redirects are followed by hand: credentials must not travel to another host.
      c =
          HttpClient.newBuilder()
              .connectTimeout(Duration.ofSeconds(10))
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(new EnvironmentProxies(System.getenv()))
              .build();
      client = c;
    }
    return c;
  }

  /**
   * What to fetch.
   *
   * @param bytes the exact size when it is known, else -1
   * @param sha256 the SHA-256 when it is known, lower case hex
   * @param token sent as a bearer token to the address's own host only; null for none
   */
  public record Request(URI uri, long bytes, @Nullable String sha256, @Nullable String token) {}

  /** Body and status of a small text resource. */
  record Text(int status, String body) {}

  /** Fetches a small text (at most {@code limit} bytes), redirects followed. */
  Text text(URI uri, @Nullable String token, int limit) throws IOException {
    HttpResponse<InputStream> response = send(new Request(uri, -1, null, token), 0, null);
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(limit + 1);
      if (body.length > limit) {
        throw new UserError(
            uri.getHost()
                + " answered with more than "
                + Bytes.human(limit)
                + " where a short text is expected.");
      }
      return new Text(
          response.statusCode(), new String(body, java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /**
   * Fetches {@code request} to {@code file}.
   *
   * @return the file's SHA-256
   * @throws UserError when it cannot be had, with the reason and the remedy
   */
  public String fetch(Request request, Path file, Progress progress) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Path from = file.resolveSibling(file.getFileName() + ".part.from");
    Duration wait = pause;
    int failures = 0;
    while (true) {
      long before = Files.exists(part) ? Files.size(part) : 0;
      try {
        String sha256 = attempt(request, part, from, progress);
        if (request.sha256() != null && !request.sha256().equals(sha256)) {
          Files.deleteIfExists(part);
          Files.deleteIfExists(from);
          if (before > 0 && failures == 0) {
            failures =
                ATTEMPTS
                    - 1; // what an earlier run left may be at fault: once more from the beginning
            continue;
          }
          throw new UserError(
              "The file from "
                  + request.uri().getHost()
                  + " has SHA-256 "
                  + sha256
                  + " instead of "
                  + request.sha256()
                  + "; it was deleted, try again or use another source.");
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(from);
        return sha256;
      } catch (Interrupted e) {
        long now = Files.exists(part) ? Files.size(part) : 0;
        failures = now > before ? 1 : failures + 1; // as long as bytes arrive, go on
        if (failures >= ATTEMPTS) {
          throw new UserError(
              "The connection to "
                  + request.uri().getHost()
                  + " broke "
                  + ATTEMPTS
                  + " times ("
                  + e.getMessage()
                  + "); "
                  + Bytes.human(now)
                  + " are kept, the same command continues there.",
              e);
        }
        try {
          Thread.sleep(wait);
        } catch (InterruptedException stop) {
          Thread.currentThread().interrupt();
          throw new UserError("The download was stopped.", stop);
        }
        wait = wait.multipliedBy(2);
      }
    }
  }

  /** A transfer that broke off and may be continued. */
  private static final class Interrupted extends IOException {
    private static final long serialVersionUID = 1L;

    Interrupted(String reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  private String attempt(Request request, Path part, Path from, Progress progress)
      throws IOException {
    Files.createDirectories(part.toAbsolutePath().getParent());
    long have = Files.exists(part) ? Files.size(part) : 0;
    String validator = have > 0 ? validator(from, request) : null;
    // Without validator and without a pinned hash nothing would notice two halves of different
    // files.
    if (have > 0 && validator == null && request.sha256() == null) {
      have = 0;
    }
    MessageDigest digest = Store.sha256();
    if (have > 0 && have == request.bytes()) {
      hash(part, have, digest);
      progress.start(have, have);
      return HexFormat.of().formatHex(digest.digest());
    }
    HttpResponse<InputStream> response = send(request, have, validator);
    try (InputStream in = response.body()) {
      int status = response.statusCode();
      long length = response.headers().firstValueAsLong("content-length").orElse(-1);
      long total;
      switch (status) {
        case 200 -> {
          have = 0;
          total = length;
        }
        case 206 -> {
          String range = response.headers().firstValue("content-range").orElse("");
          if (!range.startsWith("bytes " + have + "-")) {
            Files.deleteIfExists(part);
            throw new Interrupted("it answered with another range than was asked for", null);
          }
          total = length < 0 ? -1 : have + length;
        }
        case 416 -> {
          Files.deleteIfExists(part); // longer than the file on the server: not its beginning
          throw new Interrupted("the part that was there does not fit", null);
        }
        default -> throw refused(request, status);
      }
      if (request.bytes() >= 0 && total >= 0 && total != request.bytes()) {
        Files.deleteIfExists(part);
        throw new UserError(
            request.uri()
                + " has "
                + total
                + " bytes instead of "
                + request.bytes()
                + "; it is another file now, use another source.");
      }
      total = total < 0 ? request.bytes() : total;
      checkSpace(part, total - have);
      if (have > 0) {
        hash(part, have, digest);
      }
      remember(from, request, response);
      progress.start(total, have);
      long end = copy(in, part, have, digest, progress);
      if (total >= 0 && end != total) {
        throw new Interrupted("it sent " + end + " of " + total + " bytes", null);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private long copy(InputStream in, Path part, long have, MessageDigest digest, Progress progress)
      throws IOException {
    AtomicLong position = new AtomicLong(have);
    Thread watch = watch(in, position);
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(have).position(have);
      byte[] buffer = new byte[1 << 17];
      while (true) {
        int n;
        try {
          n = in.read(buffer);
        } catch (IOException e) {
          out.force(false);
          throw new Interrupted(reason(e), e);
        }
        if (n < 0) {
          break;
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        try {
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        } catch (IOException e) {
          out.truncate(0);
          Files.deleteIfExists(part);
          throw new UserError(
              "Writing "
                  + part
                  + " failed ("
                  + reason(e)
                  + "); what was fetched was deleted, make room and try again.",
              e);
        }
        digest.update(buffer, 0, n);
        progress.update(position.addAndGet(n));
      }
      out.force(true);
      return position.get();
    } finally {
      watch.interrupt();
    }
  }

  /**
   * Closes {@code in} when {@code position} has not moved for {@link #stall}: reading has no
   * timeout of its own.
   */
  private Thread watch(InputStream in, AtomicLong position) {
    return Thread.ofVirtual()
        .start(() -> {
          long last = -1;
          try {
            while (position.get() != last) {
              last = position.get();
              Thread.sleep(stall);
            }
            in.close();
          } catch (InterruptedException | IOException e) {
            // The transfer ended, or is ending: nothing to watch.
          }
        });
  }

  private HttpResponse<InputStream> send(Request request, long have, @Nullable String validator)
      throws IOException {
    URI uri = request.uri();
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpRequest.Builder http =
          HttpRequest.newBuilder(uri)
              .timeout(Duration.ofSeconds(30))
              .header("User-Agent", "vtc")
              .header("Accept-Encoding", "identity");
      if (have > 0) {
        http.header("Range", "bytes=" + have + "-");
        if (validator != null) {
          http.header("If-Range", validator);
        }
      }
      if (request.token() != null && sameOrigin(uri, request.uri())) {
        http.header("Authorization", "Bearer " + request.token());
      }
      HttpResponse<InputStream> response = exchange(http.build());
      int status = response.statusCode();
      if (status < 300 || status >= 400 || status == 304) {
        return response;
      }
      response.body().close();
      String location = response.headers().firstValue("location").orElse("");
      URI next;
      try {
        next = uri.resolve(location);
      } catch (IllegalArgumentException e) {
        throw new UserError(uri.getHost() + " redirects to an invalid address.", e);
      }
      if (location.isEmpty() || next.getHost() == null) {
        throw new UserError(uri.getHost() + " redirects to nowhere.");
      }
      if ("https".equals(uri.getScheme()) && !"https".equals(next.getScheme())) {
        throw new UserError(
            uri.getHost()
                + " redirects from https to "
                + next.getScheme()
                + "; that is not followed.");
      }
      uri = next;
    }
    throw new UserError(
        request.uri().getHost() + " redirects more than " + MAX_REDIRECTS + " times.");
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
    try {
      return client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("The download was stopped.", e);
    } catch (ConnectException | HttpConnectTimeoutException | UnknownHostException e) {
      throw new Unreachable(request.uri().getHost(), e);
    } catch (IOException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof UnresolvedAddressException) {
          throw new Unreachable(request.uri().getHost(), e);
        }
        if (t instanceof javax.net.ssl.SSLException) {
          throw new UserError(
              "The connection to "
                  + request.uri().getHost()
                  + " is not secure ("
                  + reason(t)
                  + "); nothing was fetched.",
              e);
        }
      }
      throw new Interrupted(reason(e), e);
    }
  }

  /** The host cannot be reached: another source may help. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(String host, Throwable cause) {
      super(
          host + " cannot be reached; check the network, or name a model file on this machine.",
          cause);
    }
  }

  private static UserError refused(Request request, int status) {
    String where = request.uri().toString();
    return switch (status) {
      case 401, 403 ->
          new UserError(
              where
                  + " may not be read (HTTP "
                  + status
                  + ")"
                  + (request.token() == null
                      ? "; if it needs an account, put your token into HF_TOKEN."
                      : "; accept the model's terms on its page, or check HF_TOKEN."));
      case 404, 410 -> new UserError(where + " does not exist (HTTP " + status + ").");
      case 429 -> new UserError(where + " is asked for too often (HTTP 429); wait a little.");
      default -> new UserError(where + " cannot be had (HTTP " + status + ").");
    };
  }

  private static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private static void hash(Path file, long bytes, MessageDigest digest) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 17];
      for (long left = bytes; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException(file + " became shorter while it was read.");
        }
        digest.update(buffer, 0, n);
        left -= n;
      }
    }
  }

  private static void checkSpace(Path part, long need) throws IOException {
    FileStore disk = Files.getFileStore(part.toAbsolutePath().getParent());
    long free = disk.getUsableSpace();
    if (need > free) {
      throw new UserError(
          "The download needs "
              + Bytes.human(need)
              + ", but "
              + part.getParent()
              + " has only "
              + Bytes.human(free)
              + " left; make room, or set VTC_HOME to another disk.");
    }
  }

  /** The strong ETag that an earlier attempt saw for the same address, or null. */
  private static @Nullable String validator(Path from, Request request) throws IOException {
    if (!Files.isRegularFile(from)) {
      return null;
    }
    Properties p = new Properties();
    try {
      p.load(new StringReader(Files.readString(from)));
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      return null;
    }
    return request.uri().toString().equals(p.getProperty("uri")) ? p.getProperty("etag") : null;
  }

  private static void remember(Path from, Request request, HttpResponse<?> response)
      throws IOException {
    String etag = response.headers().firstValue("etag").orElse("");
    if (etag.isEmpty() || etag.startsWith("W/")) {
      Files.deleteIfExists(from); // a weak validator says nothing of the bytes
      return;
    }
    Properties p = new Properties();
    p.setProperty("uri", request.uri().toString());
    p.setProperty("etag", etag);
    StringWriter text = new StringWriter();
    p.store(text, null);
    Files.writeString(from, text.toString());
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass()
            .getSimpleName()
            .replaceAll("([a-z])([A-Z])", "$1 $2")
            .toLowerCase(Locale.ROOT)
        : message;
  }
}
