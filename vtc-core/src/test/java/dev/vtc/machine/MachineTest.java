package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import dev.vtc.testing.Reference;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TestWeights;
import dev.vtc.testing.TinyModel;
import dev.vtc.tvl.TvlFormat;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every machine against docs/numerics.md, written down once more in {@link Reference}. */
class MachineTest {
  private static final Limits LIMITS = new Limits(9, 9, 2, 600);

  @TempDir Path folder;

  /** Whole models: exact to the bit, over a page's end. */
  private void exact(TinyModel.Shape shape, KvType kvType) throws IOException {
    Path file = TinyModel.of(shape, 11).write(folder.resolve("m.gguf"));
    int[] prompt = Replay.prompt(4, 262, shape.vocabulary());
    try (ModelSource source = ModelSources.open(file);
        Rig.Loaded model = Rig.load(file, kvType)) {
      float[][] expected = new Reference(model.program(), source::tensor, prompt).run();
      for (Machine machine : Rig.machines("reference " + shape.types())) {
        try (Rig rig = new Rig(model.weights(), model.program(), machine, 2, LIMITS)) {
          assertSame(machine, expected, Replay.logits(rig, prompt, 9));
        }
      }
    }
  }

  private static void assertSame(Machine machine, float[][] expected, float[][] actual) {
    for (int t = 0; t < expected.length; t++) {
      assertThat(bits(actual[t]))
          .as("%s, token %d", machine.name(), t)
          .isEqualTo(bits(expected[t]));
    }
  }

  private static int[] bits(float[] x) {
    int[] bits = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      bits[i] = Float.floatToIntBits(x[i]);
    }
    return bits;
  }

  @Test
  void denseModel() throws IOException {
    exact(TinyModel.ODD_DENSE, KvType.F16);
  }

  @Test
  void denseModelWithKeysAndValuesInF32() throws IOException {
    exact(new TinyModel.Shape(1, 12, 17, 2, 1, 65, 600, List.of(DType.F32)), KvType.F32);
  }

  @Test
  void quantizedModel() throws IOException {
    List<DType> types = List.of(DType.Q4_1, DType.Q8_0, DType.F32, DType.Q4_0);
    exact(new TinyModel.Shape(2, 96, 160, 6, 2, 131, 600, types), KvType.F16);
    exact(new TinyModel.Shape(1, 64, 96, 2, 2, 64, 600, types), KvType.F32);
  }

  /** What llama has not: biases, factors, norms of heads, windows, caps, other ropes. */
  @Test
  void everyOption() {
    everyOption(32, 48, 64);
  }

  @Test
  void everyOptionAtOddSizes() {
    everyOption(10, 33, 67);
  }

  private static void everyOption(int dim, int ffn, int vocabulary) {
    Random random = seeded("every option");
    int heads = 4;
    int width = heads * dim;
    KvLayout kv = new KvLayout(1, 2, dim, KvType.F16);
    TestWeights w = new TestWeights();
    Matrix table = w.matrix(random, "table", DType.BF16, 33, width);
    Matrix wq = w.matrix(random, "q", DType.F32, width, width);
    Matrix wk = w.matrix(random, "k", DType.F16, 2 * dim, width);
    Matrix wv = w.matrix(random, "v", DType.BF16, 2 * dim, width);
    Matrix gate = w.matrix(random, "gate", DType.F32, ffn, width);
    Matrix up = w.matrix(random, "up", DType.F32, ffn, width);
    Matrix down = w.matrix(random, "down", DType.F32, width, ffn);
    Matrix out = w.matrix(random, "out", DType.F32, vocabulary, width);
    w.vector(random, "norm", width);
    w.vector(random, "headNorm", dim);
    w.vector(random, "qBias", width);
    w.vector(random, "gateBias", ffn);
    w.vector(random, "upBias", ffn);
    w.vector(random, "outBias", vocabulary);
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, width);
    Buffer h = new Buffer("h", Type.F32, Rows.TOKENS, width);
    Buffer q = new Buffer("q", Type.F32, Rows.TOKENS, width);
    Buffer k = new Buffer("k", Type.F32, Rows.TOKENS, 2 * dim);
    Buffer v = new Buffer("v", Type.F32, Rows.TOKENS, 2 * dim);
    Buffer o = new Buffer("o", Type.F32, Rows.TOKENS, width);
    Buffer f = new Buffer("f", Type.F32, Rows.TOKENS, ffn);
    Buffer g = new Buffer("g", Type.F32, Rows.TOKENS, width);
    Buffer last = new Buffer("last", Type.F32, Rows.WANTED, width);
    Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, vocabulary);
    Buffer tileMax = new Buffer("tileMax", Type.F32, Rows.WANTED, Math.ceilDiv(vocabulary, 64));
    Rope rope = new Rope(Rope.Style.HALVES, new double[] {1, 0.3, 0.01}, 1.1f);
    List<Instruction> code =
        List.of(
            new Embed(table, x, 2.5f),
            new RmsNorm(x, "norm", width, 1e-6f, h, null, false),
            new MatMul(
                List.of(
                    new Part(wq, h, q, "qBias"),
                    new Part(wk, h, k, null),
                    new Part(wv, h, v, null)),
                Epilogue.STORE,
                null,
                null,
                0.7f),
            new RmsNorm(q, "headNorm", dim, 1e-6f, q, null, false),
            new RopeStoreKv(q, k, v, 0, rope),
            new Attend(q, o, null, 0, 0.3f, 5, 2f),
            new RmsNorm(o, "norm", width, 1e-6f, x, null, true),
            new MatMul(
                List.of(new Part(gate, x, null, "gateBias"), new Part(up, x, null, "upBias")),
                Epilogue.GEGLU,
                f,
                null,
                1.3f),
            MatMul.of(Epilogue.STORE, new Part(down, f, g, null)),
            new Add(g, x),
            MatMul.of(Epilogue.ADD, new Part(down, f, x, null)),
            new RmsNorm(x, "norm", width, 1e-6f, last, null, false),
            MatMul.of(Epilogue.STORE, new Part(out, last, logits, "outBias")),
            new Select(logits, tileMax, 4f));
    Program program = new Program(code, heads, kv, vocabulary, logits, tileMax);
    int[] prompt = Replay.prompt(random.nextLong(), 21, 33);
    Reference reference = new Reference(program, w::tensor, prompt);
    float[][] expected = reference.run();
    for (Machine machine : Rig.machines("every option")) {
      try (Rig rig = new Rig(w, program, machine, 2, LIMITS)) {
        assertSame(machine, expected, Replay.logits(rig, prompt, 9));
        float[] tiles = rig.executable().tileMax(2).toArray(ValueLayout.JAVA_FLOAT);
        assertThat(bits(tiles)).isEqualTo(bits(reference.floats(tileMax)[20]));
      }
    }
  }

  private static Random seeded(String test) {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println(test + ": -Dvtc.seed=" + seed);
    return new Random(seed);
  }

  /**
   * One product of every format against sums in double over what {@link Decoder} says the weights
   * are and what rule 3 makes of the activations.
   */
  @ParameterizedTest
  @EnumSource(TvlFormat.class)
  void productOfEveryFormat(TvlFormat format) {
    Random random = seeded("product of " + format);
    for (int rows : new int[] {1, 16, 65, 131}) {
      for (int columns : columns(format)) {
        product(random, format, rows, columns);
      }
    }
  }

  private static int[] columns(TvlFormat format) {
    return switch (format.source().blockSize()) {
      case 1 -> new int[] {1, 63, 172};
      case 32 -> new int[] {32, 96, 576};
      default -> new int[] {256, 768};
    };
  }

  private static void product(Random random, TvlFormat format, int rows, int columns) {
    int tokens = 5;
    TestWeights w = new TestWeights();
    Matrix table = w.matrix(random, "table", DType.F32, tokens, columns);
    Matrix m = w.matrix(random, "m", format.source(), rows, columns);
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, columns);
    Buffer q = new Buffer("q", Type.Q8, Rows.TOKENS, columns);
    Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, rows);
    Buffer tileMax = new Buffer("tileMax", Type.F32, Rows.WANTED, Math.ceilDiv(rows, 64));
    Buffer in = format.isDense() ? x : q;
    List<Instruction> code = new ArrayList<>();
    code.add(new Embed(table, x, 1));
    if (!format.isDense()) {
      code.add(new Quantize(x, q));
    }
    code.add(MatMul.of(Epilogue.STORE, new Part(m, in, logits, null)));
    code.add(new Select(logits, tileMax, 0));
    KvLayout kv = new KvLayout(1, 1, 2, KvType.F16);
    Program program = new Program(code, 1, kv, rows, logits, tileMax);
    // A table of five rows; a machine may check ids against the number of logits.
    int[] prompt = {3 % rows, 0, 4 % rows, 1 % rows, 2 % rows};
    double[][] exact = new double[tokens][rows];
    double[][] bound = new double[tokens][rows];
    for (int t = 0; t < tokens; t++) {
      float[] a = new float[columns];
      Decoder.decodeRow(w.tensor("table"), prompt[t], a, 0);
      sums(w.tensor("m"), format.isDense() ? widen(a) : quantized(a), exact[t], bound[t]);
    }
    for (Machine machine : Machines.supported(CpuFeatures.detect())) {
      try (Rig rig = new Rig(w, program, machine, 2, LIMITS)) {
        float[][] y = Replay.logits(rig, prompt, 9);
        for (int t = 0; t < tokens; t++) {
          for (int r = 0; r < rows; r++) {
            assertThat((double) y[t][r])
                .as("%s %s[%d,%d] token %d row %d", machine.name(), format, rows, columns, t, r)
                .isCloseTo(exact[t][r], org.assertj.core.data.Offset.offset(bound[t][r]));
          }
        }
      }
    }
  }

  /**
   * Exact sums, and how far a machine may be off: the running sum rounds at each column (or twice a
   * block), at most by 2^-24 of the sum of magnitudes; scale, code and minimum round three times
   * more, and Decoder's own value is off by as much.
   */
  private static void sums(Tensor m, double[] x, double[] exact, double[] bound) {
    float[] row = new float[x.length];
    for (int r = 0; r < exact.length; r++) {
      Decoder.decodeRow(m, r, row, 0);
      double magnitude = 0;
      for (int k = 0; k < x.length; k++) {
        exact[r] += row[k] * x[k];
        // Code and minimum of a K type or of Q4_1 may cancel: both parts count, not their
        // difference, and neither is larger than twice the largest weight of the row.
        magnitude += Math.abs(row[k] * x[k]) + 4 * largest(row) * Math.abs(x[k]);
      }
      bound[r] = (x.length + 8) * 0x1p-24 * magnitude;
    }
  }

  private static double largest(float[] row) {
    double max = 0;
    for (float w : row) {
      max = Math.max(max, Math.abs(w));
    }
    return max;
  }

  private static double[] widen(float[] a) {
    double[] x = new double[a.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = a[i];
    }
    return x;
  }

  /** Rule 3, and back. */
  private static double[] quantized(float[] a) {
    double[] x = new double[a.length];
    for (int b = 0; b < a.length; b += 32) {
      float max = 0;
      for (int i = b; i < b + 32; i++) {
        max = Math.max(max, Math.abs(a[i]));
      }
      for (int i = b; i < b + 32; i++) {
        x[i] = Math.rint(a[i] * (127 / max)) * (double) (max / 127);
      }
    }
    return x;
  }
}
