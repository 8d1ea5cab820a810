package dev.vtc.asm.a64;

import static java.util.Objects.requireNonNull;

/** The encode methods of loads and stores of general and scalar registers. */
abstract class MemoryEncoder extends IntegerEncoder {
  /**
   * One register, all addressing modes. An offset that is a multiple of the size takes the scaled
   * form (up to 4095 sizes), any other from -256 to 255 the unscaled one.
   *
   * @param t register field
   * @param general index of a general register, to refuse writing back to it; else -1
   */
  final void access(Row.Access row, int t, int general, Object operand, Mem mem) {
    int size = row.log2Size();
    int bits = row.bits() | sp(row, mem.base) << 5 | t;
    int offset = mem.offset;
    if (mem.writesBack() && general == mem.base.index) {
      throw refuse(row, "the base is written back over the register", operand, mem);
    }
    switch (mem.mode) {
      case OFFSET -> {
        if (offset >= 0 && (offset & (1 << size) - 1) == 0 && offset >> size < 4096) {
          bits |= 0x01000000 | offset >> size << 10;
        } else {
          bits |= nine(row, operand, mem) << 12;
        }
      }
      case PRE -> bits |= 0xc00 | nine(row, operand, mem) << 12;
      case POST -> bits |= 0x400 | nine(row, operand, mem) << 12;
      case REGISTER -> {
        if (mem.shift != 0 && mem.shift != size) {
          throw refuse(row, "the index is shifted by 0 or by " + size, operand, mem);
        }
        int option = mem.extend.code << 13 | (mem.shift != 0 ? 1 << 12 : 0);
        bits |= 0x00200800 | requireNonNull(mem.index).index << 16 | option;
      }
      case POST_REGISTER ->
          throw refuse(row, "only vector structures have this mode", operand, mem);
    }
    put(row, bits, operand, mem);
  }

  private static int nine(Row row, Object operand, Mem mem) {
    if (mem.offset < -256 || mem.offset > 255) {
      throw refuse(row, "the offset is out of reach", operand, mem);
    }
    return mem.offset & 0x1ff;
  }

  final void pair(Row.Pair row, int t, int t2, boolean general, Object a, Object b, Mem mem) {
    int size = row.log2Size();
    int scaled = mem.offset >> size;
    if (mem.mode == Mem.Mode.REGISTER || mem.mode == Mem.Mode.POST_REGISTER) {
      throw refuse(row, "pairs have no index register", a, b, mem);
    }
    if (mem.offset != scaled << size || scaled < -64 || scaled > 63) {
      throw refuse(row, "the offset must be -64 to 63 times " + (1 << size), a, b, mem);
    }
    if (row.loads() && t == t2) {
      throw refuse(row, "both results go to one register", a, b, mem);
    }
    if (mem.writesBack()
        && (row.writesBackNever() || (general && (t == mem.base.index || t2 == mem.base.index)))) {
      throw refuse(row, "the base cannot be written back", a, b, mem);
    }
    int mode = mem.mode == Mem.Mode.POST ? 1 : mem.mode == Mem.Mode.PRE ? 3 : 2;
    int bits = row.bits() | (row.writesBackNever() ? 0 : mode << 23);
    put(row, bits | (scaled & 127) << 15 | t2 << 10 | sp(row, mem.base) << 5 | t, a, b, mem);
  }

  final void loadLiteral(Row.LoadLiteral row, int t, Object operand, Label target) {
    word(row.bits() | t, target);
    if (listing != null) {
      listing.instruction(last(), row, row.name(), operand, target);
    }
  }

  private static int plainBase(Row row, Mem mem) {
    if (mem.mode != Mem.Mode.OFFSET || mem.offset != 0) {
      throw refuse(row, "only a base register without an offset", mem);
    }
    return sp(row, mem.base) << 5;
  }

  final void ordered(Row.Ordered row, Gp t, Mem mem) {
    put(row, row.bits() | t.sf() << 30 | plainBase(row, mem) | zr(row, t), t, mem);
  }

  /** As {@link #ordered}, of 8 or 16 bits. */
  final void orderedSmall(Row.Ordered row, W t, Mem mem) {
    put(row, row.bits() | plainBase(row, mem) | zr(row, t), t, mem);
  }

  final void storeExclusive(Row.StoreExclusive row, W status, Gp t, Mem mem) {
    if (status.index == t.index || status.index == mem.base.index) {
      throw refuse(row, "the status register must differ from the others", status, t, mem);
    }
    int bits = row.bits() | t.sf() << 30 | zr(row, status) << 16;
    put(row, bits | plainBase(row, mem) | zr(row, t), status, t, mem);
  }

  final void atomic(Row.Atomic row, Gp s, Gp t, Mem mem) {
    sameWidth(row, s, t);
    int bits = row.bits() | s.sf() << 30 | zr(row, s) << 16;
    put(row, bits | plainBase(row, mem) | zr(row, t), s, t, mem);
  }
}
