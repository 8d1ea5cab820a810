package dev.vtc.asm;

/**
 * Which AArch64 core this is, as the register MIDR_EL1 tells: bits 31 to 24 the implementer, bits
 * 15 to 4 the part number (Arm Architecture Reference Manual, "MIDR_EL1, Main ID Register").
 *
 * @param implementer such as 0x41 for Arm and 0x61 for Apple; 0 where it is not known
 * @param part the implementer's own number of the core; 0 where it is not known
 */
public record ArmCore(int implementer, int part) {
  /** A core of which nothing is known. */
  public static final ArmCore UNKNOWN = new ArmCore(0, 0);

  private static final int APPLE = 0x61;
  private static final String CPUS = "/sys/devices/system/cpu/";
  private static final String MIDR = "/regs/identification/midr_el1";

  /**
   * The core of this machine. Where cores differ, the one that Linux numbers last: by custom the
   * largest. macOS runs on Apple's cores only, whose register it does not show.
   */
  public static ArmCore detect() {
    if (!Platform.AARCH64) {
      return UNKNOWN;
    }
    return Platform.MACOS ? new ArmCore(APPLE, 0) : detect(CPUS, "/proc/cpuinfo");
  }

  /** From Linux's files: the register itself, else /proc/cpuinfo, which takes longer to make. */
  static ArmCore detect(String cpus, String cpuInfo) {
    int last = Topology.parseList(Topology.read(cpus + "online").strip()).length - 1;
    String midr = last < 0 ? "" : Topology.read(cpus + "cpu" + last + MIDR).strip();
    try {
      long register = Long.decode(midr);
      return new ArmCore((int) (register >>> 24 & 0xff), (int) (register >>> 4 & 0xfff));
    } catch (NumberFormatException e) {
      return fromCpuInfo(Topology.read(cpuInfo));
    }
  }

  /** Decodes /proc/cpuinfo of Linux on AArch64: the last core that it names. */
  static ArmCore fromCpuInfo(String text) {
    int implementer = last(text, "CPU implementer");
    int part = last(text, "CPU part");
    return implementer < 0 || part < 0 ? UNKNOWN : new ArmCore(implementer, part);
  }

  /** The number on the last line with a key, or -1. */
  private static int last(String text, String key) {
    int at = text.lastIndexOf(key);
    int colon = at < 0 ? -1 : text.indexOf(':', at);
    if (colon < 0) {
      return -1;
    }
    int end = text.indexOf('\n', colon);
    try {
      return Integer.decode(text.substring(colon + 1, end < 0 ? text.length() : end).strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
