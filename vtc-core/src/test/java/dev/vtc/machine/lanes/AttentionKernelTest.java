package dev.vtc.machine.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Rope;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every machine's rotation, cache and attention against the portable machine's. */
class AttentionKernelTest {
  private static double[] frequencies(int pairs) {
    double[] f = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      f[i] = Math.pow(10000, -(double) i / pairs);
    }
    return f;
  }

  /** Two layers; each layer its own rotation, the second one its window and softcap. */
  private static Rig rig(
      Random random, int kvHeads, int group, int dim, KvType type, int window, float softcap) {
    Rig rig = new Rig(random).zerosAreEqual();
    int heads = kvHeads * group;
    rig.attention(heads, new KvLayout(List.of(0, window), kvHeads, dim, type));
    float scale = (float) (1 / Math.sqrt(dim));
    for (int layer = 0; layer < 2; layer++) {
      Buffer q = rig.inOut("q" + layer, heads * dim);
      Buffer k = rig.inOut("k" + layer, kvHeads * dim);
      Buffer v = rig.input("v" + layer, kvHeads * dim);
      Rope.Style style = random.nextBoolean() ? Rope.Style.ADJACENT : Rope.Style.HALVES;
      int pairs = random.nextBoolean() ? dim / 2 : random.nextInt(1, dim / 2 + 1);
      Rope rope =
          random.nextInt(5) == 0 ? null : new Rope(style, frequencies(pairs), 1 + layer * 0.1f);
      rig.add(new RopeStoreKv(q, k, v, layer, rope));
      Buffer out = rig.output("out" + layer, Type.F32, heads * dim);
      Buffer quantized = dim % 32 == 0 ? rig.output("out.q8 " + layer, Type.Q8, heads * dim) : null;
      rig.add(
          new Attend(
              q, out, quantized, layer, scale, layer == 1 ? window : 0, layer == 1 ? softcap : 0));
    }
    return rig;
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,8,F16", "2,1,20,F32", "1,2,32,F16", "3,3,64,F16", "2,4,64,F32", "1,8,80,F16",
    "1,9,32,F32", "2,2,128,F16", "1,5,16,F16", "1,7,20,F16", "1,12,32,F16", "1,13,8,F32",
    "1,6,80,F32", "2,16,64,F16"
  })
  void headsOfAllShapes(int kvHeads, int group, int dim, KvType type) {
    Random random = Rig.seeded("attention");
    int window = random.nextBoolean() ? 0 : random.nextInt(1, 400);
    float softcap = random.nextBoolean() ? 0 : 20;
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = rig(random, kvHeads, group, dim, type, window, softcap)) {
      rig.limits(31, 3, 650);
      String what = "window " + window + ", softcap " + softcap + ", ";
      int[] positions = {0, 1, 15, 16, 254, 255, 256, 510, 600};
      for (int position : Amount.of(random, positions)) {
        int n = random.nextInt(1, 13);
        rig.check(team, what + n + " at " + position, new int[] {n}, new int[] {position});
      }
      if (Amount.oneIn(random, 4)) {
        rig.check(team, what + "three runs", new int[] {1, 12, 18}, new int[] {599, 250, 0});
      }
      if (Amount.oneIn(random, 4)) {
        rig.check(team, what + "31 at 240", new int[] {31}, new int[] {240});
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "15", "16", "17", "31", "100", "255", "256", "257", "300", "512", "600"})
  void windowsOfAllSizes(int window) {
    Random random = Rig.seeded("windows");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = rig(random, 1, 3, 32, KvType.F16, window, 0)) {
      rig.limits(31, 2, 800);
      int[] contexts = {1, 2, 16, 17, 100, 255, 256, 257, 511, 512, 513, 600, 770};
      for (int context : Amount.of(random, contexts)) {
        rig.check(team, "context " + context, new int[] {1}, new int[] {context - 1});
      }
      if (Amount.oneIn(random, 4)) {
        rig.check(team, "two runs", new int[] {9, 20}, new int[] {505, 250});
      }
    }
  }

  /**
   * Keys and values that overflowed, at positions which some tokens see and others do not: only who
   * sees them is not a number, in a tile of tokens and behind a window, too.
   */
  @ParameterizedTest
  @CsvSource({"1,1,32,0", "1,3,64,0", "2,2,20,0", "1,3,32,5", "1,4,16,100", "1,1,32,300"})
  void whatIsMaskedContributesNothing(int kvHeads, int group, int dim, int window) {
    Random random = Rig.seeded("masked infinities");
    int bad = 7;
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = rig(random, kvHeads, group, dim, KvType.F16, window, 0)) {
      rig.limits(31, 1, 800);
      for (int position : new int[] {0, 3, 240, 256, 500}) {
        int[] rows = {0};
        rig.content((buffer, x) -> {
          boolean stored = buffer.name().startsWith("k") || buffer.name().startsWith("v");
          if (stored && rows[0]++ % 31 == bad) {
            x[dim / 2] = 1e6f;
          }
        });
        rig.check(team, "12 at " + position, new int[] {12}, new int[] {position});
        for (int token = 0; token < bad; token++) {
          assertThat(rig.isFinite("out1", token)).as("token " + token + " at " + position).isTrue();
        }
        assertThat(rig.isFinite("out1", bad)).as("the bad token at " + position).isFalse();
      }
      if (window > 0) {
        rig.content((_, _) -> {});
        rig.overflow(position -> position < 600 - window + 1);
        rig.check(team, "behind the window", new int[] {1}, new int[] {600});
        assertThat(rig.isFinite("out1", 0)).isTrue();
      }
    }
  }
}
