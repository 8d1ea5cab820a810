package dev.vtc.asm.a64;

/** Vector instructions on integers, lane by lane. */
final class NeonRows {
  private NeonRows() {}

  // bits; 8b and 16b
  static final Row.Same3 AND = new Row.Same3("and", 0x0e201c00, Masks.B, false);
  static final Row.Same3 BIC = new Row.Same3("bic", 0x0e601c00, Masks.B, false);
  static final Row.Same3 ORR = new Row.Same3("orr", 0x0ea01c00, Masks.B, false);
  static final Row.Same3 ORN = new Row.Same3("orn", 0x0ee01c00, Masks.B, false);
  static final Row.Same3 EOR = new Row.Same3("eor", 0x2e201c00, Masks.B, false);
  static final Row.Same3 BSL = new Row.Same3("bsl", 0x2e601c00, Masks.B, false);
  static final Row.Same3 BIT = new Row.Same3("bit", 0x2ea01c00, Masks.B, false);
  static final Row.Same3 BIF = new Row.Same3("bif", 0x2ee01c00, Masks.B, false);
  static final Row.Same2 MVN = new Row.Same2("mvn", 0x2e205800, Masks.B, false);
  static final Row.Same2 CNT = new Row.Same2("cnt", 0x0e205800, Masks.B, false);
  static final Row.Same2 RBIT = new Row.Same2("rbit", 0x2e605800, Masks.B, false);
  static final Row.Same2 CLZ = new Row.Same2("clz", 0x2e204800, Masks.BHS, false);
  static final Row.Same2 CLS = new Row.Same2("cls", 0x0e204800, Masks.BHS, false);
  static final Row.Same2 REV64 = new Row.Same2("rev64", 0x0e200800, Masks.BHS, false);
  static final Row.Same2 REV32 = new Row.Same2("rev32", 0x2e200800, Masks.BH, false);
  static final Row.Same2 REV16 = new Row.Same2("rev16", 0x0e201800, Masks.B, false);

  // add, multiply, compare
  static final Row.Same3 ADD = new Row.Same3("add", 0x0e208400, Masks.BHSD2, false);
  static final Row.Same3 SUB = new Row.Same3("sub", 0x2e208400, Masks.BHSD2, false);
  static final Row.Same3 ADDP = new Row.Same3("addp", 0x0e20bc00, Masks.BHSD2, false);
  static final Row.Same3 MUL = new Row.Same3("mul", 0x0e209c00, Masks.BHS, false);
  static final Row.Same3 MLA = new Row.Same3("mla", 0x0e209400, Masks.BHS, false);
  static final Row.Same3 MLS = new Row.Same3("mls", 0x2e209400, Masks.BHS, false);
  static final Row.Same3 SQADD = new Row.Same3("sqadd", 0x0e200c00, Masks.BHSD2, false);
  static final Row.Same3 UQADD = new Row.Same3("uqadd", 0x2e200c00, Masks.BHSD2, false);
  static final Row.Same3 SQSUB = new Row.Same3("sqsub", 0x0e202c00, Masks.BHSD2, false);
  static final Row.Same3 UQSUB = new Row.Same3("uqsub", 0x2e202c00, Masks.BHSD2, false);
  static final Row.Same3 SMAX = new Row.Same3("smax", 0x0e206400, Masks.BHS, false);
  static final Row.Same3 SMIN = new Row.Same3("smin", 0x0e206c00, Masks.BHS, false);
  static final Row.Same3 UMAX = new Row.Same3("umax", 0x2e206400, Masks.BHS, false);
  static final Row.Same3 UMIN = new Row.Same3("umin", 0x2e206c00, Masks.BHS, false);
  static final Row.Same3 SABD = new Row.Same3("sabd", 0x0e207400, Masks.BHS, false);
  static final Row.Same3 UABD = new Row.Same3("uabd", 0x2e207400, Masks.BHS, false);
  static final Row.Same3 CMEQ = new Row.Same3("cmeq", 0x2e208c00, Masks.BHSD2, false);
  static final Row.Same3 CMGE = new Row.Same3("cmge", 0x0e203c00, Masks.BHSD2, false);
  static final Row.Same3 CMGT = new Row.Same3("cmgt", 0x0e203400, Masks.BHSD2, false);
  static final Row.Same3 CMHS = new Row.Same3("cmhs", 0x2e203c00, Masks.BHSD2, false);
  static final Row.Same3 CMHI = new Row.Same3("cmhi", 0x2e203400, Masks.BHSD2, false);
  static final Row.Same3 CMTST = new Row.Same3("cmtst", 0x0e208c00, Masks.BHSD2, false);
  static final Row.Same3 SSHL = new Row.Same3("sshl", 0x0e204400, Masks.BHSD2, false);
  static final Row.Same3 USHL = new Row.Same3("ushl", 0x2e204400, Masks.BHSD2, false);
  static final Row.Zero CMEQ_ZERO = new Row.Zero("cmeq", 0x0e209800, Masks.BHSD2, false);
  static final Row.Zero CMGE_ZERO = new Row.Zero("cmge", 0x2e208800, Masks.BHSD2, false);
  static final Row.Zero CMGT_ZERO = new Row.Zero("cmgt", 0x0e208800, Masks.BHSD2, false);
  static final Row.Zero CMLE_ZERO = new Row.Zero("cmle", 0x2e209800, Masks.BHSD2, false);
  static final Row.Zero CMLT_ZERO = new Row.Zero("cmlt", 0x0e20a800, Masks.BHSD2, false);
  static final Row.Same2 ABS = new Row.Same2("abs", 0x0e20b800, Masks.BHSD2, false);
  static final Row.Same2 NEG = new Row.Same2("neg", 0x2e20b800, Masks.BHSD2, false);
  static final Row.Element MUL_ELEMENT = new Row.Element("mul", 0x0f008000, Masks.HS, false);
  static final Row.Element MLA_ELEMENT = new Row.Element("mla", 0x2f000000, Masks.HS, false);
  static final Row.Element MLS_ELEMENT = new Row.Element("mls", 0x2f004000, Masks.HS, false);

  // dot products and matrix products of bytes
  static final Row.Dot SDOT = new Row.Dot("sdot", 0x0e809400);
  static final Row.Dot UDOT = new Row.Dot("udot", 0x2e809400);
  static final Row.Dot USDOT = new Row.Dot("usdot", 0x0e809c00);
  static final Row.DotElement SDOT_ELEMENT = new Row.DotElement("sdot", 0x0f80e000);
  static final Row.DotElement UDOT_ELEMENT = new Row.DotElement("udot", 0x2f80e000);
  static final Row.DotElement USDOT_ELEMENT = new Row.DotElement("usdot", 0x0f80f000);
  static final Row.DotElement SUDOT_ELEMENT = new Row.DotElement("sudot", 0x0f00f000);
  static final Row.MatrixMultiply SMMLA = new Row.MatrixMultiply("smmla", 0x4e80a400);
  static final Row.MatrixMultiply UMMLA = new Row.MatrixMultiply("ummla", 0x6e80a400);
  static final Row.MatrixMultiply USMMLA = new Row.MatrixMultiply("usmmla", 0x4e80ac00);
}
