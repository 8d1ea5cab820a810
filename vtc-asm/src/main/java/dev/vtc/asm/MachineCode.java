package dev.vtc.asm;

/** One named piece of finished machine code, position independent, with its constants behind it. */
public final class MachineCode {
  /** Alignment that keeps 64-byte aligned constants and loop heads where the assembler put them. */
  public static final int CACHE_LINE = 64;

  private final String name;
  private final byte[] bytes;
  private final int alignment;

  /**
   * A piece of code.
   *
   * @param name shown in profilers, listings and dumps; unique within one {@link ExecutableMemory}
   * @param bytes the code, entered at its first byte; owned by this object from now on
   * @param alignment of the first byte in memory, in bytes: a power of two up to 4096
   */
  public MachineCode(String name, byte[] bytes, int alignment) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("machine code " + name + " is empty");
    }
    if (alignment < 1 || alignment > 4096 || Integer.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "machine code " + name + ": alignment " + alignment + " is not a power of two to 4096");
    }
    this.name = name;
    this.bytes = bytes;
    this.alignment = alignment;
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns the bytes themselves, not a copy; they are not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the alignment of the first byte in memory, in bytes. */
  public int alignment() {
    return alignment;
  }
}
