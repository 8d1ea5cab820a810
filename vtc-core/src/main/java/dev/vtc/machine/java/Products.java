package dev.vtc.machine.java;

import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Numerics;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rules 4 and 5 of the numerics, and what follows them in a MatMul. One instance a thread: it owns
 * that thread's scratch.
 */
final class Products {
  private static final int LANES = PanelReader.LANES;
  private static final int BLOCK = PanelReader.BLOCK;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final PanelReader reader = new PanelReader();
  private final int[] dot = new int[LANES];
  private final int[] dot2 = new int[LANES];

  /** Sums of the first and of the second part: [part][token][lane]. */
  private final float[][][] sums;

  /** Sums over the odd columns of a dense part: [token][lane]. */
  private final float[][] oddSums;

  /** Where the rows and the expert of the unit being done begin; 0 without experts. */
  private int firstRow;

  private int expert;

  Products(int maxRows) {
    sums = new float[2][maxRows][LANES];
    oddSums = new float[maxRows][LANES];
  }

  /** Units of work of a product: four panels of one part, of each group if there are experts. */
  static int units(MatMul m) {
    if (m.epilogue().gated()) {
      return units(m.parts().getFirst());
    }
    int units = 0;
    for (int i = 0; i < m.parts().size(); i++) { // an iterator would be allocated in each step
      units += units(m.parts().get(i));
    }
    return units;
  }

  private static int units(Instruction.Part p) {
    return Math.ceilDiv(TvlFormat.panels(p.matrix().rows()), PanelReader.PANELS);
  }

  /** Does one unit, for all rows of the step or of a group. */
  void run(MatMul m, int unit, int rows, JavaExecutable memory) {
    Instruction.Experts experts = m.experts();
    if (experts == null) {
      firstRow = 0;
      expert = 0;
      product(m, unit, rows, memory);
      return;
    }
    int units = units(m);
    long group = (long) unit / units * Group.FIELDS;
    MemorySegment groups = memory.memory(experts.groups());
    expert = groups.getAtIndex(INT, group);
    firstRow = groups.getAtIndex(INT, group + 1);
    product(m, unit % units, groups.getAtIndex(INT, group + 2), memory);
  }

  private void product(MatMul m, int unit, int rows, JavaExecutable memory) {
    if (m.epilogue().gated()) {
      sum(m.parts().get(0), unit, rows, memory, sums[0]);
      sum(m.parts().get(1), unit, rows, memory, sums[1]);
      gate(m, unit, rows, memory);
      return;
    }
    int first = 0;
    for (int i = 0; i < m.parts().size(); i++) {
      Instruction.Part p = m.parts().get(i);
      int end = first + units(p);
      if (unit < end) {
        sum(p, unit - first, rows, memory, sums[0]);
        scale(sums[0], rows, m.scale());
        store(m, p, unit - first, rows, memory);
        return;
      }
      first = end;
    }
    throw new IndexOutOfBoundsException(unit);
  }

  private void sum(
      Instruction.Part part, int unit, int rows, JavaExecutable memory, float[][] acc) {
    PackedTensor w = memory.matrix(part.matrix());
    int panels = TvlFormat.panels(part.matrix().rows());
    int firstPanel = unit * PanelReader.PANELS;
    int count = Math.min(PanelReader.PANELS, panels - firstPanel);
    reader.open(w, expert * panels + firstPanel, count);
    for (int t = 0; t < rows; t++) {
      Arrays.fill(acc[t], 0f);
      Arrays.fill(oddSums[t], 0f);
    }
    MemorySegment in = memory.memory(part.in());
    int blocks = PanelReader.blocks(w);
    for (int b = 0; b < blocks; b++) {
      reader.read(b);
      for (int t = 0; t < rows; t++) {
        long row = (long) (firstRow + t) * part.in().rowBytes();
        if (w.format().isDense()) {
          dense(in, row + (long) b * BLOCK * Float.BYTES, acc[t], oddSums[t]);
        } else {
          quantized(w.format(), part.in(), in, row, b, acc[t]);
        }
      }
    }
    if (w.format().isDense()) {
      for (int t = 0; t < rows; t++) {
        for (int lane = 0; lane < LANES; lane++) {
          acc[t][lane] += oddSums[t][lane];
        }
      }
    }
    if (part.bias() != null) {
      bias(memory.vector(part.bias()), unit * LANES, part.matrix().rows(), rows, acc);
    }
  }

  /** even or odd[lane] = fma(w[column][lane], x[column], that), columns ascending. */
  private void dense(MemorySegment in, long x, float[] even, float[] odd) {
    for (int c = 0; c < BLOCK; c++) {
      float xc = in.get(FLOAT, x + 4L * c);
      float[] weights = reader.weights[c];
      float[] acc = c % Numerics.DENSE_CHAINS == 0 ? even : odd;
      for (int lane = 0; lane < LANES; lane++) {
        acc[lane] = Math.fma(weights[lane], xc, acc[lane]);
      }
    }
  }

  private void quantized(
      TvlFormat format, Buffer buffer, MemorySegment in, long row, int block, float[] acc) {
    float d = in.get(FLOAT, row + buffer.dOffset() + 4L * block);
    long q = row + (long) block * BLOCK;
    float[] scale = reader.scale;
    if (reader.hasSubScales()) {
      integerDot(in, q, 0, BLOCK / 2, dot);
      integerDot(in, q, BLOCK / 2, BLOCK, dot2);
      int[] s0 = reader.subScale[0];
      int[] s1 = reader.subScale[1];
      for (int lane = 0; lane < LANES; lane++) {
        dot[lane] = s0[lane] * dot[lane] + s1[lane] * dot2[lane];
      }
    } else {
      integerDot(in, q, 0, BLOCK, dot);
    }
    for (int lane = 0; lane < LANES; lane++) {
      acc[lane] = Math.fma((float) dot[lane], scale[lane] * d, acc[lane]);
    }
    if (!format.hasMinimum()) {
      return;
    }
    float[] minimum = reader.minimum;
    if (reader.hasSubScales()) {
      long sums16 = row + buffer.sum16Offset() + 8L * block;
      int q0 = -in.get(INT, sums16);
      int q1 = -in.get(INT, sums16 + 4);
      int[] m0 = reader.subMinimum[0];
      int[] m1 = reader.subMinimum[1];
      for (int lane = 0; lane < LANES; lane++) {
        float s = d * (float) (m0[lane] * q0 + m1[lane] * q1);
        acc[lane] = Math.fma(minimum[lane], s, acc[lane]);
      }
    } else {
      float s = in.get(FLOAT, row + buffer.sOffset() + 4L * block);
      for (int lane = 0; lane < LANES; lane++) {
        acc[lane] = Math.fma(minimum[lane], s, acc[lane]);
      }
    }
  }

  private void integerDot(MemorySegment in, long q, int from, int to, int[] into) {
    Arrays.fill(into, 0);
    for (int c = from; c < to; c++) {
      int qc = in.get(ValueLayout.JAVA_BYTE, q + c);
      int[] values = reader.values[c];
      for (int lane = 0; lane < LANES; lane++) {
        into[lane] += values[lane] * qc;
      }
    }
  }

  private static void bias(MemorySegment bias, int first, int end, int rows, float[][] acc) {
    for (int lane = 0; lane < LANES && first + lane < end; lane++) {
      float b = bias.getAtIndex(FLOAT, first + lane);
      for (int t = 0; t < rows; t++) {
        acc[t][lane] += b;
      }
    }
  }

  private static void scale(float[][] acc, int rows, float scale) {
    if (scale == 1) {
      return;
    }
    for (int t = 0; t < rows; t++) {
      for (int lane = 0; lane < LANES; lane++) {
        acc[t][lane] *= scale;
      }
    }
  }

  private void store(MatMul m, Instruction.Part part, int unit, int rows, JavaExecutable memory) {
    Buffer buffer = java.util.Objects.requireNonNull(part.out());
    boolean add = m.epilogue() == Instruction.Epilogue.ADD;
    write(buffer, unit, rows, memory, add);
  }

  private void write(Buffer buffer, int unit, int rows, JavaExecutable memory, boolean add) {
    MemorySegment out = memory.memory(buffer);
    int first = unit * LANES;
    int lanes = Math.min(LANES, buffer.width() - first);
    for (int t = 0; t < rows; t++) {
      long at = (long) (firstRow + t) * buffer.rowBytes() + 4L * first;
      for (int lane = 0; lane < lanes; lane++) {
        float y = sums[0][t][lane];
        out.set(FLOAT, at + 4L * lane, add ? out.get(FLOAT, at + 4L * lane) + y : y);
      }
    }
  }

  /** sums[0] = activation(gate) · up, stored as f32, quantized, or both. */
  private void gate(MatMul m, int unit, int rows, JavaExecutable memory) {
    boolean silu = m.epilogue() == Instruction.Epilogue.SWIGLU;
    scale(sums[0], rows, m.scale());
    scale(sums[1], rows, m.scale());
    for (int t = 0; t < rows; t++) {
      float[] gate = sums[0][t];
      float[] up = sums[1][t];
      for (int lane = 0; lane < LANES; lane++) {
        float g = gate[lane];
        gate[lane] = (silu ? Numerics.silu(g) : Numerics.gelu(g)) * up[lane];
      }
    }
    if (m.gated() != null) {
      write(m.gated(), unit, rows, memory, false);
    }
    @Nullable Buffer quantized = m.quantized();
    if (quantized != null) {
      int first = unit * LANES;
      int lanes = Math.min(LANES, quantized.width() - first);
      MemorySegment out = memory.memory(quantized);
      for (int t = 0; t < rows; t++) {
        Vectors.quantize(sums[0][t], 0, lanes, quantized, out, firstRow + t, first);
      }
    }
  }
}
