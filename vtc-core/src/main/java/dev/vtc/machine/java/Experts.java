package dev.vtc.machine.java;

import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Numerics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Rule 11: which experts a token goes to, where its rows lie among those of the others, and what
 * comes back. One instance a thread.
 */
final class Experts {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final boolean[] taken;
  private final int[] count;
  private final int[] next;
  private final float[] lanes = new float[16];

  /**
   * @param experts of the layer that has most
   */
  Experts(int experts) {
    taken = new boolean[experts];
    count = new int[experts];
    next = new int[experts];
  }

  void route(Route r, int token, JavaExecutable memory) {
    MemorySegment logits = memory.memory(r.logits());
    MemorySegment choice = memory.memory(r.choice());
    MemorySegment weight = memory.memory(r.weight());
    long row = (long) token * r.logits().rowBytes();
    long choiceRow = (long) token * r.choice().rowBytes();
    long weightRow = (long) token * r.weight().rowBytes();
    int experts = r.logits().width();
    int used = r.choice().width();
    Arrays.fill(taken, 0, experts, false);
    for (int slot = 0; slot < used; slot++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!taken[e] && (best < 0 || key(logits, row + 4L * e) > key(logits, row + 4L * best))) {
          best = e;
        }
      }
      taken[best] = true;
      choice.set(INT, choiceRow + 4L * slot, best);
      weight.set(FLOAT, weightRow + 4L * slot, logits.get(FLOAT, row + 4L * best));
    }
    float max = weight.get(FLOAT, weightRow);
    float sum =
        r.normalized() ? sum16(weight, weightRow, used, max) : sum16(logits, row, experts, max);
    for (int slot = 0; slot < used; slot++) {
      float e = Numerics.exp(weight.get(FLOAT, weightRow + 4L * slot) - max);
      weight.set(FLOAT, weightRow + 4L * slot, e / sum * r.scale());
    }
  }

  /** What logits are compared by: what is no number counts as the least. */
  private static float key(MemorySegment logits, long at) {
    float x = logits.get(FLOAT, at);
    return Float.isNaN(x) ? Float.NEGATIVE_INFINITY : x;
  }

  /** Rule 1 over exp(x - max). */
  private float sum16(MemorySegment x, long at, int n, float max) {
    Arrays.fill(lanes, 0);
    for (int i = 0; i < n; i++) {
      lanes[i % 16] += Numerics.exp(x.get(FLOAT, at + 4L * i) - max);
    }
    return Numerics.fold16(lanes);
  }

  /** All tokens at once: a stable counting sort. */
  void group(Group g, int tokens, JavaExecutable memory) {
    MemorySegment choice = memory.memory(g.choice());
    MemorySegment place = memory.memory(g.place());
    MemorySegment groups = memory.memory(g.groups());
    int used = g.choice().width();
    Arrays.fill(count, 0, g.experts(), 0);
    for (int t = 0; t < tokens; t++) {
      for (int slot = 0; slot < used; slot++) {
        count[at(choice, g.choice(), t, slot)]++;
      }
    }
    int row = 0;
    int group = 0;
    for (int e = 0; e < g.experts(); e++) {
      next[e] = row;
      if (count[e] > 0) {
        put(groups, group++, e, row, count[e]);
      }
      row += count[e];
    }
    for (int end = Math.min(g.experts(), tokens * used); group < end; group++) {
      put(groups, group, 0, 0, 0);
    }
    for (int t = 0; t < tokens; t++) {
      for (int slot = 0; slot < used; slot++) {
        place.set(
            INT,
            (long) t * g.place().rowBytes() + 4L * slot,
            next[at(choice, g.choice(), t, slot)]++);
      }
    }
  }

  private static void put(MemorySegment groups, int group, int expert, int first, int rows) {
    groups.setAtIndex(INT, (long) Group.FIELDS * group, expert);
    groups.setAtIndex(INT, (long) Group.FIELDS * group + 1, first);
    groups.setAtIndex(INT, (long) Group.FIELDS * group + 2, rows);
    groups.setAtIndex(INT, (long) Group.FIELDS * group + 3, 0);
  }

  private static int at(MemorySegment memory, Buffer buffer, int token, int slot) {
    return memory.get(INT, (long) token * buffer.rowBytes() + 4L * slot);
  }

  void dispatch(Dispatch d, int token, JavaExecutable memory) {
    int bytes = d.in().rowBytes();
    MemorySegment in = memory.memory(d.in());
    MemorySegment out = memory.memory(d.out());
    for (int slot = 0; slot < d.place().width(); slot++) {
      long row = at(memory.memory(d.place()), d.place(), token, slot);
      MemorySegment.copy(in, (long) token * bytes, out, row * bytes, bytes);
    }
  }

  void combine(Combine c, int token, JavaExecutable memory) {
    MemorySegment in = memory.memory(c.in());
    MemorySegment into = memory.memory(c.into());
    MemorySegment weight = memory.memory(c.weight());
    long out = (long) token * c.into().rowBytes();
    for (int i = 0; i < c.into().width(); i++) {
      float sum = 0;
      for (int slot = 0; slot < c.place().width(); slot++) {
        long row = at(memory.memory(c.place()), c.place(), token, slot);
        float w = weight.get(FLOAT, (long) token * c.weight().rowBytes() + 4L * slot);
        sum = Math.fma(w, in.get(FLOAT, row * c.in().rowBytes() + 4L * i), sum);
      }
      into.set(FLOAT, out + 4L * i, into.get(FLOAT, out + 4L * i) + sum);
    }
  }
}
