package dev.vtc.machine.java;

import dev.vtc.machine.ActivationMemory;
import dev.vtc.machine.Barrier;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Profile;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.Matrix;
import dev.vtc.program.PageTable;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import dev.vtc.program.Weights;
import dev.vtc.tvl.PackedTensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A program as the portable machine runs it: every thread goes through the instructions in order,
 * claims units of work of each with a counter, and meets the others before the next.
 */
final class JavaExecutable implements Executable, ThreadTeam.Task, Runnable {
  /**
   * Threads claim about this many times an instruction: enough to even out a thread that is
   * descheduled.
   */
  private static final int CLAIMS_PER_THREAD = 8;

  private final Program program;
  private final ThreadTeam team;
  private final ActivationMemory activations;
  private final Map<Buffer, MemorySegment> memory = new HashMap<>();
  private final Map<String, PackedTensor> matrices = new HashMap<>();
  private final Map<String, MemorySegment> vectors = new HashMap<>();
  private final Instruction[] code;
  private final Products[] products;
  private final Vectors[] rows;
  private final Attention[] attentions;
  private final Experts[] experts;
  private final RopeAngles[] angles;
  private final Barrier barrier;
  private final AtomicInteger claimed = new AtomicInteger();
  private final int[] runOfToken;
  private final int slots;
  private final @Nullable Profile profile;
  private @Nullable Step step;

  JavaExecutable(
      Program program, Weights weights, Limits limits, ThreadTeam team, @Nullable Profile profile) {
    this.program = program;
    this.team = team;
    this.profile = profile;
    if (profile != null) {
      profile.attach(program, team.threads(), 1);
    }
    activations = new ActivationMemory(program, limits);
    code = program.instructions().toArray(Instruction[]::new);
    slots = program.slots();
    int width = 0;
    int mostExperts = 0;
    for (Buffer b : program.buffers()) {
      memory.put(b, activations.of(b));
      width = Math.max(width, b.width());
    }
    for (Instruction i : code) {
      resolve(i, weights);
      mostExperts = i instanceof Group g ? Math.max(mostExperts, g.experts()) : mostExperts;
    }
    int threads = team.threads();
    barrier = new Barrier(threads);
    products = new Products[threads];
    rows = new Vectors[threads];
    attentions = new Attention[threads];
    experts = new Experts[threads];
    for (int t = 0; t < threads; t++) {
      products[t] = new Products(Math.max(limits.tokens(), limits.wanted()));
      rows[t] = new Vectors(width);
      attentions[t] = new Attention(program, limits.positions());
      experts[t] = new Experts(mostExperts);
    }
    angles =
        program.ropes().stream()
            .map(r -> new RopeAngles(r, limits.positions()))
            .toArray(RopeAngles[]::new);
    runOfToken = new int[limits.tokens()];
  }

  private void resolve(Instruction instruction, Weights weights) {
    for (Matrix m : instruction.matrices()) {
      matrices.put(m.name(), weights.matrix(m.name()));
    }
    switch (instruction) {
      case Embed e -> matrices.put(e.table().name(), weights.matrix(e.table().name()));
      case RmsNorm r -> vectors.put(r.weight(), weights.vector(r.weight()));
      case MatMul m -> {
        for (Instruction.Part p : m.parts()) {
          if (p.bias() != null) {
            vectors.put(p.bias(), weights.vector(p.bias()));
          }
        }
      }
      default -> {}
    }
  }

  PackedTensor matrix(Matrix m) {
    return Objects.requireNonNull(matrices.get(m.name()));
  }

  MemorySegment vector(String name) {
    return Objects.requireNonNull(vectors.get(name));
  }

  MemorySegment memory(Buffer buffer) {
    return Objects.requireNonNull(memory.get(buffer));
  }

  @Override
  public void run(Step next) {
    for (int r = 0; r < next.runs(); r++) {
      for (int i = 0; i < next.runCount(r); i++) {
        runOfToken[next.runFirst(r) + i] = r;
      }
    }
    for (RopeAngles a : angles) {
      a.prepare(next);
    }
    step = next;
    barrier.reset();
    claimed.set(0);
    team.run(this);
    step = null;
  }

  /** Between two instructions, by one thread while the others wait. */
  @Override
  public void run() {
    claimed.set(0);
  }

  @Override
  public void run(int thread) {
    try {
      Step now = Objects.requireNonNull(step);
      long time = profile == null ? 0 : System.nanoTime();
      for (int i = 0; i < code.length; i++) {
        Instruction instruction = code[i];
        int units = units(instruction, now);
        int chunk = Math.max(1, units / (team.threads() * CLAIMS_PER_THREAD));
        for (int from = claimed.getAndAdd(chunk); from < units; from = claimed.getAndAdd(chunk)) {
          time = lap(thread, i, Profile.WAIT, time);
          for (int unit = from; unit < Math.min(units, from + chunk); unit++) {
            execute(instruction, unit, now, thread);
          }
          time = lap(thread, i, Profile.WORK, time);
        }
        barrier.await(this);
        time = lap(thread, i, Profile.WAIT, time);
      }
    } catch (Throwable t) { // the others must not wait for this thread
      barrier.breakOff();
      throw t;
    }
  }

  /** Adds the time since {@code before} to a column of the profile, if there is one. */
  private long lap(int thread, int instruction, int column, long before) {
    if (profile == null) {
      return before;
    }
    long time = System.nanoTime();
    profile.add(thread, instruction, column, time - before);
    return time;
  }

  private int units(Instruction instruction, Step now) {
    return switch (instruction) {
      case MatMul m -> productUnits(m, now);
      case Attend _ -> now.tokens() * program.kv().kvHeads();
      case RmsNorm r -> rows(target(r), now);
      case Select s -> now.wanted() * Math.ceilDiv(s.logits().width(), Select.TILE);
      case Quantize q -> rows(q.in().rows(), now);
      case Add a -> rows(a.in().rows(), now);
      case Group _ -> 1;
      case Embed _, RopeStoreKv _, Route _, Dispatch _, Combine _ -> now.tokens();
    };
  }

  private int productUnits(MatMul m, Step now) {
    int rows = rows(m.rows(), now);
    int copies = m.experts() == null ? 1 : Math.min(m.experts().count(), rows);
    return rows == 0 ? 0 : copies * Products.units(m);
  }

  private static Buffer.Rows target(RmsNorm r) {
    return Objects.requireNonNull(r.out() != null ? r.out() : r.quantized()).rows();
  }

  private int rows(Buffer.Rows rows, Step now) {
    return switch (rows) {
      case TOKENS -> now.tokens();
      case WANTED -> now.wanted();
      case SLOTS -> now.tokens() * slots;
      case STEP -> 1;
    };
  }

  private void execute(Instruction instruction, int unit, Step now, int thread) {
    switch (instruction) {
      case Embed e -> rows[thread].embed(e, now.id(unit), unit, this);
      case RmsNorm r -> {
        boolean gather = r.in().rows() == Buffer.Rows.TOKENS && target(r) == Buffer.Rows.WANTED;
        rows[thread].norm(r, gather ? now.wanted(unit) : unit, unit, this);
      }
      case Quantize q -> rows[thread].quantize(q, unit, this);
      case MatMul m -> products[thread].run(m, unit, rows(m.rows(), now), this);
      case RopeStoreKv r ->
          attentions[thread].ropeAndStore(
              r, now, unit, pages(now, unit), angles(r.queryRope()), angles(r.rope()), this);
      case Attend a -> {
        int kvHeads = program.kv().kvHeads();
        int token = unit / kvHeads;
        attentions[thread].attend(a, now, token, unit % kvHeads, pages(now, token), this);
      }
      case Add a -> rows[thread].add(a, unit, this);
      case Route r -> experts[thread].route(r, unit, this);
      case Group g -> experts[thread].group(g, now.tokens(), this);
      case Dispatch d -> experts[thread].dispatch(d, unit, this);
      case Combine c -> experts[thread].combine(c, unit, this);
      case Select s -> {
        int tiles = Math.ceilDiv(s.logits().width(), Select.TILE);
        Vectors.select(s, unit / tiles, unit % tiles, this);
      }
    }
  }

  private @Nullable RopeAngles angles(@Nullable Rope rope) {
    for (RopeAngles a : angles) {
      if (a.rope().equals(rope)) {
        return a;
      }
    }
    return null;
  }

  private PageTable pages(Step now, int token) {
    return now.runPages(runOfToken[token]);
  }

  @Override
  public MemorySegment logits(int i) {
    return activations.logits(i);
  }

  @Override
  public MemorySegment tileMax(int i) {
    return activations.tileMax(i);
  }

  @Override
  public MemorySegment row(Buffer buffer, int i) {
    return activations.row(buffer, i);
  }

  @Override
  public long allocatedBytes() {
    return activations.bytes();
  }

  @Override
  public void close() {
    activations.close();
  }
}
