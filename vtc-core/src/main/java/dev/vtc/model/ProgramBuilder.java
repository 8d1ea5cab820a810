package dev.vtc.model;

import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import java.util.ArrayList;
import java.util.List;
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

  private final ModelConfig config;
  private final ModelWeights weights;
  private final KvLayout kv;
  private final List<Instruction> code = new ArrayList<>();

  ProgramBuilder(ModelConfig config, ModelWeights weights, KvType kvType) {
    this.config = config;
    this.weights = weights;
    kv = new KvLayout(config.layers(), config.kvHeads(), config.headDim(), kvType);
  }

  /** The residual stream, begun with the embedding of each token. */
  Buffer embed(String name, float scale) {
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, config.width());
    code.add(new Embed(matrix(name, config.vocabulary(), config.width()), x, scale));
    return x;
  }

  /** x += attention(norm(x)). */
  void attention(String blk, int layer, Buffer x, @Nullable Rope rope) {
    int qWidth = config.heads() * config.headDim();
    int kvWidth = config.kvHeads() * config.headDim();
    Matrix wq = matrix(blk + "attn_q.weight", qWidth, config.width());
    Matrix wk = matrix(blk + "attn_k.weight", kvWidth, config.width());
    Matrix wv = matrix(blk + "attn_v.weight", kvWidth, config.width());
    Matrix wo = matrix(blk + "attn_output.weight", config.width(), qWidth);
    Value h = norm(x, blk + "attn_norm.weight", Rows.TOKENS, wq, wk, wv);
    Buffer q = new Buffer("q", Type.F32, Rows.TOKENS, qWidth);
    Buffer k = new Buffer("k", Type.F32, Rows.TOKENS, kvWidth);
    Buffer v = new Buffer("v", Type.F32, Rows.TOKENS, kvWidth);
    code.add(
        MatMul.of(
            Epilogue.STORE,
            part(wq, h, q, blk + "attn_q.bias"),
            part(wk, h, k, blk + "attn_k.bias"),
            part(wv, h, v, blk + "attn_v.bias")));
    code.add(new RopeStoreKv(q, k, v, layer, rope));
    float scale = (float) (1 / Math.sqrt(config.headDim()));
    Value attended = attend(q, layer, scale, wo);
    code.add(MatMul.of(Epilogue.ADD, part(wo, attended, x, blk + "attn_output.bias")));
  }

  private Value attend(Buffer q, int layer, float scale, Matrix consumer) {
    Buffer dense = new Buffer("attn", Type.F32, Rows.TOKENS, q.width());
    Buffer quantized = new Buffer("attn.q8", Type.Q8, Rows.TOKENS, q.width());
    if (consumer.format().isDense()) {
      code.add(new Attend(q, dense, null, layer, scale, 0, 0));
      return new Value(dense, null);
    }
    if (config.headDim() % QUANTIZED_BLOCK == 0) {
      code.add(new Attend(q, null, quantized, layer, scale, 0, 0));
    } else {
      // A block of 32 would span two heads, which are computed apart.
      code.add(new Attend(q, dense, null, layer, scale, 0, 0));
      code.add(new Quantize(dense, quantized));
    }
    return new Value(null, quantized);
  }

  /** x += down(activation(gate(norm(x))) · up(norm(x))). */
  void feedForward(String blk, Buffer x, Epilogue activation) {
    Matrix gate = matrix(blk + "ffn_gate.weight", config.ffnWidth(), config.width());
    Matrix up = matrix(blk + "ffn_up.weight", config.ffnWidth(), config.width());
    Matrix down = matrix(blk + "ffn_down.weight", config.width(), config.ffnWidth());
    Value h = norm(x, blk + "ffn_norm.weight", Rows.TOKENS, gate, up);
    Value hidden = value("ffn", Rows.TOKENS, config.ffnWidth(), down);
    List<Part> parts =
        List.of(part(gate, h, null, blk + "ffn_gate.bias"), part(up, h, null, blk + "ffn_up.bias"));
    code.add(new MatMul(parts, activation, hidden.dense(), hidden.quantized(), 1));
    code.add(MatMul.of(Epilogue.ADD, part(down, hidden, x, blk + "ffn_down.bias")));
  }

  /** The logits of the wanted tokens, and the program as a whole. */
  Program output(Buffer x) {
    String name = weights.has("output.weight") ? "output.weight" : "token_embd.weight";
    Matrix output = matrix(name, config.vocabulary(), config.width());
    Value h = norm(x, "output_norm.weight", Rows.WANTED, output);
    Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, config.vocabulary());
    Buffer tileMax =
        new Buffer(
            "tileMax", Type.F32, Rows.WANTED, Math.ceilDiv(config.vocabulary(), Select.TILE));
    code.add(MatMul.of(Epilogue.STORE, part(output, h, logits, "output.bias")));
    code.add(new Select(logits, tileMax, 0));
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

  private Matrix matrix(String name, int rows, int columns) {
    Matrix m = Matrix.of(weights.matrix(name));
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
