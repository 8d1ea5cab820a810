package dev.vtc.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Where each buffer of a program lies in one block of memory, decided before the first step:
 * 64-byte aligned, sized for the largest step, and two buffers share bytes only when the last use
 * of one comes before the first use of the other.
 *
 * <p>A buffer whose rows have padding is never shared: its padding must stay zero.
 */
public final class BufferPlan {
  private static final int ALIGNMENT = 64;

  private record Placed(long offset, long bytes, int first, int last) {}

  private final Map<Buffer, Long> offsets = new HashMap<>();
  private final long bytes;

  /**
   * @param program the program
   * @param maxTokens tokens of the largest step
   * @param maxWanted tokens whose logits are wanted in one step, at the most
   */
  public BufferPlan(Program program, int maxTokens, int maxWanted) {
    List<Instruction> code = program.instructions();
    SequencedMap<Buffer, int[]> uses = new LinkedHashMap<>(); // first and last instruction
    for (int i = 0; i < code.size(); i++) {
      note(uses, code.get(i).reads(), i);
      note(uses, code.get(i).writes(), i);
    }
    List<Placed> placed = new ArrayList<>();
    long end = 0;
    for (Map.Entry<Buffer, int[]> use : uses.entrySet()) {
      Buffer buffer = use.getKey();
      int first = use.getValue()[0];
      int last = use.getValue()[1];
      if (buffer.padded() || buffer.equals(program.logits()) || buffer.equals(program.tileMax())) {
        first = 0;
        last = code.size();
      }
      long rows = program.rows(buffer, maxTokens, maxWanted);
      long size = Math.multiplyExact(rows, (long) buffer.rowBytes());
      long offset = lowestGap(placed, size, first, last);
      placed.add(new Placed(offset, size, first, last));
      offsets.put(buffer, offset);
      end = Math.max(end, offset + size);
    }
    bytes = end;
  }

  private static void note(Map<Buffer, int[]> uses, List<Buffer> buffers, int instruction) {
    for (Buffer b : buffers) {
      int[] use = uses.get(b);
      if (use == null) {
        uses.put(b, new int[] {instruction, instruction});
      } else {
        use[1] = instruction;
      }
    }
  }

  private static long lowestGap(List<Placed> placed, long size, int first, int last) {
    long offset = 0;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Placed p : placed) {
        boolean alive = p.first <= last && first <= p.last;
        if (alive && p.offset < offset + size && offset < p.offset + p.bytes) {
          offset = Math.ceilDiv(p.offset + p.bytes, ALIGNMENT) * ALIGNMENT;
          moved = true;
        }
      }
    }
    return offset;
  }

  /** Bytes of the whole block. */
  public long bytes() {
    return bytes;
  }

  /** Where a buffer's row 0 begins, in bytes. */
  public long offset(Buffer buffer) {
    Long offset = offsets.get(buffer);
    if (offset == null) {
      throw new IllegalArgumentException(
          "Buffer " + buffer.name() + " belongs to another program.");
    }
    return offset;
  }
}
