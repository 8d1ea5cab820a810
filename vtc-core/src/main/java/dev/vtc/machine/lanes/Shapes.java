package dev.vtc.machine.lanes;

import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the buffers of an instruction are as large and of the type its kernel takes them for:
 * kernels check nothing.
 */
final class Shapes {
  private static final int BLOCK = 32;

  private Shapes() {}

  /** An {@code IllegalArgumentException} when an instruction would leave its buffers. */
  static void check(Program program, Instruction instruction) {
    KvLayout kv = program.kv();
    int qWidth = program.heads() * kv.headDim();
    int kvWidth = kv.kvHeads() * kv.headDim();
    boolean fits =
        switch (instruction) {
          case Embed e -> dense(e.out(), e.table().columns());
          case RmsNorm r -> {
            int width = r.in().width();
            boolean blocks = r.quantized() == null || r.group() == width || whole(r.group());
            yield dense(r.in(), width) && outputs(r.out(), r.quantized(), width) && blocks;
          }
          case Quantize q ->
              dense(q.in(), q.out().width())
                  && quantized(q.out(), q.in().width())
                  && q.in().rows() == q.out().rows();
          case Route r ->
              tokens(r.logits()) && slots(program, r.choice()) && slots(program, r.weight());
          case Group g -> slots(program, g.choice()) && slots(program, g.place());
          case Dispatch d -> tokens(d.in()) && slots(program, d.place());
          case Combine c ->
              tokens(c.into()) && slots(program, c.place()) && slots(program, c.weight());
          case Add a -> dense(a.in(), a.into().width()) && dense(a.into(), a.in().width());
          case Select s -> {
            int tiles = Math.ceilDiv(s.logits().width(), Select.TILE);
            yield dense(s.logits(), s.logits().width()) && dense(s.tileMax(), tiles);
          }
          case MatMul m -> outputs(m.gated(), m.quantized(), m.parts().getFirst().matrix().rows());
          case RopeStoreKv r -> {
            Rope rope = r.rope();
            yield dense(r.q(), qWidth)
                && dense(r.k(), kvWidth)
                && dense(r.v(), kvWidth)
                && layer(kv, r.layer())
                && (rope == null || (rope.pairs() > 0 && 2 * rope.pairs() <= kv.headDim()));
          }
          case Attend a ->
              dense(a.q(), qWidth)
                  && outputs(a.out(), a.quantized(), qWidth)
                  && layer(kv, a.layer())
                  && (a.quantized() == null || whole(kv.headDim()));
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "The buffers of "
              + instruction
              + " do not fit its kernel, with "
              + program.heads()
              + " heads and "
              + kv
              + ".");
    }
  }

  private static boolean whole(int width) {
    return width % BLOCK == 0;
  }

  private static boolean dense(Buffer b, int width) {
    return b.type() == Buffer.Type.F32 && b.width() == width;
  }

  private static boolean quantized(Buffer b, int width) {
    return b.type() == Buffer.Type.Q8 && b.width() == width;
  }

  private static boolean outputs(@Nullable Buffer out, @Nullable Buffer quantized, int width) {
    return (out == null || dense(out, width)) && (quantized == null || quantized(quantized, width));
  }

  private static boolean tokens(Buffer b) {
    return b.rows() == Buffer.Rows.TOKENS;
  }

  /** One element for each expert that a token goes to. */
  private static boolean slots(Program program, Buffer b) {
    return tokens(b) && b.width() == program.slots();
  }

  private static boolean layer(KvLayout kv, int layer) {
    return layer >= 0 && layer < kv.layers();
  }
}
