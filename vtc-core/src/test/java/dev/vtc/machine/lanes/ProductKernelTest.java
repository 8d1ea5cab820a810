package dev.vtc.machine.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.x64.X64Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Matrix;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every machine's products against the portable machine's. */
class ProductKernelTest {
  private static final int[] TOKENS = {1, 2, 3, 4, 5, 7, 8, 12, 13, 31};
  private static final int[] ROWS = {1, 15, 16, 17, 33, 65, 172};

  @Test
  void aNativeMachineIsTestedWhereThereIsOne() {
    CpuFeatures cpu = CpuFeatures.detect();
    System.out.println(
        "native machines tested: " + Rig.NATIVE.stream().map(m -> m.name()).toList());
    if (cpu.avx2()) {
      assertThat(Rig.NATIVE).extracting(m -> m.name()).contains("x64-avx2");
    }
  }

  /** Emission alone shows an exhausted register pool; it needs no CPU that runs the code. */
  @Test
  void everyMachineEmitsEveryFormat() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch", "").equals("amd64"), "code of another CPU is not emitted");
    for (Machine machine : X64Machines.all()) {
      for (TvlFormat format : TvlFormat.values()) {
        try (ThreadTeam team = new ThreadTeam(1);
            Rig rig = new Rig(new Random(1))) {
          Buffer.Type type = format.isDense() ? Type.F32 : Type.Q8;
          Buffer in = rig.output("in", type, 256);
          Buffer out = rig.output("out", Type.F32, 17);
          Part part = new Part(rig.weights.matrix(format, 17, 256), in, out, null);
          rig.add(MatMul.of(Epilogue.STORE, part));
          assertThat(rig.codeBytes(machine, team)).as(machine.name()).isPositive();
        }
      }
    }
  }

  private static int[] columns(TvlFormat format) {
    return switch (format.source().blockSize()) {
      case 1 -> new int[] {64, 96, 172, 320};
      case 32 -> new int[] {64, 96, 320, 576};
      default -> new int[] {256, 768};
    };
  }

  @ParameterizedTest
  @EnumSource
  void productsAreThoseOfThePortableMachine(TvlFormat format) {
    Random random = Rig.seeded("products " + format);
    try (ThreadTeam team = new ThreadTeam(2)) {
      int[] columns = columns(format);
      for (int rows : Amount.of(random, ROWS)) {
        check(random, team, format, rows, columns[random.nextInt(columns.length)]);
      }
      for (int k : columns) {
        if (Amount.oneIn(random, 6)) {
          check(random, team, format, random.nextInt(2, 100), k);
        }
      }
    }
  }

  /** Each epilogue once: bias and scale, two parts in one go, both results of a gated product. */
  private static void check(
      Random random, ThreadTeam team, TvlFormat format, int rows, int columns) {
    try (Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", columns);
      Buffer in = x;
      if (!format.isDense()) {
        in = rig.output("x.q8", Type.Q8, columns);
        rig.add(new Quantize(x, in));
      }
      Matrix a = rig.weights.matrix(format, rows, columns);
      Matrix b = rig.weights.matrix(format, rows, columns, 3);
      Matrix c = rig.weights.matrix(format, 40, columns);
      Buffer stored = rig.output("stored", Type.F32, rows);
      Buffer other = rig.output("other", Type.F32, 40);
      rig.add(
          MatMul.of(
              Epilogue.STORE,
              new Part(a, in, stored, rig.weights.vector(rows)),
              new Part(c, in, other, null)));
      Buffer scaled = rig.output("scaled", Type.F32, rows);
      Part biased = new Part(b, in, scaled, rig.weights.vector(rows));
      rig.add(new MatMul(List.of(biased), Epilogue.STORE, null, null, 0.7f));
      Buffer added = rig.inOut("added", rows);
      rig.add(MatMul.of(Epilogue.ADD, new Part(b, in, added, null)));
      Buffer gated = rig.output("gated", Type.F32, rows);
      Buffer quantized = rig.output("gated.q8", Type.Q8, rows);
      List<Part> parts = List.of(new Part(a, in, null, null), new Part(b, in, null, null));
      rig.add(new MatMul(parts, Epilogue.SWIGLU, gated, quantized, 1));
      Buffer gated2 = rig.output("gelu", Type.F32, rows);
      rig.add(new MatMul(parts, Epilogue.GEGLU, gated2, null, 0.3f));
      for (int biases = 1; biases <= 3; biases++) {
        String gateBias = (biases & 1) != 0 ? rig.weights.vector(rows) : null;
        String upBias = (biases & 2) != 0 ? rig.weights.vector(rows) : null;
        List<Part> biasedParts =
            List.of(new Part(a, in, null, gateBias), new Part(b, in, null, upBias));
        Buffer out = rig.output("biased " + biases, Type.F32, rows);
        Buffer outQ8 = rig.output("biased.q8 " + biases, Type.Q8, rows);
        rig.add(new MatMul(biasedParts, Epilogue.SWIGLU, out, outQ8, biases == 2 ? 0.3f : 1));
      }
      Buffer quantized2 = rig.output("gelu.q8", Type.Q8, rows);
      rig.add(new MatMul(parts.reversed(), Epilogue.GEGLU, null, quantized2, 1));
      try {
        rig.check(team, Amount.some(random, TOKENS));
      } catch (AssertionError e) {
        throw new AssertionError(format + " [" + rows + ", " + columns + "], " + e.getMessage(), e);
      }
    }
  }

  /** Gate and up of different formats share their tiles of tokens. */
  @Test
  void gateAndUpMayHaveDifferentFormats() {
    Random random = Rig.seeded("mixed formats");
    try (ThreadTeam team = new ThreadTeam(2);
        Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", 256);
      Buffer in = rig.output("x.q8", Type.Q8, 256);
      rig.add(new Quantize(x, in));
      Matrix gate = rig.weights.matrix(TvlFormat.Q4, 65, 256);
      Matrix up = rig.weights.matrix(TvlFormat.Q6K, 65, 256);
      List<Part> parts = List.of(new Part(gate, in, null, null), new Part(up, in, null, null));
      Buffer out = rig.output("gated", Type.F32, 65);
      rig.add(new MatMul(parts, Epilogue.SWIGLU, out, null, 1));
      rig.check(team, TOKENS);
    }
  }

  /** Codes and activations as large as they get, where sums of 16 bits would overflow. */
  @ParameterizedTest
  @EnumSource
  void extremeActivationsDoNotOverflow(TvlFormat format) {
    Random random = Rig.seeded("extremes " + format);
    try (ThreadTeam team = new ThreadTeam(1);
        Rig rig = new Rig(random)) {
      Buffer x = rig.input("x", 256);
      Buffer in = x;
      if (!format.isDense()) {
        in = rig.output("x.q8", Type.Q8, 256);
        rig.add(new Quantize(x, in));
      }
      rig.content((b, row) -> {
        if (b.name().equals("x")) {
          Arrays.fill(row, row[0] < 0 ? 3f : -3f);
        }
      });
      Buffer out = rig.output("out", Type.F32, 65);
      Matrix w = rig.weights.matrix(format, 65, 256);
      // Every code of the even panels is the largest there is, of the odd ones the smallest.
      MemorySegment data = rig.weights.matrix(w.name()).data();
      int lines = format.linesPerGroup();
      int planes = format.scaleLines();
      long panel = format.panelBytes(256);
      for (int p = 0; p < 5 && !format.isDense(); p++) {
        for (int g = 0; g < 4; g++) {
          long unit =
              (long) (64 * g / format.unitColumns()) * format.linesPerUnit()
                  + format.superLines()
                  + (long) (g % format.groupsPerUnit()) * lines;
          for (int l = planes; l < lines; l++) {
            data.asSlice(p * panel + (unit + l) * 64, 64).fill((byte) (p % 2 == 0 ? 0xff : 0));
          }
        }
      }
      rig.add(MatMul.of(Epilogue.STORE, new Part(w, in, out, null)));
      rig.check(team, 1, 12);
    }
  }
}
