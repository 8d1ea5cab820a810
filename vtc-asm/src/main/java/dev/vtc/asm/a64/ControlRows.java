package dev.vtc.asm.a64;

/** Branches, barriers and system instructions. */
final class ControlRows {
  private ControlRows() {}

  // branches
  static final Row.Jump B = new Row.Jump("b", 0x14000000);
  static final Row.Jump BL = new Row.Jump("bl", 0x94000000);
  static final Row.ConditionalJump B_COND = new Row.ConditionalJump("b", 0x54000000);
  static final Row.CompareJump CBZ = new Row.CompareJump("cbz", 0x34000000);
  static final Row.CompareJump CBNZ = new Row.CompareJump("cbnz", 0x35000000);
  static final Row.TestJump TBZ = new Row.TestJump("tbz", 0x36000000);
  static final Row.TestJump TBNZ = new Row.TestJump("tbnz", 0x37000000);
  static final Row.RegisterJump BR = new Row.RegisterJump("br", 0xd61f0000);
  static final Row.RegisterJump BLR = new Row.RegisterJump("blr", 0xd63f0000);
  static final Row.RegisterJump RET = new Row.RegisterJump("ret", 0xd65f0000);

  // addresses
  static final Row.LoadLiteral ADR = new Row.LoadLiteral("adr", 0x10000000);
  static final Row.PageAddress ADRP = new Row.PageAddress("adrp", 0x90000000);

  // barriers and hints
  static final Row.Fence DMB = new Row.Fence("dmb", 0xd50330bf);
  static final Row.Fence DSB = new Row.Fence("dsb", 0xd503309f);
  static final Row.Fixed ISB = new Row.Fixed("isb", 0xd5033fdf);
  static final Row.Fixed NOP = new Row.Fixed("nop", 0xd503201f);
  static final Row.Fixed YIELD = new Row.Fixed("yield", 0xd503203f);
  static final Row.Fixed WFE = new Row.Fixed("wfe", 0xd503205f);
  static final Row.Fixed SEV = new Row.Fixed("sev", 0xd503209f);
  static final Row.Fixed CLREX = new Row.Fixed("clrex", 0xd5033f5f);
  static final Row.Trap BRK = new Row.Trap("brk", 0xd4200000);

  // system
  static final Row.SystemAccess MRS = new Row.SystemAccess("mrs", 0xd5300000);
  static final Row.SystemAccess MSR = new Row.SystemAccess("msr", 0xd5100000);
  static final Row.Cache DC_CVAU = new Row.Cache("dc cvau,", 0xd50b7b20);
  static final Row.Cache IC_IVAU = new Row.Cache("ic ivau,", 0xd50b7520);
  static final Row.Cache DC_ZVA = new Row.Cache("dc zva,", 0xd50b7420);
}
