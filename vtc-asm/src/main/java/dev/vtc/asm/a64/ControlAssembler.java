package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.ControlRows.*;

/** Branches, barriers and system instructions. */
abstract class ControlAssembler extends IntegerAssembler {
  // ---- branches

  /** Jumps to a label, ±128 MiB. */
  public final void b(Label target) {
    jump(B, target);
  }

  /** Calls a label, ±128 MiB; x30 = the return address. */
  public final void bl(Label target) {
    jump(BL, target);
  }

  /** Jumps if the condition holds, ±1 MiB. */
  public final void b(Cond cond, Label target) {
    conditionalJump(B_COND, cond, target);
  }

  /** Jumps if t is 0, ±1 MiB. */
  public final void cbz(Gp t, Label target) {
    compareJump(CBZ, t, target);
  }

  /** Jumps if t is not 0, ±1 MiB. */
  public final void cbnz(Gp t, Label target) {
    compareJump(CBNZ, t, target);
  }

  /** Jumps if a bit of t is 0, ±32 KiB. */
  public final void tbz(Gp t, int bit, Label target) {
    testJump(TBZ, t, bit, target);
  }

  /** Jumps if a bit of t is 1, ±32 KiB. */
  public final void tbnz(Gp t, int bit, Label target) {
    testJump(TBNZ, t, bit, target);
  }

  /** Jumps to the address in n. */
  public final void br(X n) {
    registerJump(BR, n);
  }

  /** Calls the address in n; x30 = the return address. */
  public final void blr(X n) {
    registerJump(BLR, n);
  }

  /** Returns to the address in n. */
  public final void ret(X n) {
    registerJump(RET, n);
  }

  /** Returns to the address in x30. */
  public final void ret() {
    registerJump(RET, X.of(30));
  }

  // ---- addresses

  /** d = address of a label, ±1 MiB. */
  public final void adr(X d, Label target) {
    address(ADR, d, target);
  }

  /** d = address of this 4 KiB page + distance in bytes, a multiple of 4096. */
  public final void adrp(X d, long distance) {
    pageAddress(ADRP, d, distance);
  }

  // ---- barriers and hints

  /** Memory accesses before it are observed before those after it. */
  public final void dmb(Barrier scope) {
    fence(DMB, scope);
  }

  /** Waits until the accesses and cache operations before it are done. */
  public final void dsb(Barrier scope) {
    fence(DSB, scope);
  }

  /** Instructions after it are fetched anew. */
  public final void isb() {
    fixed(ISB);
  }

  /** Does nothing. */
  public final void nop() {
    fixed(NOP);
  }

  /** Tells the core that this thread spins. */
  public final void yield_() {
    fixed(YIELD);
  }

  /** Waits for an event. */
  public final void wfe() {
    fixed(WFE);
  }

  /** Sends an event to all cores. */
  public final void sev() {
    fixed(SEV);
  }

  /** Gives up an exclusive access. */
  public final void clrex() {
    fixed(CLREX);
  }

  /** Raises a breakpoint exception. */
  public final void brk(int immediate) {
    trap(BRK, immediate);
  }

  // ---- system

  /** t = a system register. */
  public final void mrs(X t, SystemRegister register) {
    read(MRS, t, register);
  }

  /** A system register = t. */
  public final void msr(SystemRegister register, X t) {
    write(MSR, register, t);
  }

  /** Cleans the data cache line of address t to the point of unification. */
  public final void dcCvau(X t) {
    cache(DC_CVAU, t);
  }

  /** Invalidates the instruction cache line of address t. */
  public final void icIvau(X t) {
    cache(IC_IVAU, t);
  }

  /** Zeroes the aligned block (DCZID_EL0) of address t. */
  public final void dcZva(X t) {
    cache(DC_ZVA, t);
  }
}
