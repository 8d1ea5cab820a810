package dev.vtc.asm.a64;

/** Vector instructions that change the size of lanes, shifts and reductions. */
final class WidenRows {
  private WidenRows() {}

  static final Row.Long3 SADDL = new Row.Long3("saddl", 0x0e200000, Masks.BHS, 0);
  static final Row.Long3 SADDL2 = new Row.Long3("saddl2", 0x0e200000, Masks.BHS, 1);
  static final Row.Long3 UADDL = new Row.Long3("uaddl", 0x2e200000, Masks.BHS, 0);
  static final Row.Long3 UADDL2 = new Row.Long3("uaddl2", 0x2e200000, Masks.BHS, 1);
  static final Row.Long3 SSUBL = new Row.Long3("ssubl", 0x0e202000, Masks.BHS, 0);
  static final Row.Long3 SSUBL2 = new Row.Long3("ssubl2", 0x0e202000, Masks.BHS, 1);
  static final Row.Long3 USUBL = new Row.Long3("usubl", 0x2e202000, Masks.BHS, 0);
  static final Row.Long3 USUBL2 = new Row.Long3("usubl2", 0x2e202000, Masks.BHS, 1);
  static final Row.Long3 SMULL = new Row.Long3("smull", 0x0e20c000, Masks.BHS, 0);
  static final Row.Long3 SMULL2 = new Row.Long3("smull2", 0x0e20c000, Masks.BHS, 1);
  static final Row.Long3 UMULL = new Row.Long3("umull", 0x2e20c000, Masks.BHS, 0);
  static final Row.Long3 UMULL2 = new Row.Long3("umull2", 0x2e20c000, Masks.BHS, 1);
  static final Row.Long3 SMLAL = new Row.Long3("smlal", 0x0e208000, Masks.BHS, 0);
  static final Row.Long3 SMLAL2 = new Row.Long3("smlal2", 0x0e208000, Masks.BHS, 1);
  static final Row.Long3 UMLAL = new Row.Long3("umlal", 0x2e208000, Masks.BHS, 0);
  static final Row.Long3 UMLAL2 = new Row.Long3("umlal2", 0x2e208000, Masks.BHS, 1);
  static final Row.Long3 SMLSL = new Row.Long3("smlsl", 0x0e20a000, Masks.BHS, 0);
  static final Row.Long3 SMLSL2 = new Row.Long3("smlsl2", 0x0e20a000, Masks.BHS, 1);
  static final Row.Long3 UMLSL = new Row.Long3("umlsl", 0x2e20a000, Masks.BHS, 0);
  static final Row.Long3 UMLSL2 = new Row.Long3("umlsl2", 0x2e20a000, Masks.BHS, 1);
  static final Row.Wide3 SADDW = new Row.Wide3("saddw", 0x0e201000, Masks.BHS, 0);
  static final Row.Wide3 SADDW2 = new Row.Wide3("saddw2", 0x0e201000, Masks.BHS, 1);
  static final Row.Wide3 UADDW = new Row.Wide3("uaddw", 0x2e201000, Masks.BHS, 0);
  static final Row.Wide3 UADDW2 = new Row.Wide3("uaddw2", 0x2e201000, Masks.BHS, 1);

  // by element
  static final Row.ElementLong SMULL_ELEMENT = new Row.ElementLong("smull", 0x0f00a000, 0);
  static final Row.ElementLong SMULL2_ELEMENT = new Row.ElementLong("smull2", 0x0f00a000, 1);
  static final Row.ElementLong UMULL_ELEMENT = new Row.ElementLong("umull", 0x2f00a000, 0);
  static final Row.ElementLong UMULL2_ELEMENT = new Row.ElementLong("umull2", 0x2f00a000, 1);
  static final Row.ElementLong SMLAL_ELEMENT = new Row.ElementLong("smlal", 0x0f002000, 0);
  static final Row.ElementLong SMLAL2_ELEMENT = new Row.ElementLong("smlal2", 0x0f002000, 1);
  static final Row.ElementLong UMLAL_ELEMENT = new Row.ElementLong("umlal", 0x2f002000, 0);
  static final Row.ElementLong UMLAL2_ELEMENT = new Row.ElementLong("umlal2", 0x2f002000, 1);
  static final Row.ElementLong SMLSL_ELEMENT = new Row.ElementLong("smlsl", 0x0f006000, 0);
  static final Row.ElementLong SMLSL2_ELEMENT = new Row.ElementLong("smlsl2", 0x0f006000, 1);
  static final Row.ElementLong UMLSL_ELEMENT = new Row.ElementLong("umlsl", 0x2f006000, 0);
  static final Row.ElementLong UMLSL2_ELEMENT = new Row.ElementLong("umlsl2", 0x2f006000, 1);

  // pairs, reductions
  static final Row.PairLong SADDLP = new Row.PairLong("saddlp", 0x0e202800);
  static final Row.PairLong UADDLP = new Row.PairLong("uaddlp", 0x2e202800);
  static final Row.PairLong SADALP = new Row.PairLong("sadalp", 0x0e206800);
  static final Row.PairLong UADALP = new Row.PairLong("uadalp", 0x2e206800);
  static final Row.Across ADDV =
      new Row.Across("addv", 0x0e31b800, Masks.B | Masks.H | Arrangement.S4.mask, 0);
  static final Row.Across SMAXV =
      new Row.Across("smaxv", 0x0e30a800, Masks.B | Masks.H | Arrangement.S4.mask, 0);
  static final Row.Across SMINV =
      new Row.Across("sminv", 0x0e31a800, Masks.B | Masks.H | Arrangement.S4.mask, 0);
  static final Row.Across UMAXV =
      new Row.Across("umaxv", 0x2e30a800, Masks.B | Masks.H | Arrangement.S4.mask, 0);
  static final Row.Across UMINV =
      new Row.Across("uminv", 0x2e31a800, Masks.B | Masks.H | Arrangement.S4.mask, 0);
  static final Row.Across SADDLV =
      new Row.Across("saddlv", 0x0e303800, Masks.B | Masks.H | Arrangement.S4.mask, 1);
  static final Row.Across UADDLV =
      new Row.Across("uaddlv", 0x2e303800, Masks.B | Masks.H | Arrangement.S4.mask, 1);
  static final Row.PairScalar ADDP_SCALAR = new Row.PairScalar("addp", 0x5eb1b800, Masks.D2);

  // widen and narrow
  static final Row.Narrow2 XTN = new Row.Narrow2("xtn", 0x0e212800, Masks.BHS, 0, false);
  static final Row.Narrow2 XTN2 = new Row.Narrow2("xtn2", 0x0e212800, Masks.BHS, 1, false);
  static final Row.Narrow2 SQXTN = new Row.Narrow2("sqxtn", 0x0e214800, Masks.BHS, 0, false);
  static final Row.Narrow2 SQXTN2 = new Row.Narrow2("sqxtn2", 0x0e214800, Masks.BHS, 1, false);
  static final Row.Narrow2 UQXTN = new Row.Narrow2("uqxtn", 0x2e214800, Masks.BHS, 0, false);
  static final Row.Narrow2 UQXTN2 = new Row.Narrow2("uqxtn2", 0x2e214800, Masks.BHS, 1, false);
  static final Row.Narrow2 SQXTUN = new Row.Narrow2("sqxtun", 0x2e212800, Masks.BHS, 0, false);
  static final Row.Narrow2 SQXTUN2 = new Row.Narrow2("sqxtun2", 0x2e212800, Masks.BHS, 1, false);
  static final Row.Long2 SHLL = new Row.Long2("shll", 0x2e213800, Masks.BHS, 0, false);
  static final Row.Long2 SHLL2 = new Row.Long2("shll2", 0x2e213800, Masks.BHS, 1, false);

  // shift by a constant
  static final Row.ShiftLeft SHL = new Row.ShiftLeft("shl", 0x0f005400);
  static final Row.ShiftLeft SLI = new Row.ShiftLeft("sli", 0x2f005400);
  static final Row.ShiftRight SSHR = new Row.ShiftRight("sshr", 0x0f000400);
  static final Row.ShiftRight USHR = new Row.ShiftRight("ushr", 0x2f000400);
  static final Row.ShiftRight SSRA = new Row.ShiftRight("ssra", 0x0f001400);
  static final Row.ShiftRight USRA = new Row.ShiftRight("usra", 0x2f001400);
  static final Row.ShiftRight SRSHR = new Row.ShiftRight("srshr", 0x0f002400);
  static final Row.ShiftRight URSHR = new Row.ShiftRight("urshr", 0x2f002400);
  static final Row.ShiftRight SRI = new Row.ShiftRight("sri", 0x2f004400);
  static final Row.ShiftLong SSHLL = new Row.ShiftLong("sshll", 0x0f00a400, 0);
  static final Row.ShiftLong SSHLL2 = new Row.ShiftLong("sshll2", 0x0f00a400, 1);
  static final Row.ShiftLong USHLL = new Row.ShiftLong("ushll", 0x2f00a400, 0);
  static final Row.ShiftLong USHLL2 = new Row.ShiftLong("ushll2", 0x2f00a400, 1);
  static final Row.ShiftNarrow SHRN = new Row.ShiftNarrow("shrn", 0x0f008400, 0);
  static final Row.ShiftNarrow SHRN2 = new Row.ShiftNarrow("shrn2", 0x0f008400, 1);
  static final Row.ShiftNarrow RSHRN = new Row.ShiftNarrow("rshrn", 0x0f008c00, 0);
  static final Row.ShiftNarrow RSHRN2 = new Row.ShiftNarrow("rshrn2", 0x0f008c00, 1);
  static final Row.ShiftNarrow SQSHRN = new Row.ShiftNarrow("sqshrn", 0x0f009400, 0);
  static final Row.ShiftNarrow SQSHRN2 = new Row.ShiftNarrow("sqshrn2", 0x0f009400, 1);
  static final Row.ShiftNarrow UQSHRN = new Row.ShiftNarrow("uqshrn", 0x2f009400, 0);
  static final Row.ShiftNarrow UQSHRN2 = new Row.ShiftNarrow("uqshrn2", 0x2f009400, 1);
}
