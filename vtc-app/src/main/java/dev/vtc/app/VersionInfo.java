package dev.vtc.app;

import java.io.PrintStream;
import java.util.Map;

/** What {@code vtc --version} prints. */
final class VersionInfo {
  private VersionInfo() {}

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static void print(PrintStream out, Map<String, String> env, boolean json) {
    out.println("vtc " + version());
    out.println("java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }
}
