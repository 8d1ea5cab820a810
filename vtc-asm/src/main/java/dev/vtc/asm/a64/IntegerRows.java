package dev.vtc.asm.a64;

/** The base instructions. */
final class IntegerRows {
  private IntegerRows() {}

  // add and subtract
  static final Row.AddSub ADD = new Row.AddSub("add", 0x0b000000);
  static final Row.AddSub ADDS = new Row.AddSub("adds", 0x2b000000);
  static final Row.AddSub SUB = new Row.AddSub("sub", 0x4b000000);
  static final Row.AddSub SUBS = new Row.AddSub("subs", 0x6b000000);

  // logic
  static final Row.Logical AND = new Row.Logical("and", 0x0a000000);
  static final Row.Logical BIC = new Row.Logical("bic", 0x0a200000);
  static final Row.Logical ORR = new Row.Logical("orr", 0x2a000000);
  static final Row.Logical ORN = new Row.Logical("orn", 0x2a200000);
  static final Row.Logical EOR = new Row.Logical("eor", 0x4a000000);
  static final Row.Logical EON = new Row.Logical("eon", 0x4a200000);
  static final Row.Logical ANDS = new Row.Logical("ands", 0x6a000000);
  static final Row.Logical BICS = new Row.Logical("bics", 0x6a200000);

  // moves
  static final Row.MoveWide MOVN = new Row.MoveWide("movn", 0x12800000);
  static final Row.MoveWide MOVZ = new Row.MoveWide("movz", 0x52800000);
  static final Row.MoveWide MOVK = new Row.MoveWide("movk", 0x72800000);

  // shifts and bit fields
  static final Row.BitField SBFM = new Row.BitField("sbfm", 0x13000000);
  static final Row.BitField BFM = new Row.BitField("bfm", 0x33000000);
  static final Row.BitField UBFM = new Row.BitField("ubfm", 0x53000000);
  static final Row.BitField EXTR = new Row.BitField("extr", 0x13800000);
  static final Row.Data2 LSLV = new Row.Data2("lsl", 0x1ac02000);
  static final Row.Data2 LSRV = new Row.Data2("lsr", 0x1ac02400);
  static final Row.Data2 ASRV = new Row.Data2("asr", 0x1ac02800);
  static final Row.Data2 RORV = new Row.Data2("ror", 0x1ac02c00);
  static final Row.Data1 RBIT = new Row.Data1("rbit", 0x5ac00000);
  static final Row.Data1 REV16 = new Row.Data1("rev16", 0x5ac00400);
  static final Row.Data1 CLZ = new Row.Data1("clz", 0x5ac01000);
  static final Row.Data1 CLS = new Row.Data1("cls", 0x5ac01400);
  static final Row.Data1 REV_W = new Row.Data1("rev", 0x5ac00800);
  static final Row.Data1 REV_X = new Row.Data1("rev", 0x5ac00c00);
  static final Row.Data1 REV32 = new Row.Data1("rev32", 0x5ac00800);

  // multiply and divide
  static final Row.Data2 UDIV = new Row.Data2("udiv", 0x1ac00800);
  static final Row.Data2 SDIV = new Row.Data2("sdiv", 0x1ac00c00);
  static final Row.Data3 MADD = new Row.Data3("madd", 0x1b000000);
  static final Row.Data3 MSUB = new Row.Data3("msub", 0x1b008000);
  static final Row.Widening SMADDL = new Row.Widening("smaddl", 0x9b200000);
  static final Row.Widening UMADDL = new Row.Widening("umaddl", 0x9ba00000);
  static final Row.MultiplyHigh SMULH = new Row.MultiplyHigh("smulh", 0x9b407c00);
  static final Row.MultiplyHigh UMULH = new Row.MultiplyHigh("umulh", 0x9bc07c00);

  // conditions
  static final Row.Select CSEL = new Row.Select("csel", 0x1a800000);
  static final Row.Select CSINC = new Row.Select("csinc", 0x1a800400);
  static final Row.Select CSINV = new Row.Select("csinv", 0x5a800000);
  static final Row.Select CSNEG = new Row.Select("csneg", 0x5a800400);
  static final Row.Compare CCMP = new Row.Compare("ccmp", 0x7a400000);
  static final Row.Compare CCMN = new Row.Compare("ccmn", 0x3a400000);
}
