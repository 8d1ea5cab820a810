package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Rope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * JMH: the instructions that read no weights, in SmolLM2-135M's shape (width 576, 9 heads of 64
 * that share 3 key/value heads), on one thread. A step is {@link #REPEATS} of the same instruction;
 * one number is the time of all of them, the call and an embedding included, which {@code NOTHING}
 * measures alone. The machine is $VTC_MACHINE or the fastest.
 *
 * <pre>
 * java -cp 'vtc-bench/target/classes:vtc-app/target/vtc.jar:vtc-bench/target/lib/*' \
 *     org.openjdk.jmh.Main RowBenchmarks -p kernel=ATTEND -p tokens=1
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class RowBenchmarks {
  /** So many that the call of a step, some microseconds, is a small part. */
  private static final int REPEATS = 30;

  private static final int WIDTH = 576;
  private static final int HEADS = 9;
  private static final int HEAD_DIM = 64;
  private static final KvLayout KV = new KvLayout(1, 3, HEAD_DIM, KvType.F16);

  /** Positions behind the step's first token. */
  private static final int POSITION = 1024;

  /** What is timed. */
  public enum Kernel {
    NOTHING,
    RMS_NORM_QUANTIZE,
    QUANTIZE,
    ADD,
    ROPE_STORE_KV,
    ATTEND,
    SELECT
  }

  @Param Kernel kernel = Kernel.NOTHING;

  @Param({"1", "64"})
  int tokens;

  private ThreadTeam team = new ThreadTeam(1);
  private BenchProgram program = compile(Kernel.NOTHING, 1, team);

  private static BenchProgram compile(Kernel kernel, int tokens, ThreadTeam team) {
    BenchProgram.Draft draft = new BenchProgram.Draft(WIDTH);
    Buffer x = draft.input();
    Buffer q8 = new Buffer("q8", Type.Q8, Rows.TOKENS, WIDTH);
    Buffer y = new Buffer("y", Type.F32, Rows.TOKENS, WIDTH);
    Buffer k = new Buffer("k", Type.F32, Rows.TOKENS, KV.kvHeads() * HEAD_DIM);
    Buffer tiles = new Buffer("tiles", Type.F32, Rows.TOKENS, Math.ceilDiv(WIDTH, Select.TILE));
    double[] frequencies = new double[HEAD_DIM / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(10_000, -2.0 * i / HEAD_DIM);
    }
    Rope rope = new Rope(Rope.Style.ADJACENT, frequencies, 1);
    for (int i = 0; i < REPEATS; i++) {
      switch (kernel) {
        case NOTHING -> {}
        case RMS_NORM_QUANTIZE -> draft.add(new RmsNorm(x, "norm", WIDTH, 1e-5f, null, q8, false));
        case QUANTIZE -> draft.add(new Quantize(x, q8));
        case ADD -> draft.add(new Add(x, y));
        case ROPE_STORE_KV -> draft.add(new RopeStoreKv(x, k, k, 0, rope));
        case ATTEND -> draft.add(new Attend(x, null, q8, 0, 0.125f, 0, 0));
        case SELECT -> draft.add(new Select(x, tiles, 0));
      }
    }
    return new BenchProgram(
        draft, Machines.choose(null, CpuFeatures.detect()), HEADS, KV, x, tokens, POSITION, team);
  }

  @Setup
  public void compile() {
    program.close();
    program = compile(kernel, tokens, team);
  }

  @Benchmark
  public void step() {
    program.run();
  }

  @TearDown
  public void close() {
    program.close();
    team.close();
  }
}
