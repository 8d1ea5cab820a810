package dev.vtc.machine.lanes;

import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.Matrix;
import dev.vtc.tvl.TvlFormat;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every machine's norms, quantization, addition and selection against the portable machine's. */
class RowKernelTest {
  private static final float EPS = 1e-5f;

  /** Blocks of zeros, of numbers below the floor, denormal, and of huge ones among the others. */
  private static void extremes(float[] row) {
    for (int b = 0; b < row.length; b += 32) {
      float factor =
          switch (b / 32 % 8) {
            case 1 -> 0f;
            case 2 -> 1e-42f;
            case 3 -> 0x1p-101f;
            case 4 -> 1e35f;
            case 5 -> -0f;
            default -> 1f;
          };
      for (int i = b; i < Math.min(row.length, b + 32); i++) {
        row[i] *= factor;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void embeddingsOfEveryFormat(TvlFormat format) {
    Random random = Rig.seeded("embed " + format);
    int[] columns =
        switch (format.source().blockSize()) {
          case 1 -> new int[] {1, 15, 16, 17, 63, 64, 65, 172, 576};
          case 32 -> new int[] {32, 64, 96, 576};
          default -> new int[] {256, 768};
        };
    for (int width : Amount.of(random, columns)) {
      try (ThreadTeam team = new ThreadTeam(2);
          Rig rig = new Rig(random)) {
        Matrix table = rig.weights.matrix(format, Rig.VOCABULARY, width);
        rig.add(new Embed(table, rig.output("plain", Type.F32, width), 1));
        rig.add(new Embed(table, rig.output("scaled", Type.F32, width), 2.5f));
        rig.check(team, 1, 2, 31);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 31, 32, 33, 48, 63, 64, 172, 256, 300, 576})
  void normsOfWholeRows(int width) {
    Random random = Rig.seeded("norms");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", width);
      String w = rig.weights.vector(width);
      Buffer dense = rig.output("dense", Type.F32, width);
      Buffer quantized = rig.output("quantized", Type.Q8, width);
      rig.add(new RmsNorm(x, w, width, EPS, dense, null, false));
      rig.add(new RmsNorm(x, w, width, EPS, null, quantized, false));
      Buffer dense2 = rig.output("dense of both", Type.F32, width);
      Buffer quantized2 = rig.output("quantized of both", Type.Q8, width);
      rig.add(new RmsNorm(x, w, width, EPS, dense2, quantized2, false));
      Buffer sum = rig.inOut("sum", width);
      Buffer quantizedSum = rig.output("quantized sum", Type.Q8, width);
      rig.add(new RmsNorm(x, w, width, EPS, sum, quantizedSum, true));
      Buffer wanted = rig.output("wanted", Type.F32, Rows.WANTED, width);
      Buffer wanted8 = rig.output("wanted.q8", Type.Q8, Rows.WANTED, width);
      rig.add(new RmsNorm(x, w, width, EPS, wanted, wanted8, false));
      Buffer changed = rig.inOut("in place", width);
      rig.add(new RmsNorm(changed, w, width, EPS, changed, null, false));
      rig.check(team, 1, 2, 5, 31);
    }
  }

  @ParameterizedTest
  @CsvSource({"9,8", "4,16", "3,20", "5,32", "2,64", "3,80", "2,128", "7,1"})
  void normsOfHeads(int heads, int dim) {
    Random random = Rig.seeded("head norms");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      int width = heads * dim;
      Buffer x = rig.input("x", width);
      String w = rig.weights.vector(dim);
      Buffer out = rig.output("out", Type.F32, width);
      rig.add(new RmsNorm(x, w, dim, EPS, out, null, false));
      Buffer changed = rig.inOut("in place", width);
      rig.add(new RmsNorm(changed, w, dim, EPS, changed, null, false));
      Buffer sum = rig.inOut("sum", width);
      rig.add(new RmsNorm(x, w, dim, EPS, sum, null, true));
      if (dim % 32 == 0) {
        Buffer quantized = rig.output("quantized", Type.Q8, width);
        rig.add(new RmsNorm(x, w, dim, EPS, null, quantized, false));
      }
      rig.check(team, 1, 3, 31);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 31, 32, 33, 48, 63, 172, 256, 576})
  void quantizationAndAddition(int width) {
    Random random = Rig.seeded("quantize");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", width);
      Buffer q = rig.output("q", Type.Q8, width);
      rig.add(new Quantize(x, q));
      Buffer sum = rig.inOut("sum", width);
      rig.add(new Add(x, sum));
      rig.content((_, row) -> extremes(row));
      rig.check(team, 1, 2, 31);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,0", "15,0", "63,0", "64,0", "65,0", "100,0", "4095,0", "4096,0", "4097,0", "8300,0", "1,30",
    "100,30", "4160,30", "8300,5"
  })
  void selection(int vocabulary, float softcap) {
    Random random = Rig.seeded("select");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      Buffer logits = rig.input("logits", Rows.WANTED, vocabulary);
      Buffer max = rig.output("max", Type.F32, Rows.WANTED, Math.ceilDiv(vocabulary, Select.TILE));
      if (softcap > 0) {
        Buffer capped = rig.output("capped", Type.F32, Rows.WANTED, vocabulary);
        rig.add(new Add(logits, capped));
        rig.add(new Select(capped, max, softcap));
        rig.logits(capped, max);
      } else {
        rig.add(new Select(logits, max, softcap));
        rig.logits(logits, max);
      }
      rig.zerosAreEqual();
      float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e38f};
      rig.content((_, row) -> {
        if (row[0] < 0) {
          return; // an ordinary row
        }
        int bits = Float.floatToRawIntBits(row[0]);
        int at = (bits & 0xffff) % row.length;
        row[at] = odd[(bits >>> 16) % odd.length];
        if (row[0] > 1) {
          Arrays.fill(row, 0, Math.min(128, row.length), -Math.abs(row[0]));
        }
      });
      rig.check(team, 1, 2, 3, 8, 31);
    }
  }

  /** What is not finite in an activation reaches every result made of it. */
  @ParameterizedTest
  @ValueSource(ints = {17, 64, 172})
  void notANumberStaysNotANumber(int width) {
    Random random = Rig.seeded("NaN");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", width);
      rig.content((_, row) -> row[row.length / 2] = Float.NaN);
      Buffer out = rig.output("out", Type.F32, width);
      String w = rig.weights.vector(width);
      rig.add(new RmsNorm(x, w, width, EPS, out, null, false));
      rig.check(team, 1, 2, 31);
    }
  }
}
