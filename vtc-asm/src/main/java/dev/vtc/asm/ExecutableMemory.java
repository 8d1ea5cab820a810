package dev.vtc.asm;

import dev.vtc.asm.MemoryCalls.Access;
import dev.vtc.asm.MemoryCalls.Mapping;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;

/**
 * One block of machine code in native memory: written while it is writable, then made executable,
 * never both, with an inaccessible guard page before and after it.
 *
 * <pre>
 * | guard, no access | code 0 | pad | code 1 | pad | ... | pad to a page | guard, no access |
 * </pre>
 *
 * Padding is filled with an instruction that traps.
 *
 * <p>Ownership: the block is freed by {@link #close()}, and its owner must know that no thread runs
 * or will enter its code then. All methods may be called from any thread.
 *
 * <p>Settings: the system property {@code vtc.refuseCode} or the environment variable {@code
 * VTC_REFUSE_CODE=1} refuses all machine code; {@code vtc.perfMap} or {@code VTC_PERF_MAP=1} writes
 * names for Linux perf; {@code vtc.dumpCode} or {@code VTC_DUMP_CODE=folder} writes each piece of
 * code to a file.
 */
public final class ExecutableMemory implements AutoCloseable {
  /** Largest block, in bytes: far above all kernels of a model, far below what hurts. */
  private static final long MAX_BYTES = 1L << 28;

  private final MemoryCalls memory;
  private final MachineCode[] codes;
  private final long[] addresses;
  private final long mapping;
  private final long mappingBytes;
  private boolean closed;

  private ExecutableMemory(
      MemoryCalls memory, MachineCode[] codes, long[] addresses, long mapping, long mappingBytes) {
    this.memory = memory;
    this.codes = codes;
    this.addresses = addresses;
    this.mapping = mapping;
    this.mappingBytes = mappingBytes;
  }

  /**
   * Loads pieces of code into one block.
   *
   * @throws CodeRefusedException if the platform or the user refuses machine code
   */
  public static ExecutableMemory load(List<MachineCode> codes) {
    return load(codes.toArray(new MachineCode[0]));
  }

  /** Loads pieces of code into one block, see {@link #load(List)}. */
  public static ExecutableMemory load(MachineCode... codes) {
    if (Platform.isOn("vtc.refuseCode", "VTC_REFUSE_CODE")) {
      throw new CodeRefusedException(
          "machine code is switched off by the system property vtc.refuseCode or the environment"
              + " variable VTC_REFUSE_CODE");
    }
    ExecutableMemory loaded = load(OnDemand.MEMORY, OnDemand.CACHE, codes);
    CodeNames.publish(codes, loaded.addresses);
    return loaded;
  }

  /** The platform's calls, looked up when first needed. */
  private static final class OnDemand {
    static final MemoryCalls MEMORY = new PosixMemory();
    static final InstructionCache CACHE = InstructionCache.ofPlatform(MEMORY);
  }

  static ExecutableMemory load(MemoryCalls memory, InstructionCache cache, MachineCode... codes) {
    if (codes.length == 0) {
      throw new IllegalArgumentException("there is no code to load");
    }
    long page = memory.pageBytes();
    long[] addresses = new long[codes.length];
    long end = 0;
    for (int i = 0; i < codes.length; i++) {
      for (int j = 0; j < i; j++) {
        if (codes[j].name().equals(codes[i].name())) {
          throw new IllegalArgumentException(
              "two pieces of code in one block are named " + codes[i].name());
        }
      }
      end = roundUp(end, codes[i].alignment());
      addresses[i] = end;
      end += codes[i].bytes().length;
      if (end > MAX_BYTES) {
        throw new IllegalArgumentException(
            "a block of code is at most " + MAX_BYTES + " bytes, but " + end + " were given");
      }
    }
    long codeBytes = roundUp(end, page);
    long mappingBytes = codeBytes + 2 * page;
    byte[] image = image(codes, addresses, codeBytes);
    long mapping = executable(memory, image, mappingBytes);
    long start = mapping + page;
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] += start;
    }
    boolean done = false;
    try {
      cache.synchronize(start, end);
      done = true;
    } finally {
      if (!done) {
        memory.unmap(mapping, mappingBytes);
      }
    }
    return new ExecutableMemory(memory, codes.clone(), addresses, mapping, mappingBytes);
  }

  /**
   * Maps memory with the image behind its first page, executable: in the first way that the
   * platform does not refuse.
   */
  private static long executable(MemoryCalls memory, byte[] image, long mappingBytes) {
    CodeRefusedException refused = null;
    for (Mapping way : memory.mappings()) {
      try {
        return executable(memory, way, image, mappingBytes);
      } catch (CodeRefusedException e) {
        refused = refused == null ? e : refused; // the usual way says more to users
      }
    }
    throw Objects.requireNonNull(refused);
  }

  private static long executable(MemoryCalls memory, Mapping way, byte[] image, long mappingBytes) {
    long mapping = memory.map(mappingBytes, way);
    if (mapping == -1 || mapping == 0) {
      throw new CodeRefusedException(
          "the system refused " + mappingBytes + " bytes of memory for machine code (mmap failed)");
    }
    boolean done = false;
    try {
      long start = mapping + memory.pageBytes();
      if (!memory.protect(start, image.length, Access.READ_WRITE)) {
        throw new CodeRefusedException(
            "the system refused to make memory for machine code writable (mprotect failed)");
      }
      memory.write(start, image);
      if (!memory.protect(start, image.length, Access.READ_EXECUTE)) {
        throw new CodeRefusedException(
            "the system does not let this process make memory executable (mprotect with PROT_EXEC"
                + " failed; SELinux, a hardened runtime or a container's seccomp rules do that)");
      }
      done = true;
      return mapping;
    } finally {
      if (!done) {
        memory.unmap(mapping, mappingBytes);
      }
    }
  }

  private static byte[] image(MachineCode[] codes, long[] offsets, long bytes) {
    byte[] image = new byte[Math.toIntExact(bytes)];
    // 0xCC is int3 on x86-64; four zero bytes are udf on AArch64.
    if (Platform.X64) {
      java.util.Arrays.fill(image, (byte) 0xCC);
    }
    for (int i = 0; i < codes.length; i++) {
      byte[] code = codes[i].bytes();
      System.arraycopy(code, 0, image, Math.toIntExact(offsets[i]), code.length);
    }
    return image;
  }

  private static long roundUp(long n, long unit) {
    return (n + unit - 1) & -unit;
  }

  /** Returns the entry address of the code with this name. */
  public synchronized long address(String name) {
    if (closed) {
      throw new IllegalStateException("this block of code is closed");
    }
    for (int i = 0; i < codes.length; i++) {
      if (codes[i].name().equals(name)) {
        return addresses[i];
      }
    }
    throw new IllegalArgumentException("there is no code named " + name + " in this block");
  }

  /** Returns the entry address of piece {@code i}, in the order in which they were given. */
  public synchronized long address(int i) {
    if (closed) {
      throw new IllegalStateException("this block of code is closed");
    }
    return addresses[i];
  }

  /** Returns the entry of the code with this name as a segment of its length. */
  public MemorySegment entry(String name) {
    long address = address(name);
    for (MachineCode code : codes) {
      if (code.name().equals(name)) {
        return MemorySegment.ofAddress(address).reinterpret(code.bytes().length);
      }
    }
    throw new IllegalStateException(name);
  }

  /** Returns a method handle that calls the code with this name, see {@link NativeCalls}. */
  public MethodHandle downcall(String name, FunctionDescriptor shape) {
    return NativeCalls.downcall(address(name), shape);
  }

  /** Returns the bytes of address space in use, guard pages included. */
  public long mappedBytes() {
    return mappingBytes;
  }

  /** Frees the block. Calling its code afterwards ends the process. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      memory.unmap(mapping, mappingBytes);
    }
  }
}
