package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/** Granite 3: a Llama with factors of embeddings, scores, residuals and logits. */
final class Granite implements Architecture {
  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    // Granite files without rope say so by this key.
    boolean turns = metadata.bool(keys.name("rope.scaling.finetuned"), true);
    Rope rope = turns ? RopeScaling.rope(keys, weights, Rope.Style.ADJACENT, use.context()) : null;
    Attention attention = Attention.full(rope, keys.attentionScale());
    return new ProgramBuilder(config, weights, use.kvType())
        .embeddingScale(keys.positive("embedding_scale", 1))
        .residualScale(keys.positive("residual_scale", 1))
        .logitScale(1 / keys.positive("logit_scale", 1))
        .build(layer -> attention);
  }
}
