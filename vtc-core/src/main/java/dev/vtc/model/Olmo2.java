package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * OLMo 2, and OLMo 3 with its sliding layers: what blocks add is normalized, not what they read,
 * and all heads of q or k together.
 */
final class Olmo2 implements Architecture {
  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    SlidingWindow windows = SlidingWindow.read(keys, 0, 4);
    Rope rope = RopeScaling.rope(keys, weights, Rope.Style.HALVES, use.context());
    Rope unscaled = RopeScaling.sliding(keys, config.ropeBase(), Rope.Style.HALVES);
    float scale = keys.attentionScale();
    return new ProgramBuilder(config, weights, use.kvType())
        .norms(ProgramBuilder.Norms.AFTER)
        .qkNorm(ProgramBuilder.QkNorm.TOKEN)
        .build(layer ->
            new Attention(
                windows.slides(layer) ? unscaled : rope, scale, windows.window(layer), 0));
  }
}
