package dev.vtc.bench;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.tvl.TvlFormat;
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
 * JMH: one product [1536, 576] · x of every format, for one token, for a draft of eight and for a
 * prompt, on one thread and weights that stay in the caches: what kernels cost beside memory. The
 * machine is $VTC_MACHINE or the fastest.
 *
 * <pre>
 * java -cp 'vtc-bench/target/classes:vtc-app/target/vtc.jar:vtc-bench/target/lib/*' \
 *     org.openjdk.jmh.Main KernelBenchmarks -p format=Q4M -p tokens=1
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class KernelBenchmarks {
  private static final int ROWS = 1536;
  private static final int COLUMNS = 576;

  /** K types have units of 256 columns. */
  private static final int UNIT_COLUMNS = 768;

  @Param TvlFormat format = TvlFormat.Q8;

  @Param({"1", "8", "512"})
  int tokens;

  private ThreadTeam team = new ThreadTeam(1);
  private BenchProgram product = small(team);

  private static BenchProgram small(ThreadTeam team) {
    return BenchProgram.product(
        Machines.choose(null, CpuFeatures.detect()), TvlFormat.F32, 16, 64, 1, 1, team);
  }

  @Setup
  public void compile() {
    product.close();
    int columns = format.unitColumns() > TvlFormat.GROUP_COLUMNS ? UNIT_COLUMNS : COLUMNS;
    product =
        BenchProgram.product(
            Machines.choose(null, CpuFeatures.detect()), format, ROWS, columns, 1, tokens, team);
  }

  @Benchmark
  public void product() {
    product.run();
  }

  @TearDown
  public void close() {
    product.close();
    team.close();
  }
}
