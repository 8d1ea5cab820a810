package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.model.ProgramBuilder.Norms;
import dev.vtc.model.ProgramBuilder.QkNorm;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * Blocks of rotary attention and SwiGLU, alike in every layer but for windows. Biases and fused
 * matrices are used where the file has them, and experts and windows where it states some.
 *
 * <table>
 *   <caption>Families</caption>
 *   <tr><td>Llama 1 to 3, Mistral, Mixtral, TinyLlama, SmolLM</td><td>adjacent pairs</td></tr>
 *   <tr><td>Qwen 2 and 2.5</td><td>halves; biases of q, k and v</td></tr>
 *   <tr><td>Qwen 3</td><td>halves; norms of each head of q and k</td></tr>
 *   <tr><td>Qwen 3 mixtures</td><td>as Qwen 3, with experts</td></tr>
 *   <tr><td>Phi 3 and 4 mini</td><td>halves; q, k and v in one matrix, gate and up in one</td></tr>
 * </table>
 *
 * @param style which elements of a head turn together
 * @param qkNorm what the norms of q and k run over
 * @param mixture whether every model of the family has experts
 */
record Plain(Rope.Style style, QkNorm qkNorm, boolean mixture) implements Architecture {
  Plain(Rope.Style style, QkNorm qkNorm) {
    this(style, qkNorm, false);
  }

  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    Rope rope = RopeScaling.rope(keys, weights, style, use.context());
    SlidingWindow windows = SlidingWindow.ifPatterned(keys);
    float scale = keys.attentionScale();
    return new ProgramBuilder(config, weights, use.kvType())
        .norms(Norms.BEFORE)
        .qkNorm(qkNorm)
        .experts(Mixture.read(keys, mixture))
        .build(layer -> new Attention(rope, scale, windows.window(layer), 0));
  }
}
