package dev.vtc.asm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.MemoryCalls.Mapping;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** W^X, guard pages, refusal, names. */
class ExecutableMemoryTest {
  /** mov eax, n; ret. */
  private static MachineCode returns(String name, int n) {
    byte[] code = {(byte) 0xB8, (byte) n, (byte) (n >> 8), 0, 0, (byte) 0xC3};
    return new MachineCode(name, code, 64);
  }

  private static void needsX64() {
    assumeTrue(Platform.X64 && Platform.LINUX, "runs x86-64 code on Linux");
  }

  @Test
  void severalPiecesAreCalledByNameAndNumber() throws Throwable {
    needsX64();
    try (ExecutableMemory m = ExecutableMemory.load(returns("a", 300), returns("b", 7))) {
      assertThat((int) NativeCalls.call(m.address("a"), 0, 0, 0, 0, 0, 0)).isEqualTo(300);
      assertThat((int) NativeCalls.call(m.address(1), 0, 0, 0, 0, 0, 0)).isEqualTo(7);
      assertThat((int) m.downcall("b", FunctionDescriptor.of(JAVA_INT)).invokeExact()).isEqualTo(7);
      assertThat(m.address("b") % 64).isZero();
      assertThat(m.entry("a").byteSize()).isEqualTo(6);
      assertThatThrownBy(() -> m.address("c")).hasMessageContaining("no code named c");
    }
  }

  @Test
  void codeIsExecutableAndNotWritableBetweenGuardPages() throws Exception {
    needsX64();
    ExecutableMemory m = ExecutableMemory.load(returns("a", 1));
    long start = m.address("a");
    assertThat(access(start)).isEqualTo("r-xp");
    assertThat(access(start - 1)).isEqualTo("---p");
    assertThat(access(start + 4096)).isEqualTo("---p");
    m.close();
    assertThat(access(start)).isNotEqualTo("r-xp");
    m.close();
    assertThatThrownBy(() -> m.address("a")).hasMessageContaining("closed");
  }

  private static String access(long address) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      int dash = line.indexOf('-');
      int space = line.indexOf(' ');
      long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
      long to = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
      if (address >= from && address < to) {
        return line.substring(space + 1, space + 5);
      }
    }
    return "unmapped";
  }

  /** Records the calls; refuses the mapping, the n-th protect, or one kind of memory as code. */
  private static final class Refusing implements MemoryCalls {
    final List<String> calls = new ArrayList<>();
    final int refused;
    final List<Mapping> mappings;
    private final List<Mapping> notExecutable;
    private Mapping mapped = Mapping.PLAIN;

    Refusing(int refused) {
      this(refused, List.of(Mapping.PLAIN), List.of());
    }

    Refusing(int refused, List<Mapping> mappings, List<Mapping> notExecutable) {
      this.refused = refused;
      this.mappings = mappings;
      this.notExecutable = notExecutable;
    }

    @Override
    public List<Mapping> mappings() {
      return mappings;
    }

    @Override
    public long pageBytes() {
      return 4096;
    }

    @Override
    public long map(long bytes, Mapping mapping) {
      mapped = mapping;
      calls.add((mapping == Mapping.JIT ? "map jit " : "map ") + bytes);
      return refused == 0 ? -1 : 1 << 20;
    }

    @Override
    public boolean protect(long address, long bytes, Access access) {
      calls.add(access + " " + (address - (1 << 20)) + " " + bytes);
      return refused != calls.stream().filter(c -> c.startsWith("READ")).count()
          && !(access == Access.READ_EXECUTE && notExecutable.contains(mapped));
    }

    @Override
    public void unmap(long address, long bytes) {
      calls.add("unmap " + bytes);
    }

    @Override
    public void write(long address, byte[] code) {
      calls.add("write");
    }
  }

  @Test
  void refusalFreesTheMappingAndSaysWhy() {
    String[] messages = {"mmap failed", "writable", "executable"};
    for (int refused = 0; refused < 3; refused++) {
      Refusing memory = new Refusing(refused);
      assertThatThrownBy(
              () -> ExecutableMemory.load(memory, new InstructionCache.Coherent(), returns("a", 1)))
          .isInstanceOf(CodeRefusedException.class)
          .hasMessageContaining(messages[refused]);
      if (refused > 0) {
        assertThat(memory.calls.getLast()).isEqualTo("unmap 12288");
      }
    }
  }

  @Test
  void writingComesBeforeExecutingAndTheCacheIsSynchronizedLast() {
    Refusing memory = new Refusing(-1);
    ExecutableMemory.load(
        memory,
        (address, bytes) -> memory.calls.add("synchronize " + address + " " + bytes),
        returns("a", 1),
        returns("b", 2));
    assertThat(memory.calls)
        .containsExactly(
            "map 12288",
            "READ_WRITE 4096 4096",
            "write",
            "READ_EXECUTE 4096 4096",
            "synchronize " + ((1 << 20) + 4096) + " 70");
  }

  /** macOS with a hardened runtime: memory that was written is code only if mapped for that. */
  @Test
  void whereCodeIsRefusedMemoryOfACompilerIsTried() {
    List<Mapping> both = List.of(Mapping.PLAIN, Mapping.JIT);
    Refusing memory = new Refusing(-1, both, List.of(Mapping.PLAIN));
    ExecutableMemory code =
        ExecutableMemory.load(
            memory,
            (address, bytes) -> memory.calls.add("synchronize"),
            returns("a", 1),
            returns("b", 2));
    assertThat(memory.calls)
        .containsExactly(
            "map 12288",
            "READ_WRITE 4096 4096",
            "write",
            "READ_EXECUTE 4096 4096",
            "unmap 12288",
            "map jit 12288",
            "READ_WRITE 4096 4096",
            "write",
            "READ_EXECUTE 4096 4096",
            "synchronize");
    assertThat(code.address("b")).isEqualTo((1 << 20) + 4096 + 64);
    code.close();
    assertThat(memory.calls.getLast()).isEqualTo("unmap 12288");
  }

  @Test
  void whereBothAreRefusedNothingIsLeftAndTheReasonIsTheFirst() {
    List<Mapping> both = List.of(Mapping.PLAIN, Mapping.JIT);
    Refusing memory = new Refusing(-1, both, both);
    assertThatThrownBy(
            () -> ExecutableMemory.load(memory, new InstructionCache.Coherent(), returns("a", 1)))
        .isInstanceOf(CodeRefusedException.class)
        .hasMessageContaining("does not let this process make memory executable");
    assertThat(memory.calls).filteredOn(c -> c.startsWith("map")).hasSize(2);
    assertThat(memory.calls).filteredOn(c -> c.startsWith("unmap")).hasSize(2);
  }

  /** MAP_PRIVATE 2, MAP_ANON 0x1000 and MAP_JIT 0x800 of Apple's sys/mman.h; Linux has no other. */
  @Test
  void flagsAreThoseOfTheSystem() {
    assertThat(PosixMemory.flags(true, Mapping.PLAIN)).isEqualTo(0x1002);
    assertThat(PosixMemory.flags(true, Mapping.JIT)).isEqualTo(0x1802);
    assertThat(PosixMemory.flags(false, Mapping.PLAIN)).isEqualTo(0x22);
    if (Platform.LINUX) {
      assertThat(new PosixMemory().mappings()).containsExactly(Mapping.PLAIN);
    }
  }

  @Test
  void theUserCanRefuseMachineCode() {
    System.setProperty("vtc.refuseCode", "1");
    try {
      assertThatThrownBy(() -> ExecutableMemory.load(returns("a", 1)))
          .isInstanceOf(CodeRefusedException.class)
          .hasMessageContaining("VTC_REFUSE_CODE");
    } finally {
      System.clearProperty("vtc.refuseCode");
    }
  }

  @Test
  void wrongInputIsRefused() {
    assertThatThrownBy(() -> ExecutableMemory.load(List.of())).hasMessageContaining("no code");
    assertThatThrownBy(() -> ExecutableMemory.load(returns("a", 1), returns("a", 2)))
        .hasMessageContaining("named a");
    assertThatThrownBy(() -> new MachineCode("e", new byte[0], 1)).hasMessageContaining("empty");
    assertThatThrownBy(() -> new MachineCode("e", new byte[1], 3)).hasMessageContaining("power");
  }

  @Test
  void codeIsDumpedAndNamedForPerf(@TempDir Path folder) throws Exception {
    MachineCode[] codes = {returns("gemv q4/8", 1), returns("b", 2)};
    CodeNames.dump(folder.resolve("sub"), codes);
    assertThat(Files.readAllBytes(folder.resolve("sub/gemv_q4_8.bin"))).isEqualTo(codes[0].bytes());
    Path map = folder.resolve("perf.map");
    CodeNames.appendPerfMap(map, codes, new long[] {0x7f0000001000L, 0x7f0000001040L});
    assertThat(Files.readString(map)).isEqualTo("7f0000001000 6 gemv q4/8\n7f0000001040 6 b\n");
  }
}
