package dev.vtc.asm.a64;

/** System registers that user code may read. */
public enum SystemRegister {
  /** The virtual counter, which ticks at CNTFRQ_EL0 Hz. */
  CNTVCT_EL0(3, 14, 0, 2, false, "CNTVCT_EL0"),
  /** Frequency of the counter in Hz. */
  CNTFRQ_EL0(3, 14, 0, 0, false, "CNTFRQ_EL0"),
  /** Cache type: line sizes in bits 3..0 (instruction) and 19..16 (data), log2 of 4-byte words. */
  CTR_EL0(3, 0, 0, 1, false, "CTR_EL0"),
  /** Block size of {@code dc zva}. */
  DCZID_EL0(3, 0, 0, 7, false, "DCZID_EL0"),
  /** Floating-point control: rounding mode, flush to zero, default NaN. */
  FPCR(3, 4, 4, 0, true, "FPCR"),
  /** Floating-point status: cumulative exception flags. */
  FPSR(3, 4, 4, 1, true, "FPSR");

  /** The fields o0 to op2 in place. */
  final int bits;

  final boolean writable;
  final String text;

  SystemRegister(int op1, int crn, int crm, int op2, boolean writable, String text) {
    this.bits = 1 << 19 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5;
    this.writable = writable;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
