package dev.vtc.asm;

/** Operating system and architecture of this process, and the settings of this module. */
final class Platform {
  static final String OS_NAME = System.getProperty("os.name", "unknown system");
  static final String ARCHITECTURE = System.getProperty("os.arch", "unknown");
  static final boolean LINUX = OS_NAME.startsWith("Linux");
  static final boolean MACOS = OS_NAME.startsWith("Mac");
  static final boolean X64 = ARCHITECTURE.equals("amd64") || ARCHITECTURE.equals("x86_64");
  static final boolean AARCH64 = ARCHITECTURE.equals("aarch64");

  private Platform() {}

  /**
   * Returns the system property {@code property}, else the environment variable {@code variable},
   * else the empty string.
   */
  static String setting(String property, String variable) {
    String value = System.getProperty(property);
    if (value == null) {
      value = System.getenv(variable);
    }
    return value == null ? "" : value;
  }

  /** Returns true for a setting that is given and neither empty, "0" nor "false". */
  static boolean isOn(String property, String variable) {
    String value = setting(property, variable);
    return !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }
}
