package dev.vtc.asm.a64;

/** Scalar floating-point instructions. */
final class ScalarRows {
  private ScalarRows() {}

  // arithmetic
  static final Row.Float2 FMUL = new Row.Float2("fmul", 0x1e200800);
  static final Row.Float2 FDIV = new Row.Float2("fdiv", 0x1e201800);
  static final Row.Float2 FADD = new Row.Float2("fadd", 0x1e202800);
  static final Row.Float2 FSUB = new Row.Float2("fsub", 0x1e203800);
  static final Row.Float2 FMAX = new Row.Float2("fmax", 0x1e204800);
  static final Row.Float2 FMIN = new Row.Float2("fmin", 0x1e205800);
  static final Row.Float2 FMAXNM = new Row.Float2("fmaxnm", 0x1e206800);
  static final Row.Float2 FMINNM = new Row.Float2("fminnm", 0x1e207800);
  static final Row.Float2 FNMUL = new Row.Float2("fnmul", 0x1e208800);
  static final Row.Float1 FABS = new Row.Float1("fabs", 0x1e20c000);
  static final Row.Float1 FNEG = new Row.Float1("fneg", 0x1e214000);
  static final Row.Float1 FSQRT = new Row.Float1("fsqrt", 0x1e21c000);
  static final Row.Float1 FRINTN = new Row.Float1("frintn", 0x1e244000);
  static final Row.Float1 FRINTP = new Row.Float1("frintp", 0x1e24c000);
  static final Row.Float1 FRINTM = new Row.Float1("frintm", 0x1e254000);
  static final Row.Float1 FRINTZ = new Row.Float1("frintz", 0x1e25c000);
  static final Row.Float1 FRINTA = new Row.Float1("frinta", 0x1e264000);
  static final Row.Float1 FRINTX = new Row.Float1("frintx", 0x1e274000);
  static final Row.Float1 FRINTI = new Row.Float1("frinti", 0x1e27c000);
  static final Row.Float3 FMADD = new Row.Float3("fmadd", 0x1f000000);
  static final Row.Float3 FMSUB = new Row.Float3("fmsub", 0x1f008000);
  static final Row.Float3 FNMADD = new Row.Float3("fnmadd", 0x1f200000);
  static final Row.Float3 FNMSUB = new Row.Float3("fnmsub", 0x1f208000);

  // compare and select
  static final Row.FloatCompare FCMP = new Row.FloatCompare("fcmp", 0x1e202000);
  static final Row.FloatSelect FCSEL = new Row.FloatSelect("fcsel", 0x1e200c00);

  // moves and conversions
  static final Row.Float1 FMOV = new Row.Float1("fmov", 0x1e204000);
  static final Row.FloatScalarImmediate FMOV_IMMEDIATE_SCALAR =
      new Row.FloatScalarImmediate("fmov", 0x1e201000);
  static final Row.FloatMoveGeneral FMOV_GENERAL = new Row.FloatMoveGeneral("fmov", 0x1e260000);
  static final Row.FloatConvert FCVT = new Row.FloatConvert("fcvt", 0x1e224000);
  static final Row.IntegerToFloat SCVTF_GENERAL = new Row.IntegerToFloat("scvtf", 0x1e220000);
  static final Row.IntegerToFloat UCVTF_GENERAL = new Row.IntegerToFloat("ucvtf", 0x1e230000);
  static final Row.FloatToInteger FCVTNS_GENERAL = new Row.FloatToInteger("fcvtns", 0x1e200000);
  static final Row.FloatToInteger FCVTAS_GENERAL = new Row.FloatToInteger("fcvtas", 0x1e240000);
  static final Row.FloatToInteger FCVTMS_GENERAL = new Row.FloatToInteger("fcvtms", 0x1e300000);
  static final Row.FloatToInteger FCVTPS_GENERAL = new Row.FloatToInteger("fcvtps", 0x1e280000);
  static final Row.FloatToInteger FCVTZS_GENERAL = new Row.FloatToInteger("fcvtzs", 0x1e380000);
  static final Row.FloatToInteger FCVTZU_GENERAL = new Row.FloatToInteger("fcvtzu", 0x1e390000);
  static final Row.Float1 SCVTF_SCALAR = new Row.Float1("scvtf", 0x5e21d800);
  static final Row.Float1 UCVTF_SCALAR = new Row.Float1("ucvtf", 0x7e21d800);
  static final Row.Float1 FCVTNS_SCALAR = new Row.Float1("fcvtns", 0x5e21a800);
  static final Row.Float1 FCVTAS_SCALAR = new Row.Float1("fcvtas", 0x5e21c800);
  static final Row.Float1 FCVTZS_SCALAR = new Row.Float1("fcvtzs", 0x5ea1b800);
}
