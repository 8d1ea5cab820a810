package dev.vtc.asm.x64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.x64.EncodingCases.Case;
import dev.vtc.asm.x64.X64Assembler.Vectors;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every row × all registers × awkward displacements, bases and indices, against LLVM's assembler.
 *
 * <p>{@code x64-encodings.txt} holds a hash of each row's bytes, written when they had been
 * compared with LLVM's, so that a machine without llvm-mc still notices a change.
 */
class EncodingTest {
  private static final long GOLDEN_SEED = 1;

  private static List<Case> cases(long seed) {
    List<Case> all = new ArrayList<>(250_000);
    EncodingCases generator = new EncodingCases(seed, all::add);
    for (VecOp op : VecOp.values()) {
      generator.vector(op);
    }
    for (GpOp op : GpOp.values()) {
      generator.general(op);
    }
    return all;
  }

  private static void compareWithLlvm(long seed) throws Exception {
    Path tool = LlvmMc.find();
    assumeTrue(tool != null, "the encoding oracle is not installed: apt-get install llvm");
    List<Case> all = cases(seed);
    List<String> expected =
        LlvmMc.assemble(Objects.requireNonNull(tool), all.stream().map(Case::text));
    assertThat(expected).hasSameSizeAs(all);
    // Some instructions have two encodings, such as register moves as a load or a store. Where the
    // bytes differ both must mean the same to the disassembler.
    List<Case> other = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String hex = all.get(i).hex();
      if (!hex.equals(expected.get(i))) {
        other.add(all.get(i));
        pairs.add(hex);
        pairs.add(expected.get(i));
      }
    }
    assertThat(other.size()).as("cases with another encoding").isLessThan(all.size() / 100);
    List<String> text = LlvmMc.disassemble(tool, pairs);
    assertThat(text).hasSameSizeAs(pairs);
    for (int i = 0; i < other.size(); i++) {
      assertThat(text.get(2 * i))
          .as(
              "%s seed=%d, bytes %s, llvm-mc %s",
              other.get(i).text(), seed, pairs.get(2 * i), pairs.get(2 * i + 1))
          .isEqualTo(text.get(2 * i + 1));
      assertThat(pairs.get(2 * i).length() - pairs.get(2 * i + 1).length())
          .as("%s is longer", other.get(i).text())
          .isLessThanOrEqualTo(2);
    }
    System.out.println(
        all.size()
            + " encodings equal those of llvm-mc, "
            + other.size()
            + " of them in another form of the same instruction; seed "
            + seed);
  }

  @Test
  void everyRowEqualsLlvmOnTheGoldenCases() throws Exception {
    compareWithLlvm(GOLDEN_SEED);
  }

  @Test
  void everyRowEqualsLlvmOnRandomCases() throws Exception {
    compareWithLlvm(System.nanoTime());
  }

  @Test
  void everyRowEqualsItsGoldenHash() throws Exception {
    Map<String, MessageDigest> digests = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (Case c : cases(GOLDEN_SEED)) {
      String row = c.row().name();
      MessageDigest digest = digests.get(row);
      if (digest == null) {
        digest = MessageDigest.getInstance("SHA-256");
        digests.put(row, digest);
      }
      digest.update(HexFormat.of().parseHex(c.hex()));
      counts.merge(row, 1, Integer::sum);
    }
    StringBuilder s = new StringBuilder();
    digests.forEach((row, d) ->
        s.append(row)
            .append(' ')
            .append(counts.get(row))
            .append(' ')
            .append(HexFormat.of().formatHex(d.digest()).substring(0, 16))
            .append('\n'));
    Files.writeString(Path.of("target", "x64-encodings.txt"), s);
    try (InputStream in = EncodingTest.class.getResourceAsStream("x64-encodings.txt")) {
      String golden = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(s.toString())
          .as("if llvm-mc agrees, copy target/x64-encodings.txt to the test resources")
          .isEqualTo(golden);
    }
    // No row untested: the fewest cases are those of masks k0..k7 in two positions.
    for (VecOp op : VecOp.values()) {
      assertThat(counts.getOrDefault(op.name(), 0)).as(op.name()).isGreaterThanOrEqualTo(16);
    }
    for (GpOp op : GpOp.values()) {
      assertThat(counts.getOrDefault(op.name(), 0)).as(op.name()).isGreaterThanOrEqualTo(32);
    }
  }

  /** Those that stand in no table of rows: {@code rdtsc}, {@code pause}, … */
  @Test
  void everyInstructionWithoutOperandsEqualsLlvm() throws Exception {
    Path tool = LlvmMc.find();
    assumeTrue(tool != null, "the encoding oracle is not installed: apt-get install llvm");
    List<String> names = new ArrayList<>();
    List<String> bytes = new ArrayList<>();
    for (Method m : GeneralInstructions.class.getDeclaredMethods()) {
      if (Modifier.isPublic(m.getModifiers()) && m.getParameterCount() == 0) {
        X64Assembler a = new X64Assembler(m.getName(), Vectors.AVX2);
        m.invoke(a);
        names.add(m.getName());
        bytes.add(HexFormat.of().formatHex(a.finish().bytes(), 0, a.size()));
      }
    }
    assertThat(names).contains("rdtsc", "lfence", "pause", "vzeroupper");
    assertThat(bytes)
        .as(names.toString())
        .isEqualTo(LlvmMc.assemble(Objects.requireNonNull(tool), names.stream()));
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    X64Assembler a = new X64Assembler("refused", Vectors.AVX512);
    X64Assembler avx2 = new X64Assembler("refused", Vectors.AVX2);
    Zmm z = Zmm.of(1);
    Ymm y = Ymm.of(1);
    Mask k = Mask.of(1);
    Mem m = Mem.of(Gp.RAX, 0);
    assertRefused(() -> a.vaddps(z, z, y), "vaddps: it takes a ZMM register here, but got ymm1");
    assertRefused(() -> a.vaddps(z, y, z), "vaddps");
    assertRefused(() -> a.vpand(z, z, z), "no 512-bit form");
    assertRefused(() -> a.vpand(Ymm.of(16), y, y), "no 256-bit form");
    assertRefused(() -> a.vpaddb(z, z, m.bcst()), "no broadcast");
    assertRefused(() -> a.vaddps(z, z.k(k), z), "only the destination");
    assertRefused(() -> a.vmovntps(m.k(k), z), "takes no mask");
    assertRefused(() -> z.k(Mask.of(0)), "k0");
    assertRefused(() -> avx2.vaddps(z, z, z), "without");
    assertRefused(() -> avx2.vaddps(Ymm.of(16), y, y), "without");
    assertRefused(() -> a.vpgatherdd(z, Mem.gather(Gp.RAX, Zmm.of(2), 4, 0)), "one mask");
    assertRefused(() -> a.vpgatherdd(z.k(k), Mem.gather(Gp.RAX, z, 4, 0)), "distinct");
    assertRefused(() -> a.vpgatherdd(z.k(k), Mem.gather(Gp.RAX, Ymm.of(2), 4, 0)), "index");
    assertRefused(() -> a.vaddps(z, z, Mem.gather(Gp.RAX, Zmm.of(2), 4, 0)), "gathers");
    assertRefused(() -> a.vpslld(z, z, 256), "one byte");
    assertRefused(() -> a.add(Gp.RAX, Gp.RCX.r32()), "same size");
    assertRefused(() -> a.add(m, 1), "dword()");
    assertRefused(() -> a.shl(Gp.RAX.r32(), 32), "shift by 32");
    assertRefused(() -> a.mem(Gp.RAX.r32()), "64-bit");
    assertRefused(() -> a.mem(Gp.RAX, Gp.RSP, 1), "rsp");
    assertRefused(() -> a.mem(Gp.RAX, Gp.RCX, 3), "scale");
    assertRefused(() -> a.mov(Gp.RAX.r32(), 1L << 33), "does not fit");
    assertRefused(() -> a.vblendvps(y, y, y, z), "last operand");
  }

  private static void assertRefused(Runnable instruction, String message) {
    assertThatThrownBy(instruction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void listingShowsOffsetBytesAndIntelSyntax() {
    X64Assembler a = new X64Assembler("listing", Vectors.AVX512);
    Label loop = a.label("loop");
    a.bind(loop);
    a.vaddps(Zmm.of(1).kz(Mask.of(2)), Zmm.of(3), a.mem(Gp.RAX, 64).bcst());
    a.vpsrld(Ymm.of(1), Ymm.of(2), 4);
    a.vmovups(Ymm.of(1), a.constant(1f));
    a.jne(loop);
    assertThat(a.listing().lines().map(String::strip))
        .containsExactly(
            "loop:",
            "0  62f164da584810              vaddps zmm1 {k2} {z}, zmm3, [rax + 64]{1to16}",
            "7  c5f572d204                  vpsrld ymm1, ymm2, 4",
            "c  c5fc100d2c000000            vmovups ymm1, [rip + const0]",
            "14  75ea                        jne loop",
            "16  cccccccccccccccccccccccc..  (padding)",
            "const0:",
            "40  0000803f");
  }
}
