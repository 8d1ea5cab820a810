package dev.vtc.machine.java;

import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.Numerics;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rules 2, 3 and 9: the instructions that go over one row of a buffer. One instance a thread: it
 * owns that thread's scratch.
 */
final class Vectors {
  private static final int BLOCK = 32;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final float[] row;
  private final float[] lanes = new float[16];
  private final PanelReader reader = new PanelReader();

  /**
   * @param maxWidth elements of the widest row
   */
  Vectors(int maxWidth) {
    row = new float[maxWidth];
  }

  /** Row {@code id} of a packed matrix, decoded: code · scale (+ minimum), each rounded once. */
  void embed(Embed e, int id, int token, JavaExecutable memory) {
    PackedTensor table = memory.matrix(e.table());
    int lane = id % TvlFormat.PANEL_ROWS;
    reader.open(table, id / TvlFormat.PANEL_ROWS, 1);
    for (int c = 0; c < table.columns(); c++) {
      if (c % BLOCK == 0) {
        reader.read(c / BLOCK);
      }
      float w = reader.weight(c % BLOCK, lane);
      row[c] = e.scale() == 1 ? w : w * e.scale();
    }
    store(row, e.out(), memory.memory(e.out()), token);
  }

  void norm(RmsNorm r, int from, int to, JavaExecutable memory) {
    MemorySegment in = memory.memory(r.in());
    MemorySegment weight = memory.vector(r.weight());
    int width = r.in().width();
    load(in, r.in(), from, width);
    int group = r.group();
    for (int g = 0; g < width; g += group) {
      java.util.Arrays.fill(lanes, 0);
      for (int i = 0; i < group; i++) {
        float x = row[g + i];
        lanes[i % 16] = Math.fma(x, x, lanes[i % 16]);
      }
      float mean = Numerics.fold16(lanes) / group;
      float scale = 1.0f / (float) Math.sqrt(mean + r.eps());
      for (int i = 0; i < group; i++) {
        row[g + i] = row[g + i] * scale * weight.getAtIndex(FLOAT, i);
      }
    }
    if (r.out() != null) {
      MemorySegment out = memory.memory(r.out());
      if (r.addToOut()) {
        long at = (long) to * r.out().rowBytes();
        for (int i = 0; i < width; i++) {
          row[i] = out.get(FLOAT, at + 4L * i) + row[i];
        }
      }
      store(row, r.out(), out, to);
    }
    if (r.quantized() != null) {
      quantize(row, 0, width, r.quantized(), memory.memory(r.quantized()), to, 0);
    }
  }

  void quantize(Quantize q, int token, JavaExecutable memory) {
    load(memory.memory(q.in()), q.in(), token, q.in().width());
    quantize(row, 0, q.in().width(), q.out(), memory.memory(q.out()), token, 0);
  }

  void add(Add a, int token, JavaExecutable memory) {
    MemorySegment in = memory.memory(a.in());
    MemorySegment into = memory.memory(a.into());
    long x = (long) token * a.in().rowBytes();
    long y = (long) token * a.into().rowBytes();
    for (int i = 0; i < a.in().width(); i++) {
      into.set(FLOAT, y + 4L * i, into.get(FLOAT, y + 4L * i) + in.get(FLOAT, x + 4L * i));
    }
  }

  /** One tile of 64 logits of one row. */
  static void select(Select s, int wanted, int tile, JavaExecutable memory) {
    MemorySegment logits = memory.memory(s.logits());
    long at = (long) wanted * s.logits().rowBytes();
    int from = tile * Select.TILE;
    int to = Math.min(from + Select.TILE, s.logits().width());
    float max = Float.NEGATIVE_INFINITY;
    boolean finite = true;
    for (int i = from; i < to; i++) {
      float x = logits.get(FLOAT, at + 4L * i);
      if (s.softcap() > 0) {
        x = s.softcap() * Numerics.tanh(x / s.softcap());
        logits.set(FLOAT, at + 4L * i, x);
      }
      finite &= Float.isFinite(x);
      max = Math.max(max, x);
    }
    memory
        .memory(s.tileMax())
        .set(FLOAT, (long) wanted * s.tileMax().rowBytes() + 4L * tile, finite ? max : Float.NaN);
  }

  /**
   * Rule 3 on x[at … at + count), which are columns {@code column …} of a row; column is a multiple
   * of 32.
   */
  static void quantize(
      float[] x, int at, int count, Buffer buffer, MemorySegment out, int token, int column) {
    long base = (long) token * buffer.rowBytes();
    for (int b = 0; b < count; b += BLOCK) {
      int size = Math.min(BLOCK, count - b);
      float max = 0;
      for (int i = 0; i < size; i++) {
        // Compared as integers, NaN is larger than infinity: d becomes NaN then, and with it every
        // sum.
        int magnitude = Float.floatToRawIntBits(x[at + b + i]) & 0x7fff_ffff;
        if (magnitude > Float.floatToRawIntBits(max)) {
          max = Float.intBitsToFloat(magnitude);
        }
      }
      boolean zero = max < Numerics.QUANTIZE_FLOOR;
      float d = zero ? 0 : max / 127f;
      float inverse = zero ? 0 : 127f / max;
      int sum0 = 0;
      int sum1 = 0;
      for (int i = 0; i < size; i++) {
        int q = zero ? 0 : (int) Math.rint(x[at + b + i] * inverse);
        out.set(ValueLayout.JAVA_BYTE, base + column + b + i, (byte) q);
        if (i < 16) {
          sum0 += q;
        } else {
          sum1 += q;
        }
      }
      int block = (column + b) / BLOCK;
      out.set(FLOAT, base + buffer.dOffset() + 4L * block, d);
      out.set(FLOAT, base + buffer.sOffset() + 4L * block, d * (float) (sum0 + sum1));
      out.set(INT, base + buffer.sum16Offset() + 8L * block, -sum0);
      out.set(INT, base + buffer.sum16Offset() + 8L * block + 4, -sum1);
      for (int shift : new int[] {Buffer.OFFSET_8, Buffer.OFFSET_128}) {
        int sum = -(sum0 + sum1) << shift;
        out.set(INT, base + buffer.offsetSums(shift) + 4L * block, sum);
      }
    }
  }

  private void load(MemorySegment in, Buffer buffer, int token, int width) {
    MemorySegment.copy(in, FLOAT, (long) token * buffer.rowBytes(), row, 0, width);
  }

  private static void store(float[] from, Buffer buffer, MemorySegment out, int token) {
    MemorySegment.copy(from, 0, out, FLOAT, (long) token * buffer.rowBytes(), buffer.width());
  }
}
