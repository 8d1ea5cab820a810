package dev.vtc.asm.a64;

import org.jspecify.annotations.Nullable;

/** The encode methods of the base instructions, one for each operand format. */
abstract class IntegerEncoder extends CodeBuffer {
  static IllegalArgumentException refuse(Row row, String reason, @Nullable Object... operands) {
    return new IllegalArgumentException(Listing.text(row.name(), operands) + ": " + reason + ".");
  }

  final void put(Row row, int word, @Nullable Object a) {
    word(word);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), a);
    }
  }

  final void put(Row row, int word, @Nullable Object a, @Nullable Object b) {
    word(word);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), a, b);
    }
  }

  final void put(Row row, int word, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    word(word);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), a, b, c);
    }
  }

  /** Field of a register where 31 means zero. */
  static int zr(Row row, Gp r) {
    if (r.isSp()) {
      throw refuse(row, "the stack pointer cannot stand here", r);
    }
    return r.index;
  }

  /** Field of a register where 31 means the stack pointer. */
  static int sp(Row row, Gp r) {
    if (r.isZr()) {
      throw refuse(row, "the zero register cannot stand here", r);
    }
    return r.isSp() ? 31 : r.index;
  }

  static void sameWidth(Row row, Gp a, Gp b) {
    if (a.sf() != b.sf()) {
      throw refuse(row, "the registers differ in width", a, b);
    }
  }

  static void range(Row row, int value, int low, int high, String what) {
    if (value < low || value > high) {
      throw refuse(row, what + " must be " + low + " to " + high, value);
    }
  }

  // ---- arithmetic and logic

  final void addSubImmediate(Row.AddSub row, Gp d, Gp n, int immediate) {
    sameWidth(row, d, n);
    int bits = row.bits();
    long magnitude = immediate;
    if (immediate < 0) { // add of -5 is sub of 5
      bits ^= 1 << 30;
      magnitude = -magnitude;
    }
    int shifted = 0;
    if (magnitude > 4095) {
      if ((magnitude & 4095) != 0 || magnitude > 4095 << 12) {
        throw refuse(
            row, "an immediate is 0 to 4095, or a multiple of 4096 below 2^24", d, n, immediate);
      }
      magnitude >>= 12;
      shifted = 1 << 22;
    }
    int fields =
        (int) magnitude << 10 | sp(row, n) << 5 | (row.setsFlags() ? zr(row, d) : sp(row, d));
    put(row, (bits & 0x60000000) | 0x11000000 | d.sf() << 31 | shifted | fields, d, n, immediate);
  }

  final void addSub(Row.AddSub row, Gp d, Gp n, Gp m, Shift shift, int amount) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    range(row, amount, 0, d.bits() - 1, "the shift");
    if (shift == Shift.ROR) {
      throw refuse(row, "ror is for logical instructions only", d, n, m, shift, amount);
    }
    if (shift == Shift.LSL && amount <= 4 && (d.isSp() || n.isSp())) {
      addSub(row, d, n, m, d.sf() == 1 ? Extend.UXTX : Extend.UXTW, amount);
      return;
    }
    int fields = zr(row, m) << 16 | amount << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | shift.code << 22 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, shift, amount);
    }
  }

  final void addSub(Row.AddSub row, Gp d, Gp n, Gp m, Extend extend, int amount) {
    sameWidth(row, d, n);
    range(row, amount, 0, 4, "the shift of an extended register");
    int wide = extend == Extend.UXTX || extend == Extend.SXTX ? 1 : 0;
    if (d.sf() == 0 ? m.sf() != 0 : m.sf() != wide) {
      throw refuse(row, "the extension does not fit the register", d, n, m, extend, amount);
    }
    int fields = zr(row, m) << 16 | extend.code << 13 | amount << 10 | sp(row, n) << 5;
    fields |= row.setsFlags() ? zr(row, d) : sp(row, d);
    word(row.bits() | 1 << 21 | d.sf() << 31 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, extend, amount);
    }
  }

  final void logical(Row.Logical row, Gp d, Gp n, Gp m, Shift shift, int amount) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    range(row, amount, 0, d.bits() - 1, "the shift");
    int fields = zr(row, m) << 16 | amount << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | shift.code << 22 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, shift, amount);
    }
  }

  final void logicalImmediate(Row.Logical row, Gp d, Gp n, long immediate) {
    sameWidth(row, d, n);
    if (d.sf() == 0 && immediate >> 32 != 0 && immediate >> 31 != -1) {
      throw refuse(row, "the immediate has more than 32 bits", d, n, immediate);
    }
    long value = row.negates() ? ~immediate : immediate;
    int field = BitmaskImmediate.encode(d.sf() == 0 ? value << 32 | (value & 0xffffffffL) : value);
    if (field < 0) {
      throw refuse(row, "not a repeated, rotated run of ones", d, n, immediate);
    }
    int fields = field << 10 | zr(row, n) << 5 | (row.setsFlags() ? zr(row, d) : sp(row, d));
    put(row, (row.bits() & 0x60000000) | 0x12000000 | d.sf() << 31 | fields, d, n, immediate);
  }

  final void data1(Row.Data1 row, Gp d, Gp n) {
    sameWidth(row, d, n);
    put(row, row.bits() | d.sf() << 31 | zr(row, n) << 5 | zr(row, d), d, n);
  }

  final void data2(Row.Data2 row, Gp d, Gp n, Gp m) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    int fields = zr(row, m) << 16 | zr(row, n) << 5 | zr(row, d);
    put(row, row.bits() | d.sf() << 31 | fields, d, n, m);
  }

  final void data3(Row.Data3 row, Gp d, Gp n, Gp m, Gp a) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    sameWidth(row, d, a);
    int fields = zr(row, m) << 16 | zr(row, a) << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, a);
    }
  }

  final void widening(Row.Widening row, X d, W n, W m, X a) {
    int fields = zr(row, m) << 16 | zr(row, a) << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, a);
    }
  }

  final void multiplyHigh(Row.MultiplyHigh row, X d, X n, X m) {
    put(row, row.bits() | zr(row, m) << 16 | zr(row, n) << 5 | zr(row, d), d, n, m);
  }

  /** ubfm, sbfm, bfm with raw fields. */
  final void bitField(Row.BitField row, Gp d, Gp n, int immr, int imms) {
    sameWidth(row, d, n);
    range(row, immr, 0, d.bits() - 1, "a bit number");
    range(row, imms, 0, d.bits() - 1, "a bit number");
    int fields = immr << 16 | imms << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | d.sf() << 22 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, immr, imms);
    }
  }

  /** Bits lsb .. lsb+width-1 of n to the bottom of d. */
  final void bitFieldDown(Row.BitField row, Gp d, Gp n, int lsb, int width) {
    range(row, lsb, 0, d.bits() - 1, "the lowest bit");
    range(row, width, 1, d.bits() - lsb, "the width");
    bitField(row, d, n, lsb, lsb + width - 1);
  }

  /** The bottom of n to bits lsb .. lsb+width-1 of d. */
  final void bitFieldUp(Row.BitField row, Gp d, Gp n, int lsb, int width) {
    range(row, lsb, 0, d.bits() - 1, "the lowest bit");
    range(row, width, 1, d.bits() - lsb, "the width");
    bitField(row, d, n, -lsb & d.bits() - 1, width - 1);
  }

  /** d = low bits of (n : m) >> lsb. */
  final void extractBits(Row.BitField row, Gp d, Gp n, Gp m, int lsb) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    range(row, lsb, 0, d.bits() - 1, "the lowest bit");
    int fields = zr(row, m) << 16 | lsb << 10 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | d.sf() << 22 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, lsb);
    }
  }

  final void moveWide(Row.MoveWide row, Gp d, int immediate, int lsl) {
    range(row, immediate, 0, 0xffff, "the immediate");
    if ((lsl & 15) != 0 || lsl < 0 || lsl >= d.bits()) {
      throw refuse(row, "the shift must be a multiple of 16 below the width", d, immediate, lsl);
    }
    word(row.bits() | d.sf() << 31 | lsl << 17 | immediate << 5 | zr(row, d));
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, immediate, Shift.LSL, lsl);
    }
  }

  final void select(Row.Select row, Gp d, Gp n, Gp m, Cond cond) {
    sameWidth(row, d, n);
    sameWidth(row, d, m);
    int fields = zr(row, m) << 16 | cond.code << 12 | zr(row, n) << 5 | zr(row, d);
    word(row.bits() | d.sf() << 31 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, n, m, cond);
    }
  }

  /** cset and its kin: the condition is inverted in the encoding. */
  final void selectInverted(Row.Select row, Gp d, Gp n, Cond cond) {
    if (cond == Cond.AL) {
      throw refuse(row, "al has no inverse", d, cond);
    }
    select(row, d, n, n, INVERTED[cond.code]);
  }

  private static final Cond[] INVERTED = {
    Cond.NE, Cond.EQ, Cond.LO, Cond.HS, Cond.PL, Cond.MI, Cond.VC, Cond.VS, Cond.LS, Cond.HI,
    Cond.LT, Cond.GE, Cond.LE, Cond.GT
  };

  final void conditionalCompare(Row.Compare row, Gp n, Gp m, int flags, Cond cond) {
    sameWidth(row, n, m);
    range(row, flags, 0, 15, "the flags");
    int fields = zr(row, m) << 16 | cond.code << 12 | zr(row, n) << 5 | flags;
    word(row.bits() | n.sf() << 31 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), n, m, flags, cond);
    }
  }

  final void conditionalCompare(Row.Compare row, Gp n, int immediate, int flags, Cond cond) {
    range(row, immediate, 0, 31, "the immediate");
    range(row, flags, 0, 15, "the flags");
    int fields = immediate << 16 | cond.code << 12 | 1 << 11 | zr(row, n) << 5 | flags;
    word(row.bits() | n.sf() << 31 | fields);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), n, immediate, flags, cond);
    }
  }

  // ---- control

  final void jump(Row.Jump row, Label target) {
    word(row.bits(), target);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), target);
    }
  }

  final void conditionalJump(Row.ConditionalJump row, Cond cond, Label target) {
    word(row.bits() | cond.code, target);
    if (listing != null) {
      listing.instruction(last(), row, row.name() + "." + cond, target);
    }
  }

  final void compareJump(Row.CompareJump row, Gp t, Label target) {
    word(row.bits() | t.sf() << 31 | zr(row, t), target);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), t, target);
    }
  }

  final void testJump(Row.TestJump row, Gp t, int bit, Label target) {
    range(row, bit, 0, t.bits() - 1, "the bit number");
    word(row.bits() | bit >> 5 << 31 | (bit & 31) << 19 | zr(row, t), target);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), t, bit, target);
    }
  }

  final void registerJump(Row.RegisterJump row, X n) {
    put(row, row.bits() | zr(row, n) << 5, n);
  }

  final void address(Row.LoadLiteral row, X d, Label target) {
    word(row.bits() | zr(row, d), target);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), d, target);
    }
  }

  final void pageAddress(Row.PageAddress row, X d, long distance) {
    if ((distance & 4095) != 0 || distance >> 32 != distance >> 63) {
      throw refuse(row, "the distance must be a multiple of 4096 within 4 GiB", d, distance);
    }
    int pages = (int) (distance >> 12);
    int fields = (pages & 3) << 29 | (pages >> 2 & 0x7ffff) << 5 | zr(row, d);
    put(row, row.bits() | fields, d, distance);
  }

  // ---- system

  final void fixed(Row.Fixed row) {
    word(row.bits());
    if (listing != null) {
      listing.instruction(last(), row, row.name());
    }
  }

  final void trap(Row.Trap row, int immediate) {
    range(row, immediate, 0, 0xffff, "the immediate");
    put(row, row.bits() | immediate << 5, immediate);
  }

  final void fence(Row.Fence row, Barrier scope) {
    put(row, row.bits() | scope.code << 8, scope);
  }

  final void cache(Row.Cache row, X t) {
    put(row, row.bits() | zr(row, t), t);
  }

  final void read(Row.SystemAccess row, X t, SystemRegister register) {
    put(row, row.bits() | register.bits | zr(row, t), t, register);
  }

  final void write(Row.SystemAccess row, SystemRegister register, X t) {
    if (!register.writable) {
      throw refuse(row, "user code cannot write it", register, t);
    }
    put(row, row.bits() | register.bits | zr(row, t), register, t);
  }
}
