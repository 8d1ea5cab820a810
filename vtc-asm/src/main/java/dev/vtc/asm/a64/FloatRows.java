package dev.vtc.asm.a64;

/** Floating-point instructions: vectors of single and double precision, scalars, conversions. */
final class FloatRows {
  private FloatRows() {}

  // vectors, lane by lane
  static final Row.Same3 FADD = new Row.Same3("fadd", 0x0e20d400, Masks.SD2, true);
  static final Row.Same3 FSUB = new Row.Same3("fsub", 0x0ea0d400, Masks.SD2, true);
  static final Row.Same3 FMUL = new Row.Same3("fmul", 0x2e20dc00, Masks.SD2, true);
  static final Row.Same3 FDIV = new Row.Same3("fdiv", 0x2e20fc00, Masks.SD2, true);
  static final Row.Same3 FMLA = new Row.Same3("fmla", 0x0e20cc00, Masks.SD2, true);
  static final Row.Same3 FMLS = new Row.Same3("fmls", 0x0ea0cc00, Masks.SD2, true);
  static final Row.Same3 FMAX = new Row.Same3("fmax", 0x0e20f400, Masks.SD2, true);
  static final Row.Same3 FMIN = new Row.Same3("fmin", 0x0ea0f400, Masks.SD2, true);
  static final Row.Same3 FMAXNM = new Row.Same3("fmaxnm", 0x0e20c400, Masks.SD2, true);
  static final Row.Same3 FMINNM = new Row.Same3("fminnm", 0x0ea0c400, Masks.SD2, true);
  static final Row.Same3 FABD = new Row.Same3("fabd", 0x2ea0d400, Masks.SD2, true);
  static final Row.Same3 FADDP = new Row.Same3("faddp", 0x2e20d400, Masks.SD2, true);
  static final Row.Same3 FMAXP = new Row.Same3("fmaxp", 0x2e20f400, Masks.SD2, true);
  static final Row.Same3 FMINP = new Row.Same3("fminp", 0x2ea0f400, Masks.SD2, true);
  static final Row.Same3 FMAXNMP = new Row.Same3("fmaxnmp", 0x2e20c400, Masks.SD2, true);
  static final Row.Same3 FMINNMP = new Row.Same3("fminnmp", 0x2ea0c400, Masks.SD2, true);
  static final Row.Same3 FCMEQ = new Row.Same3("fcmeq", 0x0e20e400, Masks.SD2, true);
  static final Row.Same3 FCMGE = new Row.Same3("fcmge", 0x2e20e400, Masks.SD2, true);
  static final Row.Same3 FCMGT = new Row.Same3("fcmgt", 0x2ea0e400, Masks.SD2, true);
  static final Row.Same3 FACGE = new Row.Same3("facge", 0x2e20ec00, Masks.SD2, true);
  static final Row.Same3 FACGT = new Row.Same3("facgt", 0x2ea0ec00, Masks.SD2, true);
  static final Row.Same2 FABS = new Row.Same2("fabs", 0x0ea0f800, Masks.SD2, true);
  static final Row.Same2 FNEG = new Row.Same2("fneg", 0x2ea0f800, Masks.SD2, true);
  static final Row.Same2 FSQRT = new Row.Same2("fsqrt", 0x2ea1f800, Masks.SD2, true);
  static final Row.Same2 FRINTN = new Row.Same2("frintn", 0x0e218800, Masks.SD2, true);
  static final Row.Same2 FRINTM = new Row.Same2("frintm", 0x0e219800, Masks.SD2, true);
  static final Row.Same2 FRINTP = new Row.Same2("frintp", 0x0ea18800, Masks.SD2, true);
  static final Row.Same2 FRINTZ = new Row.Same2("frintz", 0x0ea19800, Masks.SD2, true);
  static final Row.Same2 FRINTA = new Row.Same2("frinta", 0x2e218800, Masks.SD2, true);
  static final Row.Same2 FRINTX = new Row.Same2("frintx", 0x2e219800, Masks.SD2, true);
  static final Row.Same2 FRINTI = new Row.Same2("frinti", 0x2ea19800, Masks.SD2, true);
  static final Row.Same2 SCVTF = new Row.Same2("scvtf", 0x0e21d800, Masks.SD2, true);
  static final Row.Same2 UCVTF = new Row.Same2("ucvtf", 0x2e21d800, Masks.SD2, true);
  static final Row.Same2 FCVTNS = new Row.Same2("fcvtns", 0x0e21a800, Masks.SD2, true);
  static final Row.Same2 FCVTAS = new Row.Same2("fcvtas", 0x0e21c800, Masks.SD2, true);
  static final Row.Same2 FCVTMS = new Row.Same2("fcvtms", 0x0e21b800, Masks.SD2, true);
  static final Row.Same2 FCVTZS = new Row.Same2("fcvtzs", 0x0ea1b800, Masks.SD2, true);
  static final Row.Same2 FCVTZU = new Row.Same2("fcvtzu", 0x2ea1b800, Masks.SD2, true);
  static final Row.Zero FCMEQ_ZERO = new Row.Zero("fcmeq", 0x0ea0d800, Masks.SD2, true);
  static final Row.Zero FCMGE_ZERO = new Row.Zero("fcmge", 0x2ea0c800, Masks.SD2, true);
  static final Row.Zero FCMGT_ZERO = new Row.Zero("fcmgt", 0x0ea0c800, Masks.SD2, true);
  static final Row.Zero FCMLE_ZERO = new Row.Zero("fcmle", 0x2ea0d800, Masks.SD2, true);
  static final Row.Zero FCMLT_ZERO = new Row.Zero("fcmlt", 0x0ea0e800, Masks.SD2, true);

  // by element
  static final Row.Element FMUL_ELEMENT = new Row.Element("fmul", 0x0f809000, Masks.SD2, true);
  static final Row.ElementScalar FMUL_ELEMENT_SCALAR = new Row.ElementScalar("fmul", 0x5f809000);
  static final Row.Element FMLA_ELEMENT = new Row.Element("fmla", 0x0f801000, Masks.SD2, true);
  static final Row.ElementScalar FMLA_ELEMENT_SCALAR = new Row.ElementScalar("fmla", 0x5f801000);
  static final Row.Element FMLS_ELEMENT = new Row.Element("fmls", 0x0f805000, Masks.SD2, true);
  static final Row.ElementScalar FMLS_ELEMENT_SCALAR = new Row.ElementScalar("fmls", 0x5f805000);

  // reductions
  static final Row.Across FMAXV = new Row.Across("fmaxv", 0x2e30f800, Arrangement.S4.mask, 0);
  static final Row.Across FMINV = new Row.Across("fminv", 0x2eb0f800, Arrangement.S4.mask, 0);
  static final Row.Across FMAXNMV = new Row.Across("fmaxnmv", 0x2e30c800, Arrangement.S4.mask, 0);
  static final Row.Across FMINNMV = new Row.Across("fminnmv", 0x2eb0c800, Arrangement.S4.mask, 0);
  static final Row.PairScalar FADDP_SCALAR =
      new Row.PairScalar("faddp", 0x7e30d800, Arrangement.S2.mask | Masks.D2);
  static final Row.PairScalar FMAXP_SCALAR =
      new Row.PairScalar("fmaxp", 0x7e30f800, Arrangement.S2.mask | Masks.D2);
  static final Row.PairScalar FMINP_SCALAR =
      new Row.PairScalar("fminp", 0x7eb0f800, Arrangement.S2.mask | Masks.D2);

  // change of precision
  static final Row.Long2 FCVTL = new Row.Long2("fcvtl", 0x0e217800, Masks.HS, 0, true);
  static final Row.Long2 FCVTL2 = new Row.Long2("fcvtl2", 0x0e217800, Masks.HS, 1, true);
  static final Row.Narrow2 FCVTN = new Row.Narrow2("fcvtn", 0x0e216800, Masks.HS, 0, true);
  static final Row.Narrow2 FCVTN2 = new Row.Narrow2("fcvtn2", 0x0e216800, Masks.HS, 1, true);
}
