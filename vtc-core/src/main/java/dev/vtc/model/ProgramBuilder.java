package dev.vtc.model;

import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
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
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.tvl.TvlFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that transformer programs are made of. Checks every weight's shape against the
 * configuration.
 */
final class ProgramBuilder {
  private static final int QUANTIZED_BLOCK = 32;

  /** A value in the forms its consumers need: f32 for dense matrices, quantized for the others. */
  private record Value(@Nullable Buffer dense, @Nullable Buffer quantized) {
    Buffer of(Matrix consumer) {
      Buffer b = consumer.format().isDense() ? dense : quantized;
      if (b == null) {
        throw new IllegalStateException("No input for " + consumer);
      }
      return b;
    }
  }

  /** Where a block normalizes the residual stream: what it reads, what it adds, or both. */
  enum Norms {
    BEFORE,
    AFTER,
    BOTH
  }

  /** What the norms of q and k run over. */
  enum QkNorm {
    NONE,
    /** Each head by itself. */
    HEAD,
    /** All heads of a token together. */
    TOKEN
  }

  private final ModelConfig config;
  private final ModelShapes weights;
  private final KvType kvType;
  private final List<Instruction> code = new ArrayList<>();
  private Norms norms = Norms.BEFORE;
  private QkNorm qkNorm = QkNorm.NONE;
  private Epilogue activation = Epilogue.SWIGLU;
  private float embeddingScale = 1;
  private float residualScale = 1;
  private float logitScale = 1;
  private float logitSoftcap;
  private @Nullable Mixture mixture;

  /** Pre-norm blocks with SwiGLU, until told otherwise. */
  ProgramBuilder(ModelConfig config, ModelShapes weights, KvType kvType) {
    this.config = config;
    this.weights = weights;
    this.kvType = kvType;
  }

  ProgramBuilder norms(Norms value) {
    norms = value;
    return this;
  }

  ProgramBuilder qkNorm(QkNorm value) {
    qkNorm = value;
    return this;
  }

  /** SWIGLU or GEGLU. */
  ProgramBuilder activation(Epilogue value) {
    activation = value;
    return this;
  }

  /** Factor of a token's embedding. */
  ProgramBuilder embeddingScale(double value) {
    embeddingScale = (float) value;
    return this;
  }

  /** Factor of what blocks add to the residual stream; only with norms before. */
  ProgramBuilder residualScale(double value) {
    residualScale = (float) value;
    return this;
  }

  /** Factor of the logits. */
  ProgramBuilder logitScale(double value) {
    logitScale = (float) value;
    return this;
  }

  /** Experts in every layer, or null; only with norms before. */
  ProgramBuilder experts(@Nullable Mixture value) {
    mixture = value;
    return this;
  }

  /** Bound of the logits; 0 for none. */
  ProgramBuilder logitSoftcap(double value) {
    logitSoftcap = (float) value;
    return this;
  }

  /** The program, whose layers attend as told. */
  Program build(IntFunction<Attention> attention) {
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, config.width());
    Matrix table = matrix("token_embd.weight", config.vocabulary(), config.width());
    code.add(new Embed(table, x, embeddingScale));
    List<Integer> windows = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      String blk = "blk." + layer + ".";
      Attention how = attention.apply(layer);
      windows.add(how.window());
      attention(blk, layer, x, how);
      if (mixture == null) {
        feedForward(blk, x);
      } else {
        experts(blk, x, mixture);
      }
    }
    return output(x, new KvLayout(windows, config.kvHeads(), config.headDim(), kvType));
  }

  /** x += attention(x). */
  private void attention(String blk, int layer, Buffer x, Attention attention) {
    int qWidth = config.heads() * config.headDim();
    int kvWidth = config.kvHeads() * config.headDim();
    String fused = blk + "attn_qkv";
    int kFrom = qWidth;
    int vFrom = qWidth + kvWidth;
    Matrix wq = matrix(blk + "attn_q", fused, 0, qWidth, vFrom + kvWidth);
    Matrix wk = matrix(blk + "attn_k", fused, kFrom, kvWidth, vFrom + kvWidth);
    Matrix wv = matrix(blk + "attn_v", fused, vFrom, kvWidth, vFrom + kvWidth);
    Matrix wo = matrix(blk + "attn_output.weight", config.width(), qWidth);
    Value h = input(x, blk + "attn_norm.weight", wq, wk, wv);
    Buffer q = new Buffer("q", Type.F32, Rows.TOKENS, qWidth);
    Buffer k = new Buffer("k", Type.F32, Rows.TOKENS, kvWidth);
    Buffer v = new Buffer("v", Type.F32, Rows.TOKENS, kvWidth);
    code.add(
        MatMul.of(
            Epilogue.STORE,
            part(wq, h, q, blk + "attn_q.bias"),
            part(wk, h, k, blk + "attn_k.bias"),
            part(wv, h, v, blk + "attn_v.bias")));
    q = qkNorm(q, blk + "attn_q_norm.weight");
    k = qkNorm(k, blk + "attn_k_norm.weight");
    code.add(new RopeStoreKv(q, k, v, layer, attention.rope(), attention.queryRope()));
    Value attended = attend(q, layer, attention, wo);
    addTo(x, wo, attended, blk + "attn_output.bias", blk + "post_attention_norm.weight");
  }

  private Buffer qkNorm(Buffer in, String weight) {
    if (qkNorm == QkNorm.NONE) {
      return in;
    }
    int group = qkNorm == QkNorm.HEAD ? config.headDim() : in.width();
    vector(weight, group);
    Buffer out = new Buffer(in.name() + ".norm", Type.F32, Rows.TOKENS, in.width());
    code.add(new RmsNorm(in, weight, group, config.normEps(), out, null, false));
    return out;
  }

  private Value attend(Buffer q, int layer, Attention a, Matrix consumer) {
    Buffer dense = new Buffer("attn", Type.F32, Rows.TOKENS, q.width());
    Buffer quantized = new Buffer("attn.q8", Type.Q8, Rows.TOKENS, q.width());
    boolean wantsDense = consumer.format().isDense();
    // A block of 32 may span two heads, which are computed apart.
    boolean direct = !wantsDense && config.headDim() % QUANTIZED_BLOCK == 0;
    code.add(
        new Attend(
            q,
            direct ? null : dense,
            direct ? quantized : null,
            layer,
            a.scale(),
            a.window(),
            a.softcap()));
    if (wantsDense) {
      return new Value(dense, null);
    }
    if (!direct) {
      code.add(new Quantize(dense, quantized));
    }
    return new Value(null, quantized);
  }

  /** x += down(activation(gate(x)) · up(x)). */
  private void feedForward(String blk, Buffer x) {
    int width = config.ffnWidth();
    // Fused: gate's rows, then up's, under the name of up.
    String both = blk + "ffn_up";
    boolean isFused =
        !weights.has(blk + "ffn_gate.weight")
            && weights.has(both + ".weight")
            && weights.shape(both + ".weight").rows() != width;
    String fused = isFused ? both : "";
    Matrix gate = matrix(blk + "ffn_gate", fused, 0, width, 2 * width);
    Matrix up = matrix(blk + "ffn_up", fused, width, width, 2 * width);
    Matrix down = matrix(blk + "ffn_down.weight", config.width(), width);
    Value h = input(x, blk + "ffn_norm.weight", gate, up);
    Value hidden = value("ffn", Rows.TOKENS, width, down);
    List<Part> parts =
        List.of(part(gate, h, null, blk + "ffn_gate.bias"), part(up, h, null, blk + "ffn_up.bias"));
    code.add(new MatMul(parts, activation, hidden.dense(), hidden.quantized(), 1));
    addTo(x, down, hidden, blk + "ffn_down.bias", blk + "post_ffw_norm.weight");
  }

  /** x += the sum of weight · down(activation(gate(x)) · up(x)) over the token's experts. */
  private void experts(String blk, Buffer x, Mixture e) {
    int width = config.width();
    Matrix router = matrix(blk + "ffn_gate_inp.weight", e.count(), width);
    Matrix gate = stack(blk + "ffn_gate_exps.weight", e.count(), e.width(), width);
    Matrix up = stack(blk + "ffn_up_exps.weight", e.count(), e.width(), width);
    Matrix down = stack(blk + "ffn_down_exps.weight", e.count(), width, e.width());
    Value h = input(x, blk + "ffn_norm.weight", router, gate, up);
    Buffer logits = new Buffer("router", Type.F32, Rows.TOKENS, e.count());
    Buffer choice = new Buffer("choice", Type.I32, Rows.TOKENS, e.used());
    Buffer weight = new Buffer("weight", Type.F32, Rows.TOKENS, e.used());
    Buffer place = new Buffer("place", Type.I32, Rows.TOKENS, e.used());
    Buffer groups = new Buffer("groups", Type.I32, Rows.STEP, Group.width(e.count()));
    code.add(MatMul.of(Epilogue.STORE, part(router, h, logits, blk + "ffn_gate_inp.bias")));
    code.add(new Route(logits, choice, weight, e.normalized(), e.scale() * residualScale));
    code.add(new Group(choice, place, groups, e.count()));
    Value dispatched = value("sent", Rows.SLOTS, width, gate, up);
    dispatch(h.dense(), place, dispatched.dense());
    dispatch(h.quantized(), place, dispatched.quantized());
    Instruction.Experts stacks = new Instruction.Experts(groups, e.count());
    Value hidden = value("ffn", Rows.SLOTS, e.width(), down);
    List<Part> parts =
        List.of(
            part(gate, dispatched, null, blk + "ffn_gate_exps.bias"),
            part(up, dispatched, null, blk + "ffn_up_exps.bias"));
    code.add(new MatMul(parts, activation, hidden.dense(), hidden.quantized(), 1, stacks));
    Buffer made = new Buffer("experts", Type.F32, Rows.SLOTS, width);
    List<Part> downs = List.of(part(down, hidden, made, blk + "ffn_down_exps.bias"));
    code.add(new MatMul(downs, Epilogue.STORE, null, null, 1, stacks));
    code.add(new Combine(made, place, weight, x));
  }

  private void dispatch(@Nullable Buffer in, Buffer place, @Nullable Buffer out) {
    if (in != null && out != null) {
      code.add(new Dispatch(in, place, out));
    }
  }

  /** One expert of a stack of them. */
  private Matrix stack(String name, int count, int rows, int columns) {
    if (rows % TvlFormat.PANEL_ROWS != 0) {
      throw new IllegalArgumentException(
          "The experts of "
              + name
              + " have "
              + rows
              + " rows; supported are multiples of "
              + TvlFormat.PANEL_ROWS
              + ".");
    }
    Matrix all = matrix(name, Math.multiplyExact(count, rows), columns);
    String bias = name.replace(".weight", ".bias");
    if (weights.has(bias)) {
      throw new IllegalArgumentException("The bias of experts " + bias + " is not supported.");
    }
    return new Matrix(name, all.format(), rows, columns);
  }

  /** What a block reads of the residual stream. */
  private Value input(Buffer x, String weight, Matrix... consumers) {
    if (norms != Norms.AFTER) {
      return norm(x, weight, Rows.TOKENS, consumers);
    }
    Value plain = value(x.name(), Rows.TOKENS, x.width(), consumers);
    if (plain.quantized() != null) {
      code.add(new Quantize(x, plain.quantized()));
    }
    return plain;
  }

  /** x += m · in, normalized or scaled first where the blocks do that. */
  private void addTo(Buffer x, Matrix m, Value in, String bias, String weight) {
    if (norms == Norms.BEFORE) {
      List<Part> parts = List.of(part(m, in, x, bias));
      code.add(new MatMul(parts, Epilogue.ADD, null, null, residualScale));
      return;
    }
    Buffer sum = new Buffer("block", Type.F32, Rows.TOKENS, x.width());
    code.add(MatMul.of(Epilogue.STORE, part(m, in, sum, bias)));
    vector(weight, x.width());
    code.add(new RmsNorm(sum, weight, x.width(), config.normEps(), x, null, true));
  }

  /** The logits of the wanted tokens, and the program as a whole. */
  private Program output(Buffer x, KvLayout kv) {
    String name = weights.has("output.weight") ? "output.weight" : "token_embd.weight";
    Matrix output = matrix(name, config.vocabulary(), config.width());
    Value h = norm(x, "output_norm.weight", Rows.WANTED, output);
    Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, config.vocabulary());
    Buffer tileMax =
        new Buffer(
            "tileMax", Type.F32, Rows.WANTED, Math.ceilDiv(config.vocabulary(), Select.TILE));
    List<Part> parts = List.of(part(output, h, logits, "output.bias"));
    code.add(new MatMul(parts, Epilogue.STORE, null, null, logitScale));
    code.add(new Select(logits, tileMax, logitSoftcap));
    return new Program(code, config.heads(), kv, config.vocabulary(), logits, tileMax);
  }

  private Value norm(Buffer x, String weight, Rows rows, Matrix... consumers) {
    vector(weight, x.width());
    String name = rows == Rows.WANTED ? "last" : "norm";
    Value h = value(name, rows, x.width(), consumers);
    code.add(new RmsNorm(x, weight, x.width(), config.normEps(), h.dense(), h.quantized(), false));
    return h;
  }

  private static Value value(String name, Rows rows, int width, Matrix... consumers) {
    Buffer dense = null;
    Buffer quantized = null;
    for (Matrix m : consumers) {
      if (m.format().isDense()) {
        dense = new Buffer(name, Type.F32, rows, width);
      } else {
        quantized = new Buffer(name + ".q8", Type.Q8, rows, width);
      }
    }
    return new Value(dense, quantized);
  }

  private Part part(Matrix matrix, Value in, @Nullable Buffer out, String bias) {
    if (weights.has(bias)) {
      vector(bias, matrix.rows());
    }
    return new Part(matrix, in.of(matrix), out, weights.has(bias) ? bias : null);
  }

  /**
   * A matrix on the width of the residual stream: NAME.weight, or where the file has FUSED.weight
   * instead, the rows of that from {@code from}.
   */
  private Matrix matrix(String name, String fused, int from, int rows, int fusedRows) {
    if (!weights.has(fused + ".weight")) {
      return matrix(name + ".weight", rows, config.width());
    }
    if (weights.has(fused + ".bias")) {
      throw new IllegalArgumentException("The fused bias " + fused + ".bias is not supported.");
    }
    matrix(fused + ".weight", fusedRows, config.width());
    return matrix(fused + ".weight[" + from + ":" + (from + rows) + "]", rows, config.width());
  }

  private Matrix matrix(String name, int rows, int columns) {
    Matrix m = weights.shape(name);
    if (m.rows() != rows || m.columns() != columns) {
      throw new IllegalArgumentException(
          "Tensor "
              + name
              + " is ["
              + m.rows()
              + ", "
              + m.columns()
              + "] where the configuration asks for ["
              + rows
              + ", "
              + columns
              + "].");
    }
    return m;
  }

  private void vector(String name, int length) {
    long bytes = weights.vector(name).byteSize();
    if (bytes != 4L * length) {
      throw new IllegalArgumentException(
          "Tensor "
              + name
              + " has "
              + bytes / 4
              + " elements where the configuration asks for "
              + length
              + ".");
    }
  }
}
