package dev.vtc.testing;

import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Numerics;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * docs/numerics.md once more, straight from the page: one sequence, from position 0, all tokens at
 * once, plain arrays, weights as the model file stores them. Knows neither TVL nor pages in memory
 * nor threads.
 *
 * <p>Quantized products are exact to the bit for Q8_0, Q4_0 and Q4_1, and for all dense types.
 */
public final class Reference {
  /** A row that was quantized by rule 3. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Quantized(int[] q, float[] d) {}

  private final Program program;
  private final Function<String, Tensor> tensors;
  private final Map<Buffer, float[][]> floats = new HashMap<>();
  private final Map<Buffer, Quantized[]> quantized = new HashMap<>();
  // [layer][position]: a row of all kv heads, as it is stored.
  private final float[][][] keys;
  private final float[][][] values;
  private final int[] ids;

  /** Experts of the layer being run: slot i of token t at t · slots + i. */
  private final int[] choice;

  /**
   * @param tensors the stored tensors by name
   * @param ids the sequence; the logits of every token are wanted
   */
  public Reference(Program program, Function<String, Tensor> tensors, int[] ids) {
    this.program = program;
    this.tensors = tensors;
    this.ids = ids;
    choice = new int[ids.length * program.slots()];
    keys = new float[program.kv().layers()][ids.length][];
    values = new float[program.kv().layers()][ids.length][];
  }

  /** Runs the program; returns logits [token][vocabulary]. */
  public float[][] run() {
    for (Buffer b : program.buffers()) {
      int rows = (int) program.rows(b, ids.length, ids.length);
      if (b.type() == Buffer.Type.F32) {
        floats.put(b, new float[rows][b.width()]);
      } else {
        quantized.put(b, new Quantized[rows]);
      }
    }
    // Rows of experts keep the order of tokens here: row t · slots + i is slot i of token t.
    int slots = program.slots();
    for (Instruction i : program.instructions()) {
      boolean experts = i instanceof MatMul m && m.experts() != null;
      for (int t = 0; t < ids.length * (experts ? slots : 1); t++) {
        execute(i, t);
      }
    }
    return floats(program.logits());
  }

  /** What a buffer holds when the program is done. */
  public float[][] floats(Buffer buffer) {
    return Objects.requireNonNull(floats.get(buffer));
  }

  private void execute(Instruction instruction, int t) {
    switch (instruction) {
      case Embed e -> {
        float[] row = weights(e.table().name())[ids[t]];
        for (int i = 0; i < row.length; i++) {
          floats(e.out())[t][i] = e.scale() == 1 ? row[i] : row[i] * e.scale();
        }
      }
      case RmsNorm r -> norm(r, t);
      case Quantize q -> quantize(floats(q.in())[t], q.out(), t);
      case MatMul m -> product(m, t);
      case RopeStoreKv r -> ropeAndStore(r, t);
      case Attend a -> attend(a, t);
      case Add a -> {
        for (int i = 0; i < a.in().width(); i++) {
          floats(a.into())[t][i] += floats(a.in())[t][i];
        }
      }
      case Route r -> route(r, t);
      case Group _ -> {}
      case Dispatch d -> {
        for (int i = t * program.slots(); i < (t + 1) * program.slots(); i++) {
          if (d.in().type() == Buffer.Type.F32) {
            floats(d.out())[i] = floats(d.in())[t].clone();
          } else {
            Objects.requireNonNull(quantized.get(d.out()))[i] =
                Objects.requireNonNull(quantized.get(d.in()))[t];
          }
        }
      }
      case Combine c -> {
        for (int i = 0; i < c.into().width(); i++) {
          float sum = 0;
          for (int s = 0; s < program.slots(); s++) {
            float x = floats(c.in())[t * program.slots() + s][i];
            sum = Math.fma(floats(c.weight())[t][s], x, sum);
          }
          floats(c.into())[t][i] = floats(c.into())[t][i] + sum;
        }
      }
      case Select s -> {
        float[] logits = floats(s.logits())[t];
        for (int i = 0; i < logits.length; i++) {
          if (s.softcap() > 0) {
            logits[i] = s.softcap() * Numerics.tanh(logits[i] / s.softcap());
          }
          float[] tile = floats(s.tileMax())[t];
          tile[i / 64] = i % 64 == 0 ? logits[i] : Math.max(tile[i / 64], logits[i]);
        }
      }
    }
  }

  /** All rows of a stored tensor as f32. */
  private float[][] weights(String name) {
    Tensor t = tensors.apply(name);
    float[][] rows = new float[(int) t.rows()][(int) t.columns()];
    for (int r = 0; r < rows.length; r++) {
      Decoder.decodeRow(t, r, rows[r], 0);
    }
    return rows;
  }

  /** Rule 11. */
  private void route(Route r, int t) {
    float[] logits = floats(r.logits())[t];
    List<Integer> order = new ArrayList<>();
    for (int e = 0; e < logits.length; e++) {
      order.add(e);
    }
    // A stable sort: equal logits keep the order of ids. -0 is 0.
    order.sort(Comparator.comparingDouble(e -> -(double) (logits[e] + 0f)));
    List<Integer> best = order.subList(0, r.choice().width());
    float max = logits[best.getFirst()];
    float[] counted = new float[r.normalized() ? best.size() : logits.length];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = Numerics.exp(logits[r.normalized() ? best.get(i) : i] - max);
    }
    float sum = sum16(counted, false);
    for (int i = 0; i < best.size(); i++) {
      float e = Numerics.exp(logits[best.get(i)] - max);
      floats(r.weight())[t][i] = e / sum * r.scale();
    }
    for (int i = 0; i < best.size(); i++) {
      choice[t * program.slots() + i] = best.get(i);
    }
  }

  /** Rule 1. */
  private static float sum16(float[] v, boolean squares) {
    float[] s = new float[16];
    for (int i = 0; i < v.length; i++) {
      s[i % 16] = squares ? Math.fma(v[i], v[i], s[i % 16]) : s[i % 16] + v[i];
    }
    for (int w = 8; w >= 1; w /= 2) {
      for (int j = 0; j < w; j++) {
        s[j] = s[j] + s[j + w];
      }
    }
    return s[0];
  }

  /** Rule 2. */
  private void norm(RmsNorm r, int t) {
    float[] in = floats(r.in())[t];
    float[] w = weights(r.weight())[0];
    float[] y = new float[in.length];
    for (int g = 0; g < in.length; g += r.group()) {
      float[] x = java.util.Arrays.copyOfRange(in, g, g + r.group());
      float ms = sum16(x, true) / x.length;
      float scale = 1.0f / (float) Math.sqrt(ms + r.eps());
      for (int i = 0; i < x.length; i++) {
        float scaled = x[i] * scale;
        y[g + i] = scaled * w[i];
      }
    }
    if (r.out() != null) {
      float[] out = floats(r.out())[t];
      for (int i = 0; i < y.length; i++) {
        out[i] = r.addToOut() ? out[i] + y[i] : y[i];
      }
      y = out.clone();
    }
    if (r.quantized() != null) {
      quantize(y, r.quantized(), t);
    }
  }

  /** Rule 3. */
  private void quantize(float[] x, Buffer out, int t) {
    int blocks = Math.ceilDiv(x.length, 32);
    Quantized row = new Quantized(new int[blocks * 32], new float[blocks]);
    for (int b = 0; b < blocks; b++) {
      float a = 0;
      for (int i = 32 * b; i < Math.min(x.length, 32 * b + 32); i++) {
        a = Math.max(a, Math.abs(x[i]));
      }
      if (a < 0x1p-100f) {
        continue;
      }
      row.d[b] = a / 127;
      for (int i = 32 * b; i < Math.min(x.length, 32 * b + 32); i++) {
        row.q[i] = (int) Math.rint(x[i] * (127 / a));
      }
    }
    Objects.requireNonNull(quantized.get(out))[t] = row;
  }

  private void product(MatMul m, int t) {
    float[][] sums = new float[m.parts().size()][];
    for (int p = 0; p < sums.length; p++) {
      Part part = m.parts().get(p);
      sums[p] =
          part.matrix().format().isDense()
              ? dense(part, m, t)
              : quantizedProduct(
                  part, Objects.requireNonNull(quantized.get(part.in()))[t], firstRow(m, part, t));
      for (int r = 0; r < sums[p].length; r++) {
        if (part.bias() != null) {
          sums[p][r] += weights(part.bias())[0][r];
        }
        sums[p][r] *= m.scale();
      }
    }
    if (m.epilogue().gated()) {
      float[] y = new float[sums[0].length];
      for (int r = 0; r < y.length; r++) {
        float g = sums[0][r];
        y[r] = (m.epilogue() == Epilogue.SWIGLU ? Numerics.silu(g) : Numerics.gelu(g)) * sums[1][r];
      }
      if (m.gated() != null) {
        floats(m.gated())[t] = y;
      }
      if (m.quantized() != null) {
        quantize(y, m.quantized(), t);
      }
      return;
    }
    for (int p = 0; p < sums.length; p++) {
      float[] out = floats(Objects.requireNonNull(m.parts().get(p).out()))[t];
      for (int r = 0; r < out.length; r++) {
        out[r] = m.epilogue() == Epilogue.ADD ? out[r] + sums[p][r] : sums[p][r];
      }
    }
  }

  /** Rule 5. */
  private float[] dense(Part part, MatMul m, int t) {
    float[] x = floats(part.in())[t];
    float[][] w = weights(part.matrix().name());
    float[] y = new float[part.matrix().rows()];
    int first = firstRow(m, part, t);
    for (int r = 0; r < y.length; r++) {
      float even = 0;
      float odd = 0;
      for (int k = 0; k < x.length; k++) {
        if (k % 2 == 0) {
          even = Math.fma(w[first + r][k], x[k], even);
        } else {
          odd = Math.fma(w[first + r][k], x[k], odd);
        }
      }
      y[r] = even + odd;
    }
    return y;
  }

  /** Where the matrix of a row's expert begins in the stack. */
  private int firstRow(MatMul m, Part part, int row) {
    return m.experts() == null ? 0 : choice[row] * part.matrix().rows();
  }

  /** Rule 4, from the blocks of ggml-common.h. */
  private float[] quantizedProduct(Part part, Quantized x, int first) {
    Tensor tensor = tensors.apply(part.matrix().name());
    byte[] data = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    int bytes = tensor.type().blockBytes();
    int blocks = (int) tensor.columns() / 32;
    float[] y = new float[part.matrix().rows()];
    for (int r = 0; r < y.length; r++) {
      float acc = 0;
      for (int b = 0; b < blocks; b++) {
        int at = ((first + r) * blocks + b) * bytes;
        float ws = half(data, at);
        int i = 0;
        int sum = 0;
        for (int c = 0; c < 32; c++) {
          int q = x.q[32 * b + c];
          i += code(tensor, data, at, c) * q;
          sum += q;
        }
        acc = Math.fma((float) i, ws * x.d[b], acc);
        if (part.matrix().format().hasMinimum()) {
          acc = Math.fma(half(data, at + 2), x.d[b] * (float) sum, acc);
        }
      }
      y[r] = acc;
    }
    return y;
  }

  private static int code(Tensor tensor, byte[] data, int at, int c) {
    return switch (tensor.type()) {
      case Q8_0 -> data[at + 2 + c];
      case Q4_0 -> nibble(data[at + 2 + c % 16], c) - 8;
      case Q4_1 -> nibble(data[at + 4 + c % 16], c);
      default -> throw new IllegalArgumentException("No exact reference for " + tensor.type());
    };
  }

  private static int nibble(byte both, int c) {
    return c < 16 ? both & 15 : (both & 0xff) >> 4;
  }

  private static float half(byte[] data, int at) {
    return Float.float16ToFloat((short) ((data[at] & 0xff) | (data[at + 1] << 8)));
  }

  /** Rule 7. */
  private void ropeAndStore(RopeStoreKv r, int t) {
    if (r.rope() != null) {
      rotate(Objects.requireNonNull(r.queryRope()), floats(r.q())[t], t);
      rotate(r.rope(), floats(r.k())[t], t);
    }
    keys[r.layer()][t] = stored(floats(r.k())[t]);
    values[r.layer()][t] = stored(floats(r.v())[t]);
  }

  private void rotate(Rope rope, float[] row, int position) {
    int dim = program.kv().headDim();
    int n = rope.frequencies().length;
    for (int head = 0; head < row.length; head += dim) {
      for (int i = 0; i < n; i++) {
        double angle = position * rope.frequencies()[i];
        float size = rope.magnitude();
        if (rope.temperature() != null) {
          double steps = Math.floor(position / rope.temperature().length());
          size *= (float) (1 + rope.temperature().scale() * StrictMath.log(1 + steps));
        }
        float c = (float) StrictMath.cos(angle) * size;
        float s = (float) StrictMath.sin(angle) * size;
        int a = head + (rope.style() == Rope.Style.ADJACENT ? 2 * i : i);
        int b = rope.style() == Rope.Style.ADJACENT ? a + 1 : a + n;
        float x0 = row[a];
        float x1 = row[b];
        row[a] = Math.fma(x0, c, -(x1 * s));
        row[b] = Math.fma(x0, s, x1 * c);
      }
    }
  }

  private float[] stored(float[] row) {
    float[] copy = row.clone();
    if (program.kv().type() == KvType.F16) {
      for (int i = 0; i < copy.length; i++) {
        copy[i] = Float.float16ToFloat(Float.floatToFloat16(copy[i]));
      }
    }
    return copy;
  }

  /** Rule 8. */
  private void attend(Attend a, int t) {
    int dim = program.kv().headDim();
    float[] row = new float[program.heads() * dim];
    for (int h = 0; h < program.heads(); h++) {
      float[] out = head(a, t, h);
      System.arraycopy(out, 0, row, h * dim, dim);
    }
    if (a.out() != null) {
      floats(a.out())[t] = row;
    }
    if (a.quantized() != null) {
      quantize(row, a.quantized(), t);
    }
  }

  private float[] head(Attend a, int t, int h) {
    int dim = program.kv().headDim();
    int kv = h / (program.heads() / program.kv().kvHeads()) * dim;
    int first = a.window() > 0 ? Math.max(0, t + 1 - a.window()) : 0;
    int pages = t / 256 + 1;
    float[] m = new float[pages];
    float[] l = new float[pages];
    float[][] o = new float[pages][dim];
    float max = Float.NEGATIVE_INFINITY;
    for (int j = first / 256; j < pages; j++) {
      m[j] = Float.NEGATIVE_INFINITY;
      float[] s = new float[256];
      for (int p = Math.max(first, 256 * j); p <= Math.min(t, 256 * j + 255); p++) {
        float dot = 0;
        for (int d = 0; d < dim; d++) {
          dot = Math.fma(floats(a.q())[t][h * dim + d], keys[a.layer()][p][kv + d], dot);
        }
        dot *= a.scale();
        s[p % 256] = a.softcap() > 0 ? a.softcap() * Numerics.tanh(dot / a.softcap()) : dot;
        m[j] = Math.max(m[j], s[p % 256]);
      }
      float[] e = new float[256];
      for (int p = Math.max(first, 256 * j); p <= Math.min(t, 256 * j + 255); p++) {
        e[p % 256] = Numerics.exp(s[p % 256] - m[j]);
        for (int d = 0; d < dim; d++) {
          o[j][d] = Math.fma(e[p % 256], values[a.layer()][p][kv + d], o[j][d]);
        }
      }
      l[j] = sum16(e, false);
      max = Math.max(max, m[j]);
    }
    float sum = 0;
    float[] out = new float[dim];
    for (int j = first / 256; j < pages; j++) {
      float w = Numerics.exp(m[j] - max);
      sum = Math.fma(l[j], w, sum);
      for (int d = 0; d < dim; d++) {
        out[d] = Math.fma(o[j][d], w, out[d]);
      }
    }
    for (int d = 0; d < dim; d++) {
      out[d] /= sum;
    }
    return out;
  }
}
