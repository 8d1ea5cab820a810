package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/** SmolLM3: a Llama of which every fourth layer has no position embedding. */
final class SmolLm3 implements Architecture {
  private static final int PERIOD = 4;

  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    Rope rope = RopeScaling.rope(keys, weights, Rope.Style.ADJACENT, use.context());
    SlidingWindow windows = SlidingWindow.ifPatterned(keys);
    float scale = keys.attentionScale();
    return new ProgramBuilder(config, weights, use.kvType())
        .build(layer ->
            new Attention(
                (layer + 1) % PERIOD == 0 ? null : rope, scale, windows.window(layer), 0));
  }
}
