package dev.vtc.asm.a64;

/** Loads, stores and atomic operations of general and scalar registers. */
final class MemoryRows {
  private MemoryRows() {}

  // general registers
  static final Row.Access LDR_W = new Row.Access("ldr", 0xb8400000, 2);
  static final Row.Access LDR_X = new Row.Access("ldr", 0xf8400000, 3);
  static final Row.Access STR_W = new Row.Access("str", 0xb8000000, 2);
  static final Row.Access STR_X = new Row.Access("str", 0xf8000000, 3);
  static final Row.Access LDRB = new Row.Access("ldrb", 0x38400000, 0);
  static final Row.Access STRB = new Row.Access("strb", 0x38000000, 0);
  static final Row.Access LDRH = new Row.Access("ldrh", 0x78400000, 1);
  static final Row.Access STRH = new Row.Access("strh", 0x78000000, 1);
  static final Row.Access LDRSB_X = new Row.Access("ldrsb", 0x38800000, 0);
  static final Row.Access LDRSB_W = new Row.Access("ldrsb", 0x38c00000, 0);
  static final Row.Access LDRSH_X = new Row.Access("ldrsh", 0x78800000, 1);
  static final Row.Access LDRSH_W = new Row.Access("ldrsh", 0x78c00000, 1);
  static final Row.Access LDRSW = new Row.Access("ldrsw", 0xb8800000, 2);
  static final Row.Access PRFM = new Row.Access("prfm", 0xf8800000, 3);
  static final Row.Pair LDP_W = new Row.Pair("ldp", 0x28400000, 2);
  static final Row.Pair LDP_X = new Row.Pair("ldp", 0xa8400000, 3);
  static final Row.Pair STP_W = new Row.Pair("stp", 0x28000000, 2);
  static final Row.Pair STP_X = new Row.Pair("stp", 0xa8000000, 3);

  // scalar and vector registers
  static final Row.Access LDR_B = new Row.Access("ldr", 0x3c400000, 0);
  static final Row.Access LDR_H = new Row.Access("ldr", 0x7c400000, 1);
  static final Row.Access LDR_S = new Row.Access("ldr", 0xbc400000, 2);
  static final Row.Access LDR_D = new Row.Access("ldr", 0xfc400000, 3);
  static final Row.Access LDR_Q = new Row.Access("ldr", 0x3cc00000, 4);
  static final Row.Access STR_B = new Row.Access("str", 0x3c000000, 0);
  static final Row.Access STR_H = new Row.Access("str", 0x7c000000, 1);
  static final Row.Access STR_S = new Row.Access("str", 0xbc000000, 2);
  static final Row.Access STR_D = new Row.Access("str", 0xfc000000, 3);
  static final Row.Access STR_Q = new Row.Access("str", 0x3c800000, 4);
  static final Row.Pair LDP_S = new Row.Pair("ldp", 0x2c400000, 2);
  static final Row.Pair LDP_D = new Row.Pair("ldp", 0x6c400000, 3);
  static final Row.Pair LDP_Q = new Row.Pair("ldp", 0xac400000, 4);
  static final Row.Pair STP_S = new Row.Pair("stp", 0x2c000000, 2);
  static final Row.Pair STP_D = new Row.Pair("stp", 0x6c000000, 3);
  static final Row.Pair STP_Q = new Row.Pair("stp", 0xac000000, 4);
  static final Row.Pair LDNP_S = new Row.Pair("ldnp", 0x2c400000, 2);
  static final Row.Pair LDNP_D = new Row.Pair("ldnp", 0x6c400000, 3);
  static final Row.Pair LDNP_Q = new Row.Pair("ldnp", 0xac400000, 4);
  static final Row.Pair STNP_S = new Row.Pair("stnp", 0x2c000000, 2);
  static final Row.Pair STNP_D = new Row.Pair("stnp", 0x6c000000, 3);
  static final Row.Pair STNP_Q = new Row.Pair("stnp", 0xac000000, 4);

  // constants
  static final Row.LoadLiteral LDR_LITERAL_W = new Row.LoadLiteral("ldr", 0x18000000);
  static final Row.LoadLiteral LDR_LITERAL_X = new Row.LoadLiteral("ldr", 0x58000000);
  static final Row.LoadLiteral LDR_LITERAL_S = new Row.LoadLiteral("ldr", 0x1c000000);
  static final Row.LoadLiteral LDR_LITERAL_D = new Row.LoadLiteral("ldr", 0x5c000000);
  static final Row.LoadLiteral LDR_LITERAL_Q = new Row.LoadLiteral("ldr", 0x9c000000);

  // acquire, release, exclusive
  static final Row.Ordered LDAR = new Row.Ordered("ldar", 0x88dffc00);
  static final Row.Ordered STLR = new Row.Ordered("stlr", 0x889ffc00);
  static final Row.Ordered LDXR = new Row.Ordered("ldxr", 0x885f7c00);
  static final Row.Ordered LDAXR = new Row.Ordered("ldaxr", 0x885ffc00);
  static final Row.Ordered LDARB = new Row.Ordered("ldarb", 0x08dffc00);
  static final Row.Ordered LDARH = new Row.Ordered("ldarh", 0x48dffc00);
  static final Row.Ordered STLRB = new Row.Ordered("stlrb", 0x089ffc00);
  static final Row.Ordered STLRH = new Row.Ordered("stlrh", 0x489ffc00);
  static final Row.StoreExclusive STXR = new Row.StoreExclusive("stxr", 0x88007c00);
  static final Row.StoreExclusive STLXR = new Row.StoreExclusive("stlxr", 0x8800fc00);

  // atomic operations (FEAT_LSE)
  static final Row.Atomic LDADD = new Row.Atomic("ldadd", 0xb8200000);
  static final Row.Atomic LDADDA = new Row.Atomic("ldadda", 0xb8a00000);
  static final Row.Atomic LDADDL = new Row.Atomic("ldaddl", 0xb8600000);
  static final Row.Atomic LDADDAL = new Row.Atomic("ldaddal", 0xb8e00000);
  static final Row.Atomic SWP = new Row.Atomic("swp", 0xb8208000);
  static final Row.Atomic SWPA = new Row.Atomic("swpa", 0xb8a08000);
  static final Row.Atomic SWPL = new Row.Atomic("swpl", 0xb8608000);
  static final Row.Atomic SWPAL = new Row.Atomic("swpal", 0xb8e08000);
  static final Row.Atomic LDSET = new Row.Atomic("ldset", 0xb8203000);
  static final Row.Atomic LDSETA = new Row.Atomic("ldseta", 0xb8a03000);
  static final Row.Atomic LDSETL = new Row.Atomic("ldsetl", 0xb8603000);
  static final Row.Atomic LDSETAL = new Row.Atomic("ldsetal", 0xb8e03000);
  static final Row.Atomic LDCLR = new Row.Atomic("ldclr", 0xb8201000);
  static final Row.Atomic LDCLRA = new Row.Atomic("ldclra", 0xb8a01000);
  static final Row.Atomic LDCLRL = new Row.Atomic("ldclrl", 0xb8601000);
  static final Row.Atomic LDCLRAL = new Row.Atomic("ldclral", 0xb8e01000);
  static final Row.Atomic CAS = new Row.Atomic("cas", 0x88a07c00);
  static final Row.Atomic CASA = new Row.Atomic("casa", 0x88e07c00);
  static final Row.Atomic CASL = new Row.Atomic("casl", 0x88a0fc00);
  static final Row.Atomic CASAL = new Row.Atomic("casal", 0x88e0fc00);
}
