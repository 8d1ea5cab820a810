package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.model.ProgramBuilder.Norms;
import dev.vtc.model.ProgramBuilder.QkNorm;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * Gemma 2 and 3: embeddings times sqrt(width), norms before and after each half of a block, GeGLU,
 * and sliding layers between those that see everything. Gemma 2 bounds scores and logits; Gemma 3
 * normalizes the heads of q and k instead, and its sliding layers turn with another base.
 */
enum Gemma implements Architecture {
  GEMMA2(QkNorm.NONE, 50, 30, 4096, 2, 46),
  GEMMA3(QkNorm.HEAD, 0, 0, 0, 6, 62);

  /** Base of Gemma 3's sliding layers. */
  private static final double SLIDING_BASE = 10_000;

  private final QkNorm qkNorm;
  private final double scoreSoftcap;
  private final double logitSoftcap;
  private final int window;
  private final int period;

  /**
   * Layers of the 27B model, whose scores are scaled by width / heads instead of the head's size;
   * no key of the file says so.
   */
  private final int layers27;

  Gemma(
      QkNorm qkNorm,
      double scoreSoftcap,
      double logitSoftcap,
      int window,
      int period,
      int layers27) {
    this.qkNorm = qkNorm;
    this.scoreSoftcap = scoreSoftcap;
    this.logitSoftcap = logitSoftcap;
    this.window = window;
    this.period = period;
    this.layers27 = layers27;
  }

  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use) {
    Keys keys = new Keys(config, metadata);
    SlidingWindow windows = SlidingWindow.read(keys, window, period);
    Rope rope = RopeScaling.rope(keys, weights, Rope.Style.HALVES, use.context());
    Rope sliding =
        this == GEMMA2 && !keys.has("rope.freq_base_swa")
            ? rope
            : RopeScaling.sliding(keys, SLIDING_BASE, Rope.Style.HALVES);
    float scale =
        keys.attentionScale(
            config.layers() == layers27 ? config.width() / config.heads() : config.headDim());
    float softcap =
        this == GEMMA2 ? (float) keys.positive("attn_logit_softcapping", scoreSoftcap) : 0;
    return new ProgramBuilder(config, weights, use.kvType())
        .norms(Norms.BOTH)
        .qkNorm(qkNorm)
        .activation(Epilogue.GEGLU)
        .embeddingScale(Math.sqrt(config.width()))
        .logitSoftcap(keys.positive("final_logit_softcapping", logitSoftcap))
        .build(layer ->
            new Attention(
                windows.slides(layer) ? sliding : rope, scale, windows.window(layer), softcap));
  }
}
