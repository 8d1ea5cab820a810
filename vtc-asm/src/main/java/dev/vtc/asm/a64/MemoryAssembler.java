package dev.vtc.asm.a64;

import static dev.vtc.asm.a64.MemoryRows.*;

/** Loads, stores and atomic operations. A memory operand is made by mem, pre and post. */
abstract class MemoryAssembler extends ControlAssembler {
  // ---- general registers

  /** t = memory, 4 or 8 bytes. */
  public final void ldr(Gp t, Mem mem) {
    access(t.sf() == 1 ? LDR_X : LDR_W, zr(LDR_X, t), zr(LDR_X, t), t, mem);
  }

  /** memory = t, 4 or 8 bytes. */
  public final void str(Gp t, Mem mem) {
    access(t.sf() == 1 ? STR_X : STR_W, zr(STR_X, t), zr(STR_X, t), t, mem);
  }

  /** t = the byte in memory, zero-extended. */
  public final void ldrb(W t, Mem mem) {
    access(LDRB, zr(LDRB, t), zr(LDRB, t), t, mem);
  }

  /** memory = the lowest byte of t. */
  public final void strb(W t, Mem mem) {
    access(STRB, zr(STRB, t), zr(STRB, t), t, mem);
  }

  /** t = the half word in memory, zero-extended. */
  public final void ldrh(W t, Mem mem) {
    access(LDRH, zr(LDRH, t), zr(LDRH, t), t, mem);
  }

  /** memory = the lowest half word of t. */
  public final void strh(W t, Mem mem) {
    access(STRH, zr(STRH, t), zr(STRH, t), t, mem);
  }

  /** t = the byte in memory, sign-extended. */
  public final void ldrsb(Gp t, Mem mem) {
    access(t.sf() == 1 ? LDRSB_X : LDRSB_W, zr(LDRSB_X, t), zr(LDRSB_X, t), t, mem);
  }

  /** t = the half word in memory, sign-extended. */
  public final void ldrsh(Gp t, Mem mem) {
    access(t.sf() == 1 ? LDRSH_X : LDRSH_W, zr(LDRSH_X, t), zr(LDRSH_X, t), t, mem);
  }

  /** t = the word in memory, sign-extended. */
  public final void ldrsw(X t, Mem mem) {
    access(LDRSW, zr(LDRSW, t), zr(LDRSW, t), t, mem);
  }

  /** Prefetches the line of an address; the offset is a multiple of 8 from 0 to 32760. */
  public final void prfm(Prefetch kind, Mem mem) {
    if (mem.writesBack() || mem.offset < 0 || (mem.offset & 7) != 0) {
      throw refuse(PRFM, "the offset is a multiple of 8 from 0 to 32760", kind, mem);
    }
    access(PRFM, kind.code, -1, kind, mem);
  }

  /** t, t2 = memory, 4 or 8 bytes each; the offset is -64 to 63 times the size. */
  public final void ldp(Gp t, Gp t2, Mem mem) {
    sameWidth(LDP_X, t, t2);
    pair(t.sf() == 1 ? LDP_X : LDP_W, zr(LDP_X, t), zr(LDP_X, t2), true, t, t2, mem);
  }

  /** memory = t, t2, 4 or 8 bytes each; the offset is -64 to 63 times the size. */
  public final void stp(Gp t, Gp t2, Mem mem) {
    sameWidth(STP_X, t, t2);
    pair(t.sf() == 1 ? STP_X : STP_W, zr(STP_X, t), zr(STP_X, t2), true, t, t2, mem);
  }

  // ---- scalar and vector registers

  private static final Row.Access[] LOADS = {LDR_B, LDR_H, LDR_S, LDR_D, LDR_Q};
  private static final Row.Access[] STORES = {STR_B, STR_H, STR_S, STR_D, STR_Q};

  /** t = memory, 1 to 16 bytes; the rest of the vector register becomes 0. */
  public final void ldr(Fp t, Mem mem) {
    access(LOADS[t.log2Size], t.index, -1, t, mem);
  }

  /** memory = t, 1 to 16 bytes. */
  public final void str(Fp t, Mem mem) {
    access(STORES[t.log2Size], t.index, -1, t, mem);
  }

  private static final Row.Pair[] LDP = {LDP_S, LDP_D, LDP_Q};

  /** t, t2 = memory, 4 to 16 bytes each; the offset is -64 to 63 times the size. */
  public final void ldp(Fp t, Fp t2, Mem mem) {
    pair(pairRow(LDP, t, t2), t.index, t2.index, false, t, t2, mem);
  }

  private static final Row.Pair[] STP = {STP_S, STP_D, STP_Q};

  /** memory = t, t2, 4 to 16 bytes each; the offset is -64 to 63 times the size. */
  public final void stp(Fp t, Fp t2, Mem mem) {
    pair(pairRow(STP, t, t2), t.index, t2.index, false, t, t2, mem);
  }

  private static final Row.Pair[] LDNP = {LDNP_S, LDNP_D, LDNP_Q};

  /**
   * t, t2 = memory, 4 to 16 bytes each; as streams, without write-back; the offset is -64 to 63
   * times the size.
   */
  public final void ldnp(Fp t, Fp t2, Mem mem) {
    pair(pairRow(LDNP, t, t2), t.index, t2.index, false, t, t2, mem);
  }

  private static final Row.Pair[] STNP = {STNP_S, STNP_D, STNP_Q};

  /**
   * memory = t, t2, 4 to 16 bytes each; as streams, without write-back; the offset is -64 to 63
   * times the size.
   */
  public final void stnp(Fp t, Fp t2, Mem mem) {
    pair(pairRow(STNP, t, t2), t.index, t2.index, false, t, t2, mem);
  }

  private static Row.Pair pairRow(Row.Pair[] rows, Fp t, Fp t2) {
    if (t.log2Size < 2 || t.log2Size != t2.log2Size) {
      throw refuse(rows[0], "two registers of 4, 8 or 16 bytes", t, t2);
    }
    return rows[t.log2Size - 2];
  }

  // ---- constants

  /** t = memory at a label, ±1 MiB. */
  public final void ldr(Gp t, Label source) {
    loadLiteral(t.sf() == 1 ? LDR_LITERAL_X : LDR_LITERAL_W, zr(LDR_LITERAL_X, t), t, source);
  }

  /** t = memory at a label, ±1 MiB; 4, 8 or 16 bytes. */
  public final void ldr(Fp t, Label source) {
    switch (t) {
      case S s -> loadLiteral(LDR_LITERAL_S, s.index, s, source);
      case D d -> loadLiteral(LDR_LITERAL_D, d.index, d, source);
      case Q q -> loadLiteral(LDR_LITERAL_Q, q.index, q, source);
      case B b -> throw refuse(LDR_LITERAL_S, "4, 8 or 16 bytes", b, source);
      case H h -> throw refuse(LDR_LITERAL_S, "4, 8 or 16 bytes", h, source);
    }
  }

  // ---- acquire, release, exclusive

  /** t = memory; later accesses come after it. */
  public final void ldar(Gp t, Mem mem) {
    ordered(LDAR, t, mem);
  }

  /** memory = t; earlier accesses come before it. */
  public final void stlr(Gp t, Mem mem) {
    ordered(STLR, t, mem);
  }

  /** t = memory, watched for a matching stxr. */
  public final void ldxr(Gp t, Mem mem) {
    ordered(LDXR, t, mem);
  }

  /** As ldxr; later accesses come after it. */
  public final void ldaxr(Gp t, Mem mem) {
    ordered(LDAXR, t, mem);
  }

  /** As ldar, of a byte. */
  public final void ldarb(W t, Mem mem) {
    orderedSmall(LDARB, t, mem);
  }

  /** As ldar, of a half word. */
  public final void ldarh(W t, Mem mem) {
    orderedSmall(LDARH, t, mem);
  }

  /** As stlr, of a byte. */
  public final void stlrb(W t, Mem mem) {
    orderedSmall(STLRB, t, mem);
  }

  /** As stlr, of a half word. */
  public final void stlrh(W t, Mem mem) {
    orderedSmall(STLRH, t, mem);
  }

  /** memory = t unless it changed since the ldxr; status = 0 if stored, else 1. */
  public final void stxr(W status, Gp t, Mem mem) {
    storeExclusive(STXR, status, t, mem);
  }

  /** As stxr; earlier accesses come before it. */
  public final void stlxr(W status, Gp t, Mem mem) {
    storeExclusive(STLXR, status, t, mem);
  }

  // ---- atomic operations (FEAT_LSE)

  /** Atomically t = memory; memory += s. */
  public final void ldadd(Gp s, Gp t, Mem mem) {
    atomic(LDADD, s, t, mem);
  }

  /** Atomically t = memory; memory += s, acquire. */
  public final void ldadda(Gp s, Gp t, Mem mem) {
    atomic(LDADDA, s, t, mem);
  }

  /** Atomically t = memory; memory += s, release. */
  public final void ldaddl(Gp s, Gp t, Mem mem) {
    atomic(LDADDL, s, t, mem);
  }

  /** Atomically t = memory; memory += s, acquire and release. */
  public final void ldaddal(Gp s, Gp t, Mem mem) {
    atomic(LDADDAL, s, t, mem);
  }

  /** Atomically t = memory; memory = s. */
  public final void swp(Gp s, Gp t, Mem mem) {
    atomic(SWP, s, t, mem);
  }

  /** Atomically t = memory; memory = s, acquire. */
  public final void swpa(Gp s, Gp t, Mem mem) {
    atomic(SWPA, s, t, mem);
  }

  /** Atomically t = memory; memory = s, release. */
  public final void swpl(Gp s, Gp t, Mem mem) {
    atomic(SWPL, s, t, mem);
  }

  /** Atomically t = memory; memory = s, acquire and release. */
  public final void swpal(Gp s, Gp t, Mem mem) {
    atomic(SWPAL, s, t, mem);
  }

  /** Atomically t = memory; memory |= s. */
  public final void ldset(Gp s, Gp t, Mem mem) {
    atomic(LDSET, s, t, mem);
  }

  /** Atomically t = memory; memory |= s, acquire. */
  public final void ldseta(Gp s, Gp t, Mem mem) {
    atomic(LDSETA, s, t, mem);
  }

  /** Atomically t = memory; memory |= s, release. */
  public final void ldsetl(Gp s, Gp t, Mem mem) {
    atomic(LDSETL, s, t, mem);
  }

  /** Atomically t = memory; memory |= s, acquire and release. */
  public final void ldsetal(Gp s, Gp t, Mem mem) {
    atomic(LDSETAL, s, t, mem);
  }

  /** Atomically t = memory; memory &= ~s. */
  public final void ldclr(Gp s, Gp t, Mem mem) {
    atomic(LDCLR, s, t, mem);
  }

  /** Atomically t = memory; memory &= ~s, acquire. */
  public final void ldclra(Gp s, Gp t, Mem mem) {
    atomic(LDCLRA, s, t, mem);
  }

  /** Atomically t = memory; memory &= ~s, release. */
  public final void ldclrl(Gp s, Gp t, Mem mem) {
    atomic(LDCLRL, s, t, mem);
  }

  /** Atomically t = memory; memory &= ~s, acquire and release. */
  public final void ldclral(Gp s, Gp t, Mem mem) {
    atomic(LDCLRAL, s, t, mem);
  }

  /** Atomically: if memory = s, memory = t; s = what memory held. */
  public final void cas(Gp s, Gp t, Mem mem) {
    atomic(CAS, s, t, mem);
  }

  /** Atomically: if memory = s, memory = t; s = what memory held, acquire. */
  public final void casa(Gp s, Gp t, Mem mem) {
    atomic(CASA, s, t, mem);
  }

  /** Atomically: if memory = s, memory = t; s = what memory held, release. */
  public final void casl(Gp s, Gp t, Mem mem) {
    atomic(CASL, s, t, mem);
  }

  /** Atomically: if memory = s, memory = t; s = what memory held, acquire and release. */
  public final void casal(Gp s, Gp t, Mem mem) {
    atomic(CASAL, s, t, mem);
  }
}
