package dev.vtc.asm.a64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Values for every parameter type of the mnemonic methods: all registers, awkward immediates. */
final class Operands {
  private static final long[] INTEGERS = {
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    12,
    15,
    16,
    17,
    24,
    31,
    32,
    33,
    47,
    48,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    257,
    4095,
    4096,
    4097,
    8192,
    65535,
    65536,
    0xfff000,
    0xfff001,
    0x1000000,
    -1,
    -2,
    -8,
    -128,
    -255,
    -4095,
    -4096,
    -4097,
    -65536,
    0x7fffffff,
    -0x80000000L
  };
  private static final long[] LONGS = {
    0x5555555555555555L, 0x3333333333333333L, 0xff00ff00ff00ffL, 0xffff0000ffffL, 0xffffffffL,
    0xfffffffeL, 0x80000000L, 0xf0f0f0f0L, 0x7fff7fff7fff7fffL, 0xff00000000000000L,
    0x00ff00ffff00ff00L, 0x8000000000000001L, 0x123456789abcdefL, 0x1fffffffe00000L, 0xfffff000L,
    0x100000000L, -0x100000000L, 0xfffff001L << 12, 0x7ffffffffffffffeL, 0x100000000000L
  };
  private static final double[] DOUBLES = {
    0.0, -0.0, 1.0, -1.0, 0.125, 0.1328125, 0.12, 0.0625, 31.0, 31.5, 30.0, 2.0, 1.9375, 1.96875,
    3.5, -0.5, 16.0, 0.25
  };
  private static final int[] OFFSETS = {
    0,
    1,
    -1,
    2,
    3,
    4,
    8,
    -8,
    12,
    16,
    32,
    48,
    64,
    127,
    128,
    248,
    252,
    255,
    256,
    -255,
    -256,
    -257,
    257,
    504,
    508,
    512,
    -512,
    -520,
    1008,
    1016,
    1024,
    -1024,
    -1040,
    4095,
    4096,
    4097,
    8190,
    8192,
    16380,
    16384,
    32760,
    32768,
    65520,
    65536,
    0x7fffffff,
    -0x80000000
  };
  private static final int[] DISTANCES = {
    0, 1, -1, 2, 31, -32, 8191, 8192, -8192, -8193, 262143, 262144, -262144, -262145, 33554431,
    33554432, -33554432, -33554433
  };

  private Operands() {}

  /** A label that stands {@code distance} words after the first instruction. */
  record Distance(int words) {
    @Override
    public String toString() {
      return "#" + 4L * words;
    }
  }

  /** Values grouped by shape: width, size or arrangement. All combinations of shapes are tried. */
  static List<List<Object>> of(Class<?> type) {
    List<List<Object>> shapes = new ArrayList<>();
    if (type == X.class || type == Gp.class) {
      List<Object> all = new ArrayList<>(List.of(X.XZR, X.SP));
      for (int i = 0; i < 31; i++) {
        all.add(X.of(i));
      }
      shapes.add(all);
    }
    if (type == W.class || type == Gp.class) {
      List<Object> all = new ArrayList<>(List.of(W.WZR, W.WSP));
      for (int i = 0; i < 31; i++) {
        all.add(W.of(i));
      }
      shapes.add(all);
    }
    if (Fp.class.isAssignableFrom(type)) {
      for (int size = 0; size < 5; size++) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          V v = V.of(i);
          all.add(List.of(v.b, v.h, v.s, v.d, v.q).get(size));
        }
        if (type.isInstance(all.getFirst())) {
          shapes.add(all);
        }
      }
    }
    if (type == Vec.class) {
      for (Arrangement a : Arrangement.values()) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          all.add(new Vec(i, a));
        }
        shapes.add(all);
      }
    }
    if (type == Lane.class) {
      for (int size = 0; size < 5; size++) {
        List<Object> all = new ArrayList<>();
        int log2 = size == 4 ? 2 : size;
        for (int i = 0; i < 32; i++) {
          for (int lane = 0; lane < 16 >> log2; lane++) {
            all.add(new Lane(i, log2, lane, size == 4));
          }
        }
        shapes.add(all);
      }
    }
    if (type == VecList.class) {
      for (Arrangement a : Arrangement.values()) {
        for (int length = 1; length <= 4; length++) {
          List<Object> all = new ArrayList<>();
          for (int i = 0; i < 32; i++) {
            Vec[] members = new Vec[length];
            for (int m = 0; m < length; m++) {
              members[m] = new Vec((i + m) % 32, a);
            }
            all.add(new VecList(members));
          }
          shapes.add(all);
        }
      }
    }
    if (type == Mem.class) {
      memory(shapes);
    }
    if (type.isEnum()) {
      shapes.add(new ArrayList<>(Arrays.asList(type.getEnumConstants())));
    }
    List<Object> plain = new ArrayList<>();
    if (type == int.class || type == long.class) {
      for (long value : INTEGERS) {
        plain.add(type == int.class ? (Object) (int) value : (Object) value);
      }
    }
    if (type == long.class) {
      for (long value : LONGS) {
        plain.add(value);
      }
    }
    if (type == double.class) {
      for (double value : DOUBLES) {
        plain.add(value);
      }
    }
    if (type == Label.class) {
      for (int distance : DISTANCES) {
        plain.add(new Distance(distance));
      }
    }
    if (!plain.isEmpty()) {
      shapes.add(plain);
    }
    if (shapes.isEmpty()) {
      throw new IllegalStateException("no operands for " + type);
    }
    return shapes;
  }

  private static void memory(List<List<Object>> shapes) {
    List<Object> offset = new ArrayList<>();
    List<Object> pre = new ArrayList<>();
    List<Object> post = new ArrayList<>();
    for (int value : OFFSETS) {
      offset.add(A64Assembler.mem(X.of(3), value));
      pre.add(A64Assembler.pre(X.of(4), value));
      post.add(A64Assembler.post(X.of(5), value));
    }
    List<Object> base = new ArrayList<>(List.of(A64Assembler.mem(X.SP)));
    List<Object> register = new ArrayList<>();
    List<Object> postRegister = new ArrayList<>();
    List<Object> extended = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      X b = X.of(i);
      base.add(A64Assembler.mem(b));
      offset.add(A64Assembler.mem(b, 64));
      pre.add(A64Assembler.pre(b, 16));
      post.add(A64Assembler.post(b, -16));
      post.add(A64Assembler.post(b, 1 << i % 7));
      register.add(A64Assembler.mem(b, X.of(30 - i)));
      register.add(A64Assembler.mem(X.SP, b, i % 5));
      postRegister.add(A64Assembler.post(b, X.of(i * 7 % 31)));
      extended.add(
          A64Assembler.mem(b, W.of(i * 5 % 31), i % 2 == 0 ? Extend.UXTW : Extend.SXTW, i % 5));
      extended.add(A64Assembler.mem(b, X.of(i * 5 % 31), Extend.SXTX, i % 4));
    }
    register.add(A64Assembler.mem(X.of(9), X.XZR));
    extended.add(A64Assembler.mem(X.SP, W.WZR, Extend.UXTW, 0));
    postRegister.add(A64Assembler.post(X.of(2), X.XZR));
    pre.add(A64Assembler.pre(X.SP, -32));
    post.add(A64Assembler.post(X.SP, 32));
    shapes.addAll(List.of(base, offset, pre, post, register, extended, postRegister));
  }

  static Object any(List<Object> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
