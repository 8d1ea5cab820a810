package dev.vtc.asm.x64;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.asm.x64.X64Assembler.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Emits small functions, runs them and compares with the same computation in Java. */
class KernelExecutionTest {
  @BeforeEach
  void needsX64() {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "runs emitted x86-64 code: needs x86-64");
  }

  static long run(X64Assembler a, long... args) {
    long[] six = java.util.Arrays.copyOf(args, 6);
    try (ExecutableMemory memory = ExecutableMemory.load(a.finish())) {
      return NativeCalls.call(memory.address(0), six[0], six[1], six[2], six[3], six[4], six[5]);
    }
  }

  /** y[0..32) = W[32,K] · x[K]. W: f16, packed [K][32] = 64 bytes per k. */
  static final class GemvF16Avx2 extends X64Assembler {
    GemvF16Avx2() {
      super("gemv_f16_avx2", Vectors.AVX2);
      Gp w = arg(0);
      Gp x = arg(1);
      Gp y = arg(2);
      Gp k = arg(3);
      Ymm xk = ymm("x[k]");
      Ymm[] acc = ymms("acc", 4);
      Ymm[] wk = ymms("w[k]", 4);
      for (Ymm a : acc) {
        vxorps(a, a, a);
      }
      loopDown(
          k,
          () -> {
            vbroadcastss(xk, mem(x));
            for (int v = 0; v < 4; v++) {
              vcvtph2ps(wk[v], mem(w, 16 * v));
            }
            for (int v = 0; v < 4; v++) {
              vfmadd231ps(acc[v], wk[v], xk);
            }
            add(w, 64);
            add(x, Float.BYTES);
          });
      for (int v = 0; v < 4; v++) {
        vmovups(mem(y, 32 * v), acc[v]);
      }
      leave();
    }
  }

  @Test
  void gemvOfHalvesEqualsJavaBitForBit() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int k : new int[] {1, 2, 15, 16, 17, 172}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment w = arena.allocate(64L * k, 64); // (k, 32) f16
        MemorySegment x = arena.allocate(4L * k, 64); // (k,)
        MemorySegment y = arena.allocate(4L * 32, 64); // (32,)
        float[] expected = new float[32];
        for (int i = 0; i < k; i++) {
          float xi = random.nextFloat() - 0.5f;
          x.setAtIndex(JAVA_FLOAT, i, xi);
          for (int r = 0; r < 32; r++) {
            short h = Float.floatToFloat16(random.nextFloat() - 0.5f);
            w.setAtIndex(JAVA_SHORT, 32L * i + r, h);
            expected[r] = Math.fma(Float.float16ToFloat(h), xi, expected[r]);
          }
        }
        run(new GemvF16Avx2(), w.address(), x.address(), y.address(), k);
        assertThat(y.toArray(JAVA_FLOAT)).as("k=%d seed=%d", k, seed).containsExactly(expected);
      }
    }
  }

  @Test
  void labelsJumpForwardsAndBackwards() {
    // Collatz steps of n: loops back with a near jump over 300 bytes of padding, forward over a
    // branch.
    X64Assembler a = new X64Assembler("collatz", Vectors.AVX2);
    Gp n = a.arg(0);
    Gp steps = a.gp(Gp.RAX, "steps");
    Gp t = a.gp("t");
    Label head = a.label("head");
    Label odd = a.label("odd");
    Label next = a.label("next");
    Label done = a.label("done");
    a.mov(steps, 0);
    a.bind(head);
    a.cmp(n, 1);
    a.je(done);
    a.add(steps, 1);
    a.test(n, 1);
    a.jne(odd);
    a.shr(n, 1);
    a.jmp(next);
    a.bind(odd);
    a.mov(t, n);
    a.lea(n, a.mem(n, n, 2, 1));
    a.bind(next);
    a.jmp(head);
    a.bind(done);
    a.leave();
    assertThat(run(a, 27)).isEqualTo(111);
  }

  @Test
  void jumpsAreShortWhereTheTargetIsNearAndNearBeyondThat() {
    for (int padding = 120; padding < 135; padding++) {
      X64Assembler a = new X64Assembler("far", Vectors.AVX2);
      Gp n = a.arg(0);
      Label head = a.label("head");
      a.xor(Gp.RAX, Gp.RAX);
      a.bind(head);
      int start = a.size();
      for (int i = 0; i < padding - 6; i++) {
        a.fixed("nop", 1, 0x90);
      }
      a.inc(Gp.RAX);
      a.dec(n);
      int before = a.size();
      a.jne(head);
      boolean near = before + 2 - start > 128;
      assertThat(a.size() - before).as("padding %d", padding).isEqualTo(near ? 6 : 2);
      a.leave();
      assertThat(run(a, 7)).isEqualTo(7);
    }
  }

  @Test
  void constantsAreAlignedAndStoredOnce() {
    X64Assembler a = new X64Assembler("constants", Vectors.AVX2);
    Gp out = a.arg(0);
    Mem c = a.constant(1, 2, 3, 4, 5, 6, 7, 8);
    a.vmovdqa(Ymm.of(9), c);
    a.vpaddd(Ymm.of(9), Ymm.of(9), a.constant(10, 20, 30, 40, 50, 60, 70, 80));
    a.vpaddd(Ymm.of(9), Ymm.of(9), a.constant(1, 2, 3, 4, 5, 6, 7, 8));
    a.vmovdqu(a.mem(out), Ymm.of(9));
    a.mov(Gp.RAX.r32(), a.constant(0x12345678, 0x7ABCDEF0).plus(4));
    a.leave();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment y = arena.allocate(32, 32);
      assertThat(run(a, y.address())).isEqualTo(0x7ABCDEF0L);
      assertThat(y.toArray(java.lang.foreign.ValueLayout.JAVA_INT))
          .containsExactly(12, 24, 36, 48, 60, 72, 84, 96);
    }
    assertThat(a.finish().bytes().length % 64).isEqualTo(8);
    assertThat(a.finish().bytes().length).isEqualTo(64 + 64 + 64 + 8);
  }

  @Test
  void calleeSavedRegistersComeBack() {
    X64Assembler inner = new X64Assembler("inner", Vectors.AVX2);
    inner.enter(6);
    Gp sum = inner.gp(Gp.RAX, "sum");
    inner.xor(sum, sum);
    for (int i = 0; i < 14; i++) {
      Gp r = inner.gp("r");
      inner.mov(r, 1L << i);
      inner.add(sum, r);
    }
    assertThat(inner.freeGps()).isZero();
    inner.leave();
    assertThat(run(inner)).isEqualTo((1 << 14) - 1);
  }

  @Test
  void exhaustedPoolsSayWhoHoldsWhat() {
    X64Assembler a = new X64Assembler("pools", Vectors.AVX2);
    a.ymms("acc", 15);
    a.ymm("x");
    assertThatThrownBy(() -> a.ymm("one too many"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one too many")
        .hasMessageContaining("15=x");
    a.arg(5);
    assertThatThrownBy(() -> a.gp(Gp.R9, "mine")).hasMessageContaining("an argument");
    X64Assembler b = new X64Assembler("pools", Vectors.AVX512);
    Zmm[] all = b.zmms("acc", 32);
    b.release(all[7]);
    assertThat(b.zmm("again").id()).isEqualTo(7);
    assertThatThrownBy(() -> b.release(Mask.of(1))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unboundLabelsAreAnError() {
    X64Assembler a = new X64Assembler("unbound", Vectors.AVX2);
    a.jmp(a.label("nowhere"));
    assertThatThrownBy(a::finish).hasMessageContaining("nowhere");
  }
}
