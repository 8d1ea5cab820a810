package dev.vtc.asm;

import java.util.List;

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

  /** How memory for code is mapped. */
  enum Mapping {
    /** Like any other memory. */
    PLAIN,
    /**
     * As memory of a just-in-time compiler, which macOS lets a process with a hardened runtime
     * execute although it was written (MAP_JIT, entitlement com.apple.security.cs.allow-jit).
     */
    JIT
  }

  /** The mappings this platform knows, those to be tried first coming first. */
  List<Mapping> mappings();

  /** Maps {@code bytes} of fresh private memory without access; returns its address or -1. */
  long map(long bytes, Mapping mapping);

  /** Changes the access of whole pages; returns false if that is refused. */
  boolean protect(long address, long bytes, Access access);

  /** Gives a mapping back. */
  void unmap(long address, long bytes);

  /** Copies {@code code} to writable memory at {@code address}. */
  void write(long address, byte[] code);
}
