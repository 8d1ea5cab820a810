package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.model.ProgramBuilder.Norms;
import dev.vtc.model.ProgramBuilder.QkNorm;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * Blocks of rotary attention to all positions and SwiGLU, alike in every layer. Biases and fused
 * matrices are used where the file has them.
 *
 * <table>
 *   <caption>Families</caption>
 *   <tr><td>Llama 1 to 3, Mistral, TinyLlama, SmolLM</td><td>adjacent pairs</td></tr>
 *   <tr><td>Qwen 2 and 2.5</td><td>halves; biases of q, k and v</td></tr>
 *   <tr><td>Qwen 3</td><td>halves; norms of each head of q and k</td></tr>
 *   <tr><td>Phi 3</td><td>halves; q, k and v in one matrix, gate and up in one</td></tr>
 * </table>
 *
 * @param style which elements of a head turn together
 * @param qkNorm what the norms of q and k run over
 */
record Plain(Rope.Style style, QkNorm qkNorm) implements Architecture {
  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelWeights weights, KvType kvType) {
    Keys keys = new Keys(config, metadata);
    Rope rope = RopeScaling.rope(keys, weights, style);
    Attention attention = Attention.full(rope, keys.attentionScale());
    return new ProgramBuilder(config, weights, kvType)
        .norms(Norms.BEFORE)
        .qkNorm(qkNorm)
        .build(layer -> attention);
  }
}
