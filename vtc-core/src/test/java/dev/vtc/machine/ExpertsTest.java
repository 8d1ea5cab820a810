package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.Experts;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Reference;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TestWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rule 11 on every machine: against {@link Reference} where that knows the format, against the
 * portable machine in all, for any threads and chunks.
 */
class ExpertsTest {
  private static final int VOCABULARY = 80;

  /** Two mixtures one after the other, and the logits. */
  private record Net(TestWeights weights, Program program) {}

  private static Net net(
      Random random,
      DType gateType,
      DType downType,
      int experts,
      int used,
      int width,
      int ffn,
      boolean normalized) {
    TestWeights w = new TestWeights();
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, width);
    List<Instruction> code = new ArrayList<>();
    code.add(new Embed(w.matrix(random, "table", DType.F32, VOCABULARY, width), x, 1));
    for (int layer = 0; layer < 2; layer++) {
      layer(code, w, random, x, layer, gateType, downType, experts, used, ffn, normalized);
    }
    Matrix out = w.matrix(random, "out", DType.F32, VOCABULARY, width);
    Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, VOCABULARY);
    Buffer tileMax = new Buffer("tileMax", Type.F32, Rows.WANTED, 2);
    Buffer last = new Buffer("last", Type.F32, Rows.WANTED, width);
    w.vector(random, "norm", width);
    code.add(new Instruction.RmsNorm(x, "norm", width, 1e-5f, last, null, false));
    code.add(MatMul.of(Epilogue.STORE, new Part(out, last, logits, null)));
    code.add(new Select(logits, tileMax, 0));
    KvLayout kv = new KvLayout(1, 1, 16, KvType.F16);
    return new Net(w, new Program(code, 1, kv, VOCABULARY, logits, tileMax));
  }

  private static void layer(
      List<Instruction> code,
      TestWeights w,
      Random random,
      Buffer x,
      int layer,
      DType gateType,
      DType downType,
      int experts,
      int used,
      int ffn,
      boolean normalized) {
    int width = x.width();
    Matrix router = w.matrix(random, "router" + layer, DType.F32, experts, width);
    Matrix gate = stack(w, random, "gate" + layer, gateType, experts, ffn, width);
    Matrix up = stack(w, random, "up" + layer, gateType, experts, ffn, width);
    Matrix down = stack(w, random, "down" + layer, downType, experts, width, ffn);
    Buffer scores = new Buffer("router", Type.F32, Rows.TOKENS, experts);
    Buffer choice = new Buffer("choice", Type.I32, Rows.TOKENS, used);
    Buffer weight = new Buffer("weight", Type.F32, Rows.TOKENS, used);
    Buffer place = new Buffer("place", Type.I32, Rows.TOKENS, used);
    Buffer groups = new Buffer("groups", Type.I32, Rows.STEP, Group.width(experts));
    code.add(MatMul.of(Epilogue.STORE, new Part(router, x, scores, null)));
    code.add(new Route(scores, choice, weight, normalized, 0.7f));
    code.add(new Group(choice, place, groups, experts));
    Buffer in = x;
    if (!gate.format().isDense()) {
      in = new Buffer("x.q8", Type.Q8, Rows.TOKENS, width);
      code.add(new Quantize(x, in));
    }
    Buffer sent = new Buffer("sent", in.type(), Rows.SLOTS, width);
    code.add(new Dispatch(in, place, sent));
    Experts stacks = new Experts(groups, experts);
    boolean dense = down.format().isDense();
    Buffer hidden = new Buffer("ffn", dense ? Type.F32 : Type.Q8, Rows.SLOTS, ffn);
    code.add(
        new MatMul(
            List.of(new Part(gate, sent, null, null), new Part(up, sent, null, null)),
            Epilogue.SWIGLU,
            dense ? hidden : null,
            dense ? null : hidden,
            1,
            stacks));
    Buffer made = new Buffer("made", Type.F32, Rows.SLOTS, width);
    code.add(
        new MatMul(
            List.of(new Part(down, hidden, made, null)), Epilogue.STORE, null, null, 1, stacks));
    code.add(new Combine(made, place, weight, x));
  }

  private static Matrix stack(
      TestWeights w, Random random, String name, DType type, int experts, int rows, int columns) {
    Matrix all = w.matrix(random, name, type, experts * rows, columns);
    return new Matrix(name, all.format(), rows, columns);
  }

  private static Random seeded(String test) {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println(test + ": -Dvtc.seed=" + seed);
    return new Random(seed);
  }

  /** Experts that few tokens go to, all of them, one; heads and tails of 16 everywhere. */
  @ParameterizedTest
  @CsvSource({
    "F32, F16, 5, 2, 48, 16, true",
    "BF16, F32, 1, 1, 80, 48, true",
    "Q8_0, Q4_0, 17, 4, 64, 96, false",
    "Q4_1, Q8_0, 33, 17, 96, 32, true",
    "Q8_0, F32, 7, 7, 32, 64, false",
    "F16, Q4_1, 300, 3, 16, 32, true"
  })
  void machinesDoWhatThePageSays(
      DType gate, DType down, int experts, int used, int width, int ffn, boolean normalized) {
    Random random = seeded("experts");
    Net net = net(random, gate, down, experts, used, width, ffn, normalized);
    int[] prompt = Replay.prompt(random.nextLong(), 43, VOCABULARY);
    float[][] expected = new Reference(net.program(), net.weights()::tensor, prompt).run();
    compare(net, prompt, expected, "experts of " + gate + " and " + down);
  }

  /** Formats with super-blocks: against the portable machine. */
  @ParameterizedTest
  @EnumSource(names = {"Q4_K", "Q5_K", "Q6_K", "Q3_K", "IQ4_XS"})
  void everyFormatOfWholeSuperBlocks(DType type) {
    Random random = seeded("experts");
    Net net = net(random, type, type, 6, 2, 256, 256, true);
    int[] prompt = Replay.prompt(random.nextLong(), 29, VOCABULARY);
    Machine portable = dev.vtc.machine.registry.Machines.portable();
    try (Rig rig = new Rig(net.weights(), net.program(), portable, 1, new Limits(29, 29, 1, 29))) {
      compare(net, prompt, Replay.logits(rig, prompt, 29), "experts of " + type);
    }
  }

  private static void compare(Net net, int[] prompt, float[][] expected, String what) {
    for (Machine machine : Rig.machines(what)) {
      for (int threads : new int[] {1, 3}) {
        Limits limits = new Limits(prompt.length, prompt.length, 1, prompt.length);
        try (Rig rig = new Rig(net.weights(), net.program(), machine, threads, limits)) {
          for (int chunk : new int[] {1, 7, prompt.length}) {
            float[][] actual = Replay.logits(rig, prompt, chunk);
            for (int t = 0; t < prompt.length; t++) {
              assertThat(actual[t])
                  .as("%s, %d threads, chunk %d, token %d", machine.name(), threads, chunk, t)
                  .isEqualTo(expected[t]);
            }
          }
        }
      }
    }
  }

  /** Every token goes to all experts of equal logits in order of their ids, on all machines. */
  @Test
  void equalScoresGoToTheSmallerIds() {
    Random random = seeded("equal scores");
    Net net = net(random, DType.F32, DType.F32, 40, 5, 16, 16, true);
    net.weights().tensor("router0").data().fill((byte) 0);
    net.weights().matrix("router0").data().fill((byte) 0);
    int[] prompt = Replay.prompt(random.nextLong(), 9, VOCABULARY);
    float[][] expected = new Reference(net.program(), net.weights()::tensor, prompt).run();
    compare(net, prompt, expected, "equal scores");
  }

  /** What is no number chooses experts that exist, and nothing is written out of place. */
  @Test
  void scoresThatAreNoNumbersEndInLogitsThatAreNone() {
    Random random = seeded("no numbers");
    Net net = net(random, DType.Q8_0, DType.Q8_0, 9, 3, 32, 32, true);
    net.weights()
        .matrix("router1")
        .data()
        .fill((byte) 0xff); // every weight of the second router is NaN
    int[] prompt = Replay.prompt(random.nextLong(), 5, VOCABULARY);
    for (Machine machine : Rig.machines("no numbers")) {
      try (Rig rig = new Rig(net.weights(), net.program(), machine, 2, new Limits(5, 5, 1, 5))) {
        for (float[] logits : Replay.logits(rig, prompt, 5)) {
          for (float l : logits) {
            assertThat(l).as(machine.name()).isNaN();
          }
        }
      }
    }
  }

  @Test
  void expertsWhosePanelsWouldHoldRowsOfTwoAreRefused() {
    Random random = seeded("odd rows");
    assertThatThrownBy(() -> net(random, DType.F32, DType.F32, 4, 2, 48, 17, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theListingCountsExperts() {
    Random random = seeded("listing");
    Net net = net(random, DType.F32, DType.F32, 8, 2, 32, 16, true);
    String one = net.program().listing(1, 0);
    assertThat(one).contains("route").contains("group").contains("dispatch").contains("combine");
    assertThat(one).contains("8 x gate0[16,32]");
    // Rows are padded to 16, columns to 64.
    long router = 16 * 64 * Float.BYTES;
    long expert = (16 + 16 + 32) * 64 * Float.BYTES;
    long output = VOCABULARY * 64L * Float.BYTES;
    assertThat(net.program().weightBytes()).isEqualTo(2 * (router + 2 * expert) + output);
  }
}
