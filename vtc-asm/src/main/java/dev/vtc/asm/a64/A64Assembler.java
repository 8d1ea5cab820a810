package dev.vtc.asm.a64;

/**
 * Assembles AArch64 machine code: one call, one instruction, operands in assembly order.
 *
 * <p>A call whose operands an instruction does not have (register width, arrangement, immediate out
 * of range) throws {@link IllegalArgumentException} with the instruction and the reason; a label
 * out of reach throws {@link IllegalStateException}. {@link #code()} places the constants, checks
 * the labels and returns position-independent code. Not safe for use by several threads.
 *
 * <pre>{@code
 * A64Assembler a = new A64Assembler();
 * a.ldr(V.of(0).q, A64Assembler.mem(X.of(0), 16));
 * a.sdot(V.of(1).s4, V.of(0).b16, V.of(2).b4(3));
 * a.ret();
 * byte[] code = a.code();
 * }</pre>
 */
public class A64Assembler extends ScalarAssembler {
  /** An assembler without code yet. */
  public A64Assembler() {}

  /** {@code [base]}. */
  public static Mem mem(X base) {
    return Mem.immediate(Mem.Mode.OFFSET, base, 0);
  }

  /** {@code [base, #offset]}; offset in bytes. */
  public static Mem mem(X base, int offset) {
    return Mem.immediate(Mem.Mode.OFFSET, base, offset);
  }

  /** {@code [base, index]}. */
  public static Mem mem(X base, X index) {
    return Mem.register(Mem.Mode.REGISTER, base, index, Extend.UXTX, 0);
  }

  /** {@code [base, index, lsl #shift]}; the shift is 0 or log2 of the access in bytes. */
  public static Mem mem(X base, X index, int shift) {
    return Mem.register(Mem.Mode.REGISTER, base, index, Extend.UXTX, shift);
  }

  /**
   * {@code [base, index, extend #shift]}; UXTW or SXTW of a w register or SXTX of an x register;
   * the shift is 0 or log2 of the access in bytes.
   */
  public static Mem mem(X base, Gp index, Extend extend, int shift) {
    return Mem.register(Mem.Mode.REGISTER, base, index, extend, shift);
  }

  /** {@code [base, #offset]!}: base += offset in bytes, then the access. */
  public static Mem pre(X base, int offset) {
    return Mem.immediate(Mem.Mode.PRE, base, offset);
  }

  /** {@code [base], #offset}: the access, then base += offset in bytes. */
  public static Mem post(X base, int offset) {
    return Mem.immediate(Mem.Mode.POST, base, offset);
  }

  /** {@code [base], index}: the access, then base += index; vector structures only. */
  public static Mem post(X base, X index) {
    return Mem.register(Mem.Mode.POST_REGISTER, base, index, Extend.UXTX, 0);
  }

  /**
   * A register list for {@code ld1} and {@code tbl}.
   *
   * @param members one to four consecutive registers of one arrangement
   */
  public static VecList list(Vec... members) {
    return new VecList(members);
  }
}
