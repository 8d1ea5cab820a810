package dev.vtc.asm.x64;

/**
 * A general purpose register in its 64-bit or 32-bit view. The view decides the operand size of the
 * instruction; writing a 32-bit view clears the upper half.
 */
public final class Gp extends Reg implements GpMem {
  private static final String[] NAMES_64 = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
  };
  private static final String[] NAMES_32 = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
    "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"
  };
  private static final Gp[] R64 = new Gp[16];
  private static final Gp[] R32 = new Gp[16];

  static {
    for (int i = 0; i < 16; i++) {
      R64[i] = new Gp(Kind.G64, i);
      R32[i] = new Gp(Kind.G32, i);
    }
  }

  public static final Gp RAX = R64[0];
  public static final Gp RCX = R64[1];
  public static final Gp RDX = R64[2];
  public static final Gp RBX = R64[3];
  public static final Gp RSP = R64[4];
  public static final Gp RBP = R64[5];
  public static final Gp RSI = R64[6];
  public static final Gp RDI = R64[7];
  public static final Gp R8 = R64[8];
  public static final Gp R9 = R64[9];
  public static final Gp R10 = R64[10];
  public static final Gp R11 = R64[11];
  public static final Gp R12 = R64[12];
  public static final Gp R13 = R64[13];
  public static final Gp R14 = R64[14];
  public static final Gp R15 = R64[15];

  private Gp(int kind, int id) {
    super(kind, id, 0, false);
  }

  /** Returns the 64-bit register with number {@code id}, 0 (rax) to 15. */
  public static Gp of(int id) {
    return R64[id];
  }

  /** Returns the 32-bit view of this register. */
  public Gp r32() {
    return R32[id];
  }

  /** Returns the 64-bit view of this register. */
  public Gp r64() {
    return R64[id];
  }

  /** Returns true if this is the 64-bit view. */
  public boolean is64() {
    return kind == Kind.G64;
  }

  @Override
  public String name() {
    return kind == Kind.G64 ? NAMES_64[id] : NAMES_32[id];
  }

  /** Returns the name of the low byte, as setcc and byte stores write it in a listing. */
  String name8() {
    if (id < 4) {
      return new String[] {"al", "cl", "dl", "bl"}[id];
    }
    return id < 8 ? new String[] {"spl", "bpl", "sil", "dil"}[id - 4] : "r" + id + "b";
  }

  /** Returns the name of the low 16 bits. */
  String name16() {
    return id < 8 ? NAMES_64[id].substring(1) : "r" + id + "w";
  }
}
