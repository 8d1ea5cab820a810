package dev.vtc.app.store;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Proxies as other command-line tools find them: {@code https_proxy}, {@code http_proxy}, {@code
 * all_proxy} and {@code no_proxy}, in either case; Java by itself reads only system properties,
 * which win when they are set.
 */
final class EnvironmentProxies extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final Map<String, String> env;

  EnvironmentProxies(Map<String, String> env) {
    this.env = env;
  }

  @Override
  public List<Proxy> select(URI uri) {
    ProxySelector system = ProxySelector.getDefault();
    if (system != null
        && (System.getProperty("https.proxyHost") != null
            || System.getProperty("http.proxyHost") != null)) {
      return system.select(uri);
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String proxy = variable(scheme + "_proxy");
    if (proxy.isEmpty()) {
      proxy = variable("all_proxy");
    }
    if (proxy.isEmpty() || excluded(uri.getHost())) {
      return DIRECT;
    }
    try {
      URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      if (address.getHost() == null) {
        return DIRECT;
      }
      int port = address.getPort() > 0 ? address.getPort() : 80;
      return List.of(
          new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
    } catch (IllegalArgumentException e) {
      return DIRECT;
    }
  }

  private String variable(String name) {
    String lower = env.getOrDefault(name, "");
    return lower.isEmpty() ? env.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
  }

  private boolean excluded(String host) {
    if (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]")) {
      return true;
    }
    for (String entry : variable("no_proxy").split(",", -1)) {
      String suffix = entry.strip().toLowerCase(Locale.ROOT);
      suffix = suffix.startsWith(".") ? suffix.substring(1) : suffix;
      String h = host.toLowerCase(Locale.ROOT);
      if (suffix.equals("*")
          || (!suffix.isEmpty() && (h.equals(suffix) || h.endsWith("." + suffix)))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void connectFailed(URI uri, SocketAddress proxy, IOException e) {
    // The client reports the failure itself.
  }
}
