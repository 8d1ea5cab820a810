package dev.vtc.asm;

/**
 * What the CPU and the operating system offer. Minimal for now: the branch that detects features
 * replaces this file as a whole.
 */
public record CpuFeatures() {
  /** Asks the CPU. */
  public static CpuFeatures detect() {
    return new CpuFeatures();
  }

  /** Physical cores this process may use. */
  public int physicalCores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
