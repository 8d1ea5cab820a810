package dev.vtc.app.lab.layout;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.java.JavaMachine;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All layouts and kernels compute one product, on every machine that this CPU has. */
class LayoutKernelTest {
  private static final long SEED = 20261126;
  private static final int ROWS = 48;
  private static final float GUARD = 1e30f;

  static List<LaneMachine> machines() {
    CpuFeatures cpu = CpuFeatures.detect();
    List<LaneMachine> lanes = new ArrayList<>();
    for (Machine m : Machines.supported(cpu)) {
      if (m instanceof LaneMachine l) {
        lanes.add(l);
      }
    }
    return lanes;
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void scalarsAndPanelsGiveTheBitsOfThePortableMachineAndRowVectorsAreWithinTheirBound(
      WeightFormat format) {
    assertThat(machines()).as("machines that emit code").isNotEmpty();
    for (int columns : new int[] {64, 192, 768, 2048}) {
      try (Arena arena = Arena.ofConfined()) {
        LayoutWeights weights = new LayoutWeights(format, ROWS, columns, SEED + columns, arena);
        float[] x = LayoutWeights.vector(columns, 1.5f, new SplittableRandom(SEED));
        Activations activations = new Activations(x, arena);
        float[] expected = portable(format, weights, x);
        double[] bounds = bounds(weights, columns, activations);
        for (LaneMachine machine : machines()) {
          for (Variant variant : Variant.values()) {
            String what =
                machine.name() + " " + format + " " + variant + " " + columns + ", seed " + SEED;
            float[] actual = product(machine, format, variant, weights, columns, activations);
            if (variant == Variant.ROW_SIMD) {
              for (int r = 0; r < ROWS; r++) {
                assertThat(Math.abs((double) actual[r] - expected[r]))
                    .as(what + ", row " + r)
                    .isLessThanOrEqualTo(bounds[r]);
              }
            } else {
              assertThat(actual).as(what).isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  /** In two calls, of 16 and the other rows, with guards behind what may be written. */
  private static float[] product(
      LaneMachine machine,
      WeightFormat format,
      Variant variant,
      LayoutWeights weights,
      int columns,
      Activations x) {
    try (Arena arena = Arena.ofConfined();
        LayoutKernel kernel = new LayoutKernel(machine, format, variant, ROWS, columns)) {
      int count = (int) kernel.resultBytes() / Float.BYTES;
      MemorySegment y = arena.allocate(kernel.resultBytes() + 64, 64);
      for (int i = 0; i < count + 16; i++) {
        y.setAtIndex(JAVA_FLOAT, i, GUARD);
      }
      MemorySegment result = y.asSlice(0, kernel.resultBytes());
      kernel.run(weights.bytes(variant), x, result, 16, ROWS);
      assertThat(y.getAtIndex(JAVA_FLOAT, 0)).as("rows that were not asked for").isEqualTo(GUARD);
      kernel.run(weights.bytes(variant), x, result, 0, 16);
      assertThat(y.getAtIndex(JAVA_FLOAT, count)).as("behind the results").isEqualTo(GUARD);
      float[] values = new float[ROWS];
      MemorySegment.copy(y, JAVA_FLOAT, 0, values, 0, ROWS);
      return values;
    }
  }

  /** The product as a program of the portable machine. */
  private static float[] portable(WeightFormat format, LayoutWeights weights, float[] x) {
    int columns = x.length;
    try (Arena arena = Arena.ofShared();
        ThreadTeam team = new ThreadTeam(1)) {
      TvlFormat tvl = format.tvl();
      PackedTensor w =
          new PackedTensor(
              "w", tvl, ROWS, columns, tvl.panelBytes(columns), weights.bytes(Variant.TVL_SIMD));
      MemorySegment rows = arena.allocate(TvlFormat.F32.bytes(16, columns), 64);
      for (int c = 0; c < columns; c++) {
        rows.setAtIndex(JAVA_FLOAT, 16L * c, x[c]);
      }
      PackedTensor table =
          new PackedTensor(
              "table", TvlFormat.F32, 16, columns, TvlFormat.F32.panelBytes(columns), rows);
      Buffer in = new Buffer("x", Type.F32, Rows.TOKENS, columns);
      Buffer q = new Buffer("q", Type.Q8, Rows.TOKENS, columns);
      Buffer y = new Buffer("y", Type.F32, Rows.TOKENS, ROWS);
      List<Instruction> code = new ArrayList<>();
      code.add(new Embed(Matrix.of(table), in, 1));
      if (!tvl.isDense()) {
        code.add(new Quantize(in, q));
      }
      code.add(MatMul.of(Epilogue.STORE, new Part(Matrix.of(w), tvl.isDense() ? in : q, y, null)));
      KvLayout kv = new KvLayout(1, 1, 64, KvType.F16);
      Program program = new Program(code, 1, kv, 16, y, y);
      Map<String, PackedTensor> tensors = Map.of("w", w, "table", table);
      Limits limits = new Limits(1, 1, 1, 1);
      try (Executable executable =
              new JavaMachine().compile(program, source(tensors), limits, team);
          PagePool pool = new PagePool(kv, 1L << 24);
          SequencePages pages = new SequencePages(pool)) {
        pages.reserve(0, 1);
        Step step = new Step(limits);
        step.add(new int[1], 0, 1, 0, pages, 1);
        executable.run(step);
        float[] values = new float[ROWS];
        MemorySegment.copy(executable.row(y, 0), JAVA_FLOAT, 0, values, 0, ROWS);
        return values;
      }
    }
  }

  private static Weights source(Map<String, PackedTensor> tensors) {
    return new Weights() {
      @Override
      public PackedTensor matrix(String name) {
        return java.util.Objects.requireNonNull(tensors.get(name));
      }

      @Override
      public MemorySegment vector(String name) {
        throw new AssertionError(name);
      }
    };
  }

  /**
   * How far two orders of one sum can be apart: each is within γ(n)·Σ|w·x| of the exact sum, γ(n) =
   * n·u / (1 - n·u), u = 2^-24, with n the roundings that a term may meet (N. Higham, Accuracy and
   * Stability of Numerical Algorithms, 3.1): as many as there are terms, and three more for a
   * block's scale and the fold.
   */
  private static double[] bounds(LayoutWeights weights, int columns, Activations x) {
    double n = (columns + 3) * 0x1p-24;
    double gamma = n / (1 - n);
    double[] bounds = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      bounds[r] = 2 * gamma * weights.magnitude(r, x);
    }
    return bounds;
  }
}
