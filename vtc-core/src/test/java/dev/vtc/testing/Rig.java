package dev.vtc.testing;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.kv.PagePool;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Profile;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.model.Architectures;
import dev.vtc.model.ModelConfig;
import dev.vtc.model.PackedWeights;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.tvl.PackPlan;
import dev.vtc.tvl.PackedExtras;
import dev.vtc.tvl.PackedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program on a machine, without the engine above it. */
public final class Rig implements AutoCloseable {
  /** A packed model and its program. */
  public record Loaded(PackedWeights weights, Program program) implements AutoCloseable {
    @Override
    public void close() {
      weights.packed().close();
    }
  }

  private final ThreadTeam team;
  private final Executable executable;
  private final PagePool pool;
  private final Limits limits;

  public Rig(Loaded model, Machine machine, int threads, Limits limits) {
    this(model.weights, model.program, machine, threads, limits);
  }

  /** A program over weights that outlive this rig. */
  public Rig(
      dev.vtc.program.Weights weights,
      Program program,
      Machine machine,
      int threads,
      Limits limits) {
    this(weights, program, machine, threads, limits, null);
  }

  /**
   * A program that is measured while it runs.
   *
   * @param profile of that program and number of threads, or null
   */
  public Rig(
      dev.vtc.program.Weights weights,
      Program program,
      Machine machine,
      int threads,
      Limits limits,
      @Nullable Profile profile) {
    this.limits = limits;
    team = new ThreadTeam(threads);
    executable = machine.compile(program, weights, limits, team, profile);
    pool = new PagePool(program.kv(), Long.MAX_VALUE);
  }

  /** Reads and packs a model file in memory. */
  public static Loaded load(Path file, KvType kvType) {
    return load(file, kvType, 256);
  }

  /**
   * Reads and packs a model file in memory.
   *
   * @param context for how many positions the program is built
   */
  public static Loaded load(Path file, KvType kvType, int context) {
    try {
      ModelSource source = ModelSources.open(file);
      PackedModel packed =
          PackedModel.inMemory(
              source,
              PackPlan.byNames(source.tensors()),
              PackedExtras.NONE,
              1,
              (done, total) -> {});
      ModelConfig config =
          ModelConfig.read(packed.metadata(), packed.matrix("token_embd.weight").rows());
      PackedWeights weights = new PackedWeights(packed);
      Program program = Architectures.build(config, packed.metadata(), weights, kvType, context);
      return new Loaded(weights, program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All machines that this CPU runs; prints which are and which are not. */
  public static List<Machine> machines(String test) {
    CpuFeatures cpu = CpuFeatures.detect();
    List<String> ran = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Machine m : Machines.all()) {
      (m.supported(cpu) ? ran : skipped).add(m.name());
    }
    System.out.println(
        test + ": machines " + ran + (skipped.isEmpty() ? "" : "; this CPU lacks " + skipped));
    return Machines.supported(cpu);
  }

  public Executable executable() {
    return executable;
  }

  public PagePool pool() {
    return pool;
  }

  public Limits limits() {
    return limits;
  }

  @Override
  public void close() {
    executable.close();
    team.close();
    pool.close();
  }
}
