package dev.vtc.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a machine runs for each step: instructions in order, over buffers. Immutable.
 *
 * @param instructions in order of execution
 * @param heads query heads of every layer; query head h reads kv head h / (heads / kvHeads)
 * @param kv the layout of the KV cache
 * @param vocabulary number of logits of a token
 * @param logits [wanted, vocabulary], complete when a step is done
 * @param tileMax [wanted, ceil(vocabulary / 64)], see {@link Instruction.Select}
 */
public record Program(
    List<Instruction> instructions,
    int heads,
    KvLayout kv,
    int vocabulary,
    Buffer logits,
    Buffer tileMax) {

  public Program {
    instructions = List.copyOf(instructions);
    if (heads % kv.kvHeads() != 0) {
      throw new IllegalArgumentException(
          heads + " query heads do not share " + kv.kvHeads() + " key/value heads evenly.");
    }
    for (Instruction i : instructions) {
      if (i instanceof Instruction.Attend a
          && a.layer() < kv.layers()
          && !kv.keeps(a.layer(), a.window())) {
        throw new IllegalArgumentException(
            "Layer "
                + a.layer()
                + " attends to "
                + (a.window() == 0 ? "all" : a.window())
                + " positions, but its pages are kept for "
                + kv.windows().get(a.layer())
                + ".");
      }
    }
    if (instructions.stream().mapToInt(Program::slots).filter(n -> n > 0).distinct().count() > 1) {
      throw new IllegalArgumentException("Layers that use different numbers of experts.");
    }
  }

  /** Query heads that share one key/value head. */
  public int headsPerKvHead() {
    return heads / kv.kvHeads();
  }

  /** Experts that each token goes to; 0 in a program without experts. */
  public int slots() {
    return instructions.stream().mapToInt(Program::slots).max().orElse(0);
  }

  private static int slots(Instruction i) {
    return i instanceof Instruction.Route r ? r.choice().width() : 0;
  }

  /** Rows of a buffer in a step of so many tokens, of which the logits of some are wanted. */
  public long rows(Buffer buffer, int tokens, int wanted) {
    return switch (buffer.rows()) {
      case TOKENS -> tokens;
      case WANTED -> wanted;
      case SLOTS -> Math.multiplyExact((long) tokens, slots());
      case STEP -> 1;
    };
  }

  /** All buffers in order of first use. */
  public List<Buffer> buffers() {
    Set<Buffer> set = new LinkedHashSet<>();
    for (Instruction i : instructions) {
      set.addAll(i.reads());
      set.addAll(i.writes());
    }
    return new ArrayList<>(set);
  }

  /** All position embeddings, each once. */
  public List<Rope> ropes() {
    List<Rope> ropes = new ArrayList<>();
    for (Instruction i : instructions) {
      if (i instanceof Instruction.RopeStoreKv r) {
        add(ropes, r.rope());
        add(ropes, r.queryRope());
      }
    }
    return ropes;
  }

  private static void add(List<Rope> ropes, @Nullable Rope rope) {
    if (rope != null && !ropes.contains(rope)) {
      ropes.add(rope);
    }
  }

  /**
   * Bytes of weights that a step of one token reads, and one of more tokens, too, where there are
   * no experts; rows of the embedding left out.
   */
  public long weightBytes() {
    long bytes = 0;
    for (Instruction i : instructions) {
      int copies = i instanceof Instruction.MatMul m && m.experts() != null ? slots() : 1;
      for (Matrix m : i.matrices()) {
        bytes += copies * m.bytes();
      }
    }
    return bytes;
  }

  /**
   * One line an instruction: mnemonic, shapes, the bytes it must move and its operations.
   *
   * @param tokens tokens of the step
   * @param position positions of the sequence before the step, which attention reads
   */
  public String listing(int tokens, int position) {
    StringBuilder s = new StringBuilder();
    s.append(
        String.format(Locale.ROOT, "; step of %d token(s) at position %d%n", tokens, position));
    s.append(
        String.format(
            Locale.ROOT,
            "%4s  %-12s %-62s %14s %16s%n",
            "#",
            "instruction",
            "operands",
            "bytes",
            "operations"));
    long bytes = 0;
    long operations = 0;
    int number = 0;
    for (Instruction i : instructions) {
      Cost cost = Cost.of(this, i, tokens, position);
      bytes += cost.bytes();
      operations += cost.operations();
      s.append(
          String.format(
              Locale.ROOT,
              "%4d  %-12s %-62s %,14d %,16d%n",
              number++,
              i.mnemonic().toLowerCase(Locale.ROOT),
              Operands.of(i),
              cost.bytes(),
              cost.operations()));
    }
    s.append(
        String.format(
            Locale.ROOT, "%4s  %-12s %-62s %,14d %,16d%n", "", "total", "", bytes, operations));
    return s.toString();
  }
}
