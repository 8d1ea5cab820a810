package dev.vtc.asm.x64;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand: {@code [base + index * scale + disp]}, or {@code [rip + label]}. Immutable.
 *
 * <p>The size of the access is the instruction's own; only where nothing else tells it (an
 * immediate, an increment) a view with {@link #dword()} and the like must be used. {@link #bcst()}
 * makes an EVEX instruction read one element and repeat it in all lanes.
 */
public final class Mem extends Operand implements VecMem, GpMem {
  /** Number of the base register, or -1. */
  final int base;

  /** Number of the index register, general purpose or (gathers) vector, or -1. */
  final int index;

  /** Kind of the index: {@link Kind#G64} or a vector kind; {@link Kind#NONE} without index. */
  final int indexKind;

  /** log2 of the scale: 0..3. */
  final int scaleLog;

  /** Displacement in bytes. */
  final int disp;

  final @Nullable Label label;
  final boolean broadcast;

  /** Size of the access in bytes where it was given, else 0. */
  final int size;

  private Mem(
      int base,
      int index,
      int indexKind,
      int scaleLog,
      int disp,
      @Nullable Label label,
      boolean broadcast,
      int size,
      int mask) {
    super(Kind.MEM, mask, false);
    this.base = base;
    this.index = index;
    this.indexKind = indexKind;
    this.scaleLog = scaleLog;
    this.disp = disp;
    this.label = label;
    this.broadcast = broadcast;
    this.size = size;
  }

  /** Returns {@code [base + disp]}, {@code disp} in bytes. */
  public static Mem of(Gp base, int disp) {
    return new Mem(id64(base), -1, Kind.NONE, 0, disp, null, false, 0, 0);
  }

  /**
   * Returns {@code [base + index * scale + disp]}.
   *
   * @param index any 64-bit register but rsp
   * @param scale 1, 2, 4 or 8
   * @param disp in bytes
   */
  public static Mem of(Gp base, Gp index, int scale, int disp) {
    if (index.id == 4) {
      throw new IllegalArgumentException("rsp cannot be an index register");
    }
    return new Mem(id64(base), id64(index), Kind.G64, log(scale), disp, null, false, 0, 0);
  }

  /** Returns {@code [index * scale + disp]}, without a base. */
  public static Mem indexed(Gp index, int scale, int disp) {
    if (index.id == 4) {
      throw new IllegalArgumentException("rsp cannot be an index register");
    }
    return new Mem(-1, id64(index), Kind.G64, log(scale), disp, null, false, 0, 0);
  }

  /** Returns the addresses {@code base + index[lane] * scale + disp} of a gather. */
  public static Mem gather(Gp base, Vec index, int scale, int disp) {
    return new Mem(id64(base), index.id, index.kind, log(scale), disp, null, false, 0, 0);
  }

  /** Returns {@code [rip + label + disp]}: a place in the same code blob. */
  public static Mem of(Label label, int disp) {
    return new Mem(-1, -1, Kind.NONE, 0, disp, label, false, 0, 0);
  }

  /** Returns this address moved by {@code bytes}. */
  public Mem plus(int bytes) {
    return new Mem(
        base, index, indexKind, scaleLog, Math.addExact(disp, bytes), label, broadcast, size, mask);
  }

  /** Returns this operand as an EVEX embedded broadcast of one 32- or 64-bit element. */
  public Mem bcst() {
    return new Mem(base, index, indexKind, scaleLog, disp, label, true, size, mask);
  }

  /** Returns this operand as a destination of which only the lanes set in {@code k} are written. */
  public Mem k(Mask k) {
    return new Mem(base, index, indexKind, scaleLog, disp, label, broadcast, size, Vec.maskId(k));
  }

  /** Returns this operand as one byte. */
  public Mem byte1() {
    return sized(1);
  }

  /** Returns this operand as 2 bytes. */
  public Mem word() {
    return sized(2);
  }

  /** Returns this operand as 4 bytes. */
  public Mem dword() {
    return sized(4);
  }

  /** Returns this operand as 8 bytes. */
  public Mem qword() {
    return sized(8);
  }

  private Mem sized(int bytes) {
    return new Mem(base, index, indexKind, scaleLog, disp, label, broadcast, bytes, mask);
  }

  private static int id64(Gp r) {
    if (r.kind != Kind.G64) {
      throw new IllegalArgumentException(
          "an address needs 64-bit registers, but got " + r.name() + "; use its r64() view");
    }
    return r.id;
  }

  private static int log(int scale) {
    return switch (scale) {
      case 1 -> 0;
      case 2 -> 1;
      case 4 -> 2;
      case 8 -> 3;
      default -> throw new IllegalArgumentException("a scale is 1, 2, 4 or 8, but got " + scale);
    };
  }

  /** Returns the address in Intel syntax, such as {@code [rax + 4*rcx - 64]}. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("[");
    if (label != null) {
      s.append("rip + ").append(label.name());
    }
    if (base >= 0) {
      s.append(Gp.of(base).name());
    }
    if (index >= 0) {
      String name =
          switch (indexKind) {
            case Kind.XMM -> "xmm" + index;
            case Kind.YMM -> "ymm" + index;
            case Kind.ZMM -> "zmm" + index;
            default -> Gp.of(index).name();
          };
      s.append(base >= 0 ? " + " : "").append(1 << scaleLog).append('*').append(name);
    }
    if (base < 0 && index < 0 && label == null) {
      s.append(disp);
    } else if (disp != 0) {
      s.append(disp < 0 ? " - " : " + ").append(Math.abs((long) disp));
    }
    return s.append(']').append(decoration()).toString();
  }
}
