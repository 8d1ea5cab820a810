package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * Ministral 3: a Llama whose queries grow with the logarithm of the position, which keeps attention
 * sharp over long texts.
 */
final class Mistral3 implements Architecture {
  private static final String SCALE = "attention.temperature_scale";

  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    Rope rope = RopeScaling.rope(keys, weights, Rope.Style.ADJACENT, use.context());
    Rope queries = rope;
    double scale = keys.positive(SCALE, 0);
    if (scale > 0) {
      if (config.ropeDims() != config.headDim()) {
        throw new IllegalArgumentException(
            keys.name(SCALE) + " is supported only where all dimensions of a head turn.");
      }
      Rope.Temperature growth = new Rope.Temperature(scale, RopeScaling.originalContext(keys));
      queries = new Rope(rope.style(), rope.frequencies(), rope.magnitude(), growth);
    }
    Rope turned = queries;
    SlidingWindow windows = SlidingWindow.ifPatterned(keys);
    float factor = keys.attentionScale();
    return new ProgramBuilder(config, weights, use.kvType())
        .experts(Mixture.read(keys, false))
        .build(layer -> new Attention(rope, turned, factor, windows.window(layer), 0));
  }
}
