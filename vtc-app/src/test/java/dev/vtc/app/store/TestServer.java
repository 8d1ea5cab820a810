package dev.vtc.app.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on this machine whose files and faults a test sets. */
public final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Resource> resources = new ConcurrentHashMap<>();

  /** What was asked for: path, and the headers Range, If-Range and Authorization. */
  public record Asked(String path, String range, String ifRange, String authorization) {}

  public final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** How one path is answered. */
  public static final class Resource {
    final byte[] body;
    public volatile String etag = "\"one\"";
    public volatile int status = 200;
    public volatile String location = "";
    public volatile boolean ranges = true;

    /**
     * After how many bytes of an answer the connection is cut, for the next {@link #cuts} answers.
     */
    public volatile int cutAfter = Integer.MAX_VALUE;

    public final AtomicInteger cuts = new AtomicInteger();

    /** Whether the answer stops after {@link #cutAfter} bytes without closing the connection. */
    public volatile boolean hang;

    /** Milliseconds that pass before an answer's body. */
    public volatile int delay;

    Resource(byte[] body) {
      this.body = body;
    }
  }

  public TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  public Resource put(String path, byte[] body) {
    Resource resource = new Resource(body);
    resources.put(path, resource);
    return resource;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    String range = header(exchange, "Range");
    String ifRange = header(exchange, "If-Range");
    asked.add(new Asked(path, range, ifRange, header(exchange, "Authorization")));
    Resource resource = resources.get(path);
    if (resource == null) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    if (resource.status != 200) {
      if (!resource.location.isEmpty()) {
        exchange.getResponseHeaders().set("Location", resource.location);
      }
      exchange.sendResponseHeaders(resource.status, -1);
      exchange.close();
      return;
    }
    int from = 0;
    int status = 200;
    boolean same = ifRange.isEmpty() || ifRange.equals(resource.etag);
    if (resource.ranges && range.startsWith("bytes=") && same) {
      from = Integer.parseInt(range.substring(6, range.length() - 1));
      if (from >= resource.body.length) {
        exchange.sendResponseHeaders(416, -1);
        exchange.close();
        return;
      }
      status = 206;
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes " + from + "-" + (resource.body.length - 1) + "/" + resource.body.length);
    }
    if (!resource.etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", resource.etag);
    }
    int length = resource.body.length - from;
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    OutputStream out = exchange.getResponseBody();
    pause(resource.delay);
    if (length > resource.cutAfter && resource.cuts.getAndDecrement() > 0) {
      out.write(resource.body, from, resource.cutAfter);
      out.flush();
      if (resource.hang) {
        pause(20_000);
      }
      throw new IOException("the test cuts the connection");
    }
    out.write(resource.body, from, length);
    exchange.close();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
