package dev.vtc.asm;

/**
 * The operating system's memory calls that executable memory needs. Tests replace them to show what
 * happens where a platform refuses.
 */
interface MemoryCalls {
  /** Access of a range: none, read and write, read and execute. There is no fourth. */
  enum Access {
    NONE,
    READ_WRITE,
    READ_EXECUTE
  }

  /** Returns the unit of {@link #protect}, in bytes. */
  long pageBytes();

  /** Maps {@code bytes} of fresh private memory without access; returns its address or -1. */
  long map(long bytes);

  /** Changes the access of whole pages; returns false if that is refused. */
  boolean protect(long address, long bytes, Access access);

  /** Gives a mapping back. */
  void unmap(long address, long bytes);

  /** Copies {@code code} to writable memory at {@code address}. */
  void write(long address, byte[] code);
}
