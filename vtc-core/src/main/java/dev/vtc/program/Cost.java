package dev.vtc.program;

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

/**
 * What an instruction must do at the least.
 *
 * @param bytes weights and cached keys and values, each read or written once; activations are in
 *     the caches and left out; experts are counted as if tokens shared none
 * @param operations multiplications and additions, two for a multiply-add
 */
public record Cost(long bytes, long operations) {
  /**
   * The cost in a step of {@code tokens} tokens of one sequence that has {@code position} positions
   * already; one token's logits are wanted.
   */
  public static Cost of(Program program, Instruction instruction, int tokens, int position) {
    KvLayout kv = program.kv();
    long n = tokens;
    return switch (instruction) {
      case Embed e ->
          new Cost(n * e.table().format().panelBytes(e.table().columns()), n * e.table().columns());
      case RmsNorm r -> new Cost(4L * r.group(), 4L * rows(program, r.in(), n) * r.in().width());
      case Quantize q -> new Cost(0, 3L * n * q.in().width());
      case MatMul m -> {
        long bytes = 0;
        long operations = 0;
        // At the most every token brings other experts.
        long copies = m.experts() == null ? 1 : Math.min(m.experts().count(), n * program.slots());
        for (Instruction.Part p : m.parts()) {
          bytes += copies * p.matrix().bytes();
          operations += 2 * rows(program, p.in(), n) * p.matrix().rows() * p.matrix().columns();
        }
        yield new Cost(bytes, operations);
      }
      case RopeStoreKv r ->
          new Cost(
              n * 2 * kv.kvHeads() * kv.headDim() * kv.type().bytes(),
              3L * n * (r.q().width() + r.k().width()));
      case Attend a -> {
        long pairs = 0; // (query, key) pairs of one head
        long first = Integer.MAX_VALUE;
        for (int t = 0; t < tokens; t++) {
          long seen = position + t + 1L;
          long from = a.window() > 0 ? Math.max(0, seen - a.window()) : 0;
          pairs += seen - from;
          first = Math.min(first, from);
        }
        long positions = position + n - first;
        yield new Cost(
            positions * 2 * kv.kvHeads() * kv.headDim() * kv.type().bytes(),
            pairs * program.heads() * (4L * kv.headDim() + 10));
      }
      case Route r -> new Cost(0, 10L * n * r.logits().width());
      case Group g -> new Cost(0, n * g.choice().width());
      case Dispatch _ -> new Cost(0, 0);
      case Combine c -> new Cost(0, n * c.into().width() * (2L * c.place().width() + 1));
      case Add a -> new Cost(0, n * a.in().width());
      case Select s -> new Cost(0, s.logits().width());
    };
  }

  private static long rows(Program program, Buffer buffer, long tokens) {
    return program.rows(buffer, (int) tokens, 1);
  }
}
