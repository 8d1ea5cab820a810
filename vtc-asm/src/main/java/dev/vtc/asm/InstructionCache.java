package dev.vtc.asm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Makes freshly written code visible to instruction fetch. x86-64 does that by itself; AArch64 must
 * be told: clean the data cache to the point of unification, invalidate the instruction cache,
 * synchronize (Arm Architecture Reference Manual, B2.7.4.2 "Synchronization and coherency issues").
 */
interface InstructionCache {
  /** Returns once {@code bytes} of code from {@code address}, by now executable, can be fetched. */
  void synchronize(long address, long bytes);

  /** Returns the way of this platform. */
  static InstructionCache ofPlatform(MemoryCalls memory) {
    if (!Platform.AARCH64) {
      return new Coherent();
    }
    if (Platform.MACOS) {
      Optional<MemorySegment> f = NativeCalls.find("sys_icache_invalidate");
      if (f.isPresent()) {
        return (address, bytes) -> NativeCalls.call(f.get(), address, bytes, 0, 0, 0, 0);
      }
    }
    Optional<MemorySegment> f = clearCache();
    if (f.isPresent()) {
      return (address, bytes) -> NativeCalls.call(f.get(), address, address + bytes, 0, 0, 0, 0);
    }
    return new Stub(memory);
  }

  /** Nothing to do: x86-64 keeps instruction fetch coherent with stores. */
  final class Coherent implements InstructionCache {
    @Override
    public void synchronize(long address, long bytes) {}
  }

  private static Optional<MemorySegment> clearCache() {
    try {
      return SymbolLookup.libraryLookup("libgcc_s.so.1", Arena.global()).find("__clear_cache");
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a system without libgcc: the stub does the same
    }
  }

  /**
   * The maintenance loop as an emitted function f(address, bytes). It steps by 16 bytes, the
   * smallest cache line the architecture knows, so it need not read CTR_EL0.
   *
   * <p>The stub itself needs no maintenance: Linux cleans and invalidates the caches of a page when
   * it first becomes executable (arch/arm64/mm/flush.c, __sync_icache_dcache), and it does so after
   * the write here because no page is ever writable and executable.
   */
  final class Stub implements InstructionCache {
    /** The code, in words. */
    static final int[] WORDS = {
      0x8B010001, // add x1, x0, x1
      0x927CEC02, // and x2, x0, #~15
      0xD50B7B22, // dc cvau, x2
      0x91004042, // add x2, x2, #16
      0xEB01005F, // cmp x2, x1
      0x54FFFFA3, // b.lo -12
      0xD5033B9F, // dsb ish
      0x927CEC02, // and x2, x0, #~15
      0xD50B7522, // ic ivau, x2
      0x91004042, // add x2, x2, #16
      0xEB01005F, // cmp x2, x1
      0x54FFFFA3, // b.lo -12
      0xD5033B9F, // dsb ish
      0xD5033FDF, // isb
      0xD2800000, // mov x0, #0
      0xD65F03C0, // ret
    };

    private final ExecutableMemory code;

    Stub(MemoryCalls memory) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * WORDS.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int word : WORDS) {
        bytes.putInt(word);
      }
      code =
          ExecutableMemory.load(
              memory, new Coherent(), new MachineCode("vtc_instruction_cache", bytes.array(), 64));
    }

    @Override
    public void synchronize(long address, long bytes) {
      NativeCalls.call(code.address("vtc_instruction_cache"), address, bytes, 0, 0, 0, 0);
    }
  }
}
