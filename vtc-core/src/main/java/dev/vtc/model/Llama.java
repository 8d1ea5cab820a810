package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;

/**
 * Llama 1 to 3, TinyLlama, SmolLM, and whatever shares their shape: pre-norm blocks of rotary
 * attention and SwiGLU.
 */
final class Llama implements Architecture {
  @Override
  public Program build(ModelConfig config, Metadata metadata, ModelWeights weights, KvType kvType) {
    ProgramBuilder b = new ProgramBuilder(config, weights, kvType);
    Rope rope = RopeScaling.rope(config, metadata, weights, Rope.Style.ADJACENT);
    Buffer x = b.embed("token_embd.weight", 1);
    for (int layer = 0; layer < config.layers(); layer++) {
      String blk = "blk." + layer + ".";
      b.attention(blk, layer, x, rope);
      b.feedForward(blk, x, Epilogue.SWIGLU);
    }
    return b.output(x);
  }
}
