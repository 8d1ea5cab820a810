package dev.vtc.asm.a64;

/** Vector instructions that move lanes, immediates, and vector structures in memory. */
final class PermuteRows {
  private PermuteRows() {}

  // permutations
  static final Row.Same3 ZIP1 = new Row.Same3("zip1", 0x0e003800, Masks.BHSD2, false);
  static final Row.Same3 ZIP2 = new Row.Same3("zip2", 0x0e007800, Masks.BHSD2, false);
  static final Row.Same3 UZP1 = new Row.Same3("uzp1", 0x0e001800, Masks.BHSD2, false);
  static final Row.Same3 UZP2 = new Row.Same3("uzp2", 0x0e005800, Masks.BHSD2, false);
  static final Row.Same3 TRN1 = new Row.Same3("trn1", 0x0e002800, Masks.BHSD2, false);
  static final Row.Same3 TRN2 = new Row.Same3("trn2", 0x0e006800, Masks.BHSD2, false);
  static final Row.Extract EXT = new Row.Extract("ext", 0x2e000000);
  static final Row.Table TBL = new Row.Table("tbl", 0x0e000000);
  static final Row.Table TBX = new Row.Table("tbx", 0x0e001000);

  // lanes
  static final Row.DuplicateLane DUP_LANE = new Row.DuplicateLane("dup", 0x0e000400);
  static final Row.DuplicateGeneral DUP_GENERAL = new Row.DuplicateGeneral("dup", 0x0e000c00);
  static final Row.DuplicateScalar DUP_SCALAR = new Row.DuplicateScalar("dup", 0x5e000400);
  static final Row.InsertLane INS_LANE = new Row.InsertLane("ins", 0x6e000400);
  static final Row.InsertGeneral INS_GENERAL = new Row.InsertGeneral("ins", 0x4e001c00);
  static final Row.MoveLane UMOV = new Row.MoveLane("umov", 0x0e003c00);
  static final Row.MoveLane SMOV = new Row.MoveLane("smov", 0x0e002c00);

  // immediates
  static final Row.ModifiedImmediate MOVI = new Row.ModifiedImmediate("movi", 0x0f000400);
  static final Row.ModifiedImmediate MVNI = new Row.ModifiedImmediate("mvni", 0x2f000400);
  static final Row.ModifiedImmediate ORR_IMMEDIATE = new Row.ModifiedImmediate("orr", 0x0f001400);
  static final Row.ModifiedImmediate BIC_IMMEDIATE = new Row.ModifiedImmediate("bic", 0x2f001400);
  static final Row.ModifiedImmediate MOVI_MASK = new Row.ModifiedImmediate("movi", 0x0f000400);
  static final Row.FloatImmediate FMOV_IMMEDIATE = new Row.FloatImmediate("fmov", 0x0f00f400);

  // structures in memory; post-index by the bytes accessed or by a register
  static final Row.Structure LD1 = new Row.Structure("ld1", 0x0c400000, 0);
  static final Row.Structure LD2 = new Row.Structure("ld2", 0x0c408000, 2);
  static final Row.Structure LD3 = new Row.Structure("ld3", 0x0c404000, 3);
  static final Row.Structure LD4 = new Row.Structure("ld4", 0x0c400000, 4);
  static final Row.LaneAccess LD1_LANE = new Row.LaneAccess("ld1", 0x0d400000);
  static final Row.Structure ST1 = new Row.Structure("st1", 0x0c000000, 0);
  static final Row.Structure ST2 = new Row.Structure("st2", 0x0c008000, 2);
  static final Row.Structure ST3 = new Row.Structure("st3", 0x0c004000, 3);
  static final Row.Structure ST4 = new Row.Structure("st4", 0x0c000000, 4);
  static final Row.LaneAccess ST1_LANE = new Row.LaneAccess("st1", 0x0d000000);
  static final Row.Replicate LD1R = new Row.Replicate("ld1r", 0x0d40c000);
}
