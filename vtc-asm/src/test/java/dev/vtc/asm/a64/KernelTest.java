package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.A64Assembler.mem;
import static dev.vtc.asm.a64.A64Assembler.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Labels, loops, constants, pools and the listing. */
class KernelTest {
  /** A kernel with everything: the listing goes through llvm-mc and must come back as the code. */
  private static A64Kernel everything() {
    A64Kernel k = new A64Kernel(3);
    k.startListing();
    k.prologue(5, true);
    X w = k.arg(0);
    X x = k.arg(1);
    X n = k.arg(2);
    V acc = k.v("acc");
    V[] rows = k.vs("rows", 2);
    X table = k.x("table");
    Label out = k.label("out");
    k.cbz(n, out);
    k.adr(table, k.literal(1, 2, 3, 4, 5));
    k.ldr(rows[0].q, k.literal(7L, 8L));
    k.ldr(rows[1].s, k.literal(1.5f));
    k.ldr(X.of(9), k.literal(0x1122334455667788L));
    k.ldr(rows[1].s, k.literal(1.5f));
    k.loopDown(
        n,
        2,
        () -> {
          Label skip = k.label("skip");
          k.ldr(rows[0].q, post(w, 16));
          k.tbz(n, 33, skip);
          k.tbnz(n, 3, skip);
          k.sdot(acc.s4, rows[0].b16, rows[1].b4(3));
          k.bind(skip);
          k.b(Cond.EQ, out);
        });
    k.whileDown(W.of(3), 1, () -> k.bl(out));
    k.bind(out);
    k.str(acc.q, mem(x, 32));
    k.prfm(Prefetch.PLDL1STRM, mem(w, 512));
    k.dcCvau(w);
    k.yield_();
    k.movi(acc.d2, 0xff00ffL);
    k.epilogue();
    return k;
  }

  @Test
  void listingIsTheProgram() {
    LlvmMc.assume();
    A64Kernel k = everything();
    byte[] code = k.code();
    byte[] expected = LlvmMc.program(k.listing());
    assertThat(code).as(k.listing()).isEqualTo(expected);
    assertThat(k.listing()).contains("v0 = acc").contains(".word").contains("sdot v0.4s");
  }

  @Test
  void cacheStubIsTheProgram() {
    LlvmMc.assume();
    A64Kernel k = new A64Kernel(2);
    k.startListing();
    byte[] code = InstructionCache.emit(k).code();
    assertThat(code).isEqualTo(InstructionCache.flushStub());
    assertThat(code).isEqualTo(LlvmMc.program(k.listing()));
    // Clean, wait, invalidate, wait, fetch anew: in this order.
    assertThat(k.listing())
        .containsSubsequence("dc cvau, x", "dsb ish", "ic ivau, x", "dsb ish", "isb", "ret x30");
  }

  @Test
  void labels() {
    A64Kernel k = new A64Kernel(1);
    Label label = k.label("never");
    k.b(label);
    assertThatThrownBy(k::code)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not bound");
    k.bind(label);
    assertThatThrownBy(() -> k.bind(label)).hasMessageContaining("twice");
    assertThatThrownBy(() -> new A64Kernel(0).b(label)).hasMessageContaining("another assembler");
    assertThat(k.code()).hasSize(4);
    assertThatThrownBy(k::ret).hasMessageContaining("finished");
  }

  @Test
  void forwardBranchOutOfReach() {
    A64Assembler a = new A64Assembler();
    Label far = a.label("far");
    a.tbz(X.of(0), 0, far);
    for (int i = 0; i < 8191; i++) {
      a.nop();
    }
    assertThatThrownBy(() -> a.bind(far)).hasMessageContaining("32768 bytes away");
    A64Assembler b = new A64Assembler();
    Label near = b.label("near");
    b.tbz(X.of(0), 0, near);
    for (int i = 0; i < 8190; i++) {
      b.nop();
    }
    b.bind(near);
    assertThat(b.wordAt(0)).isEqualTo(0x36000000 | 8191 << 5);
  }

  @Test
  void pools() {
    A64Kernel k = new A64Kernel(2);
    for (int i = 0; i < 16; i++) {
      assertThat(k.x("x" + i).index).isBetween(2, 17);
    }
    assertThatThrownBy(() -> k.x("more"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("No register is left for more")
        .hasMessageContaining("x0=arg0");
    k.release(X.of(5));
    assertThat(k.x("again").index).isEqualTo(5);
    assertThatThrownBy(() -> k.release(X.of(20))).hasMessageContaining("was not taken");
    V[] all = k.vs("v", 24);
    for (V v : all) {
      assertThat(v.index < 8 || v.index >= 16).isTrue();
    }
    assertThatThrownBy(() -> k.v("more")).hasMessageContaining("No register");
    assertThatThrownBy(() -> k.v("mine", 3)).hasMessageContaining("taken by v[3]");
  }

  @Test
  void prologueAddsSavedRegisters() {
    A64Kernel k = new A64Kernel(8);
    k.prologue(10, true);
    assertThatThrownBy(() -> k.prologue(0, false)).hasMessageContaining("once and first");
    for (int i = 0; i < 10 + 10; i++) {
      int index = k.x("x").index;
      assertThat(index != 18 && index < 29).isTrue();
    }
    assertThatThrownBy(() -> k.x("more")).hasMessageContaining("No register");
    assertThat(k.vs("v", 32)).doesNotHaveDuplicates();
    assertThatThrownBy(() -> k.arg(8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new A64Kernel(9)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusals() {
    A64Assembler a = new A64Assembler();
    X x = X.of(1);
    V v = V.of(2);
    assertThatThrownBy(() -> a.add(x, x, 4097)).hasMessageStartingWith("add x1, x1, #4097: ");
    assertThatThrownBy(() -> a.add(x, x, W.of(1))).hasMessageContaining("width");
    assertThatThrownBy(() -> a.and(x, x, 5)).hasMessageContaining("run of ones");
    assertThatThrownBy(() -> a.ldr(v.q, mem(x, 65536))).hasMessageContaining("out of reach");
    assertThatThrownBy(() -> a.ldp(v.q, v.q, mem(x, 16))).hasMessageContaining("one register");
    assertThatThrownBy(() -> a.mul(v.h8, v.h8, V.of(16).h(0))).hasMessageContaining("v0 to v15");
    assertThatThrownBy(() -> a.fadd(v.h8, v.h8, v.h8)).hasMessageContaining("arrangement");
    assertThatThrownBy(() -> v.s(4)).hasMessageContaining("Lane 4 of v2");
    assertThatThrownBy(() -> X.of(31)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> V.of(32)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> mem(X.XZR)).hasMessageContaining("base");
    assertThatThrownBy(() -> A64Assembler.list(v.s4, V.of(4).s4)).hasMessageContaining("follow");
    assertThat(a.size()).isZero();
  }
}
