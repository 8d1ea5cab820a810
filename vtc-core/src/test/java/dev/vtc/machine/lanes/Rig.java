package dev.vtc.machine.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.java.JavaMachine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.PageTable;
import dev.vtc.program.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * A tiny program, run by every machine of this CPU and by the portable one: what they leave in its
 * buffers must be the same, bit for bit.
 *
 * <p>Inputs are buffers that the rig fills with random numbers before a step; outputs those it
 * compares after it. Weights and pages lie in guarded memory.
 */
final class Rig implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  static final int VOCABULARY = 40;

  /** Native machines of this CPU; one of them where {@code vtc.machine} names it. */
  static final List<Machine> NATIVE = nativeMachines();

  private final Random random;
  private final GuardedMemory memory = new GuardedMemory();
  final RandomWeights weights;
  private final List<Buffer> inputs = new ArrayList<>();
  private final List<Buffer> outputs = new ArrayList<>();
  private final List<Instruction> code = new ArrayList<>();
  private Limits limits = new Limits(31, 31, 1, 31);
  private KvLayout kv = new KvLayout(1, 1, 16, KvType.F16);
  private int heads = 1;
  private Buffer logits = new Buffer("logits", Type.F32, Rows.WANTED, VOCABULARY);
  private Buffer tileMax = new Buffer("tile max", Type.F32, Rows.WANTED, 1);
  private BiConsumer<Buffer, float[]> content = (_, _) -> {};
  private IntPredicate overflow = _ -> false;
  private boolean zerosAreEqual;
  private final List<Run> machines = new ArrayList<>();

  /** One machine's executable and pages: of each run, group of layers and position. */
  private record Run(String name, Executable executable, List<List<List<MemorySegment>>> pages) {
    MemorySegment page(int run, int group, int position) {
      return pages.get(run).get(group).get(position / KvLayout.PAGE_POSITIONS);
    }
  }

  Rig(Random random) {
    this.random = random;
    weights = new RandomWeights(random, memory);
  }

  private static List<Machine> nativeMachines() {
    CpuFeatures cpu = CpuFeatures.detect();
    String only = System.getProperty("vtc.machine", "");
    if (!only.isEmpty()) {
      System.out.println("machine " + only + " is tested, as vtc.machine says");
      return List.of(Machines.choose(only, cpu));
    }
    List<Machine> list = new ArrayList<>();
    for (Machine m : Machines.all()) {
      boolean supported = m.supported(cpu);
      System.out.println(
          "machine " + m.name() + (supported ? " is tested" : " is skipped: not on " + cpu));
      if (supported && !(m instanceof JavaMachine)) {
        list.add(m);
      }
    }
    return list;
  }

  /** Seed of this run: -Dvtc.seed=… repeats one that failed. */
  static Random seeded(String test) {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println(test + ": -Dvtc.seed=" + seed);
    return new Random(seed);
  }

  Buffer input(String name, int width) {
    return input(name, Rows.TOKENS, width);
  }

  Buffer input(String name, Rows rows, int width) {
    return pin(inputs, new Buffer(name, Type.F32, rows, width));
  }

  Buffer output(String name, Type type, int width) {
    return output(name, type, Rows.TOKENS, width);
  }

  Buffer output(String name, Type type, Rows rows, int width) {
    return pin(outputs, new Buffer(name, type, rows, width));
  }

  /** A buffer that is filled before a step and compared after it. */
  Buffer inOut(String name, int width) {
    Buffer b = input(name, width);
    outputs.add(b);
    return b;
  }

  private static Buffer pin(List<Buffer> list, Buffer b) {
    list.add(b);
    return b;
  }

  Rig add(Instruction i) {
    code.add(i);
    return this;
  }

  Rig limits(int tokens, int runs, int positions) {
    limits = new Limits(tokens, tokens, runs, positions);
    return this;
  }

  Rig attention(int heads, KvLayout kv) {
    this.heads = heads;
    this.kv = kv;
    return this;
  }

  Rig logits(Buffer logits, Buffer tileMax) {
    this.logits = logits;
    this.tileMax = tileMax;
    return this;
  }

  /** What inputs hold instead of normally distributed numbers: changes a row in place. */
  Rig content(BiConsumer<Buffer, float[]> change) {
    content = change;
    return this;
  }

  /** Cached positions whose keys and values are too large for f16. */
  Rig overflow(IntPredicate positions) {
    overflow = positions;
    return this;
  }

  /** Whether all numbers of a row of an output are finite, on the portable machine. */
  boolean isFinite(String output, int row) {
    for (Buffer b : outputs) {
      if (b.name().equals(output)) {
        float[] x = machines.getFirst().executable.row(b, row).toArray(FLOAT);
        for (float f : x) {
          if (!Float.isFinite(f)) {
            return false;
          }
        }
        return true;
      }
    }
    throw new IllegalArgumentException(output);
  }

  /** Numbers may differ in the sign of a zero. */
  Rig zerosAreEqual() {
    zerosAreEqual = true;
    return this;
  }

  private Program program() {
    List<Instruction> all = new ArrayList<>();
    Buffer embedded = new Buffer("embedded", Type.F32, Rows.TOKENS, 17);
    float[] table = new float[VOCABULARY * embedded.width()];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextGaussian();
    }
    all.add(new Embed(weights.matrix(table, embedded.width()), embedded, 1.5f));
    // An addition before and after keeps the memory of a buffer from being another's, too.
    List<Instruction> pins = new ArrayList<>();
    for (Buffer b : inputs) {
      pins.add(pinned(b));
    }
    for (Buffer b : outputs) {
      if (b.type() == Type.F32 && !inputs.contains(b)) {
        pins.add(pinned(b));
      }
    }
    all.addAll(pins);
    all.addAll(code);
    all.addAll(pins);
    outputs.add(embedded);
    return new Program(all, heads, kv, VOCABULARY, logits, tileMax);
  }

  private static Instruction pinned(Buffer b) {
    return new Add(b, new Buffer(b.name() + " pinned", b.type(), b.rows(), b.width()));
  }

  private void compile(ThreadTeam team) {
    Program program = program();
    List<Machine> all = new ArrayList<>(NATIVE);
    all.addFirst(new JavaMachine());
    int pages = Math.ceilDiv(limits.positions(), KvLayout.PAGE_POSITIONS);
    long seed = random.nextLong();
    for (Machine m : all) {
      List<List<List<MemorySegment>>> ofRuns = new ArrayList<>();
      Random content = new Random(seed);
      for (int r = 0; r < limits.runs(); r++) {
        List<List<MemorySegment>> ofRun = new ArrayList<>();
        for (int g = 0; g < kv.groups(); g++) {
          List<MemorySegment> ofGroup = new ArrayList<>();
          for (int p = 0; p < pages; p++) {
            byte[] garbage = new byte[Math.toIntExact(kv.pageBytes(g))];
            content.nextBytes(garbage);
            ofGroup.add(memory.allocate(garbage.length).copyFrom(MemorySegment.ofArray(garbage)));
          }
          ofRun.add(ofGroup);
        }
        ofRuns.add(ofRun);
      }
      machines.add(new Run(m.name(), m.compile(program, weights, limits, team), ofRuns));
    }
  }

  /** Compiles for a machine, whether this CPU can run it or not; the size of what came out. */
  long codeBytes(Machine machine, ThreadTeam team) {
    try (Executable e = machine.compile(program(), weights, limits, team)) {
      return e.allocatedBytes();
    }
  }

  /** Runs one step of one run at position 0 for each number of tokens, and compares. */
  void check(ThreadTeam team, int... tokens) {
    for (int n : tokens) {
      check(team, "n = " + n, new int[] {n}, new int[] {0});
    }
  }

  /** Fills the cache up to the positions, runs one step, and compares. */
  void check(ThreadTeam team, String what, int[] counts, int[] positions) {
    if (machines.isEmpty()) {
      compile(team);
    }
    long seed = random.nextLong();
    for (Run run : machines) {
      Random content = new Random(seed);
      fill(run, content, counts, positions);
      Step step = new Step(limits);
      for (int r = 0; r < counts.length; r++) {
        int[] ids = content.ints(counts[r], 0, VOCABULARY).toArray();
        int wantedFrom = counts[r] == 1 ? 0 : content.nextInt(counts[r]);
        PageTable pages = table(run.pages.get(r), positions[r]);
        step.add(ids, 0, counts[r], positions[r], pages, wantedFrom);
      }
      run.executable.run(step);
    }
    Run expected = machines.getFirst();
    for (Run actual : machines.subList(1, machines.size())) {
      for (Buffer b : outputs) {
        compare(b, expected, actual, what);
      }
      comparePages(expected, actual, what);
    }
  }

  /** Without the pages that are wholly behind the window of a token at {@code position}. */
  private PageTable table(List<List<MemorySegment>> pages, int position) {
    return new PageTable() {
      @Override
      public int size() {
        return pages.getFirst().size();
      }

      @Override
      public MemorySegment page(int group, int i) {
        int window = kv.window(group);
        if (window > 0 && (i + 1) * KvLayout.PAGE_POSITIONS <= position - window + 1) {
          throw new IllegalStateException("page " + i + " is behind the window of " + position);
        }
        return pages.get(group).get(i);
      }
    };
  }

  private void fill(Run run, Random random, int[] counts, int[] positions) {
    for (Buffer b : inputs) {
      float[] row = new float[b.width()];
      for (int i = 0; i < limits.tokens(); i++) {
        for (int c = 0; c < row.length; c++) {
          row[c] = (float) random.nextGaussian();
        }
        content.accept(b, row);
        MemorySegment.copy(row, 0, run.executable.row(b, i), FLOAT, 0, row.length);
      }
    }
    for (int r = 0; r < counts.length; r++) {
      for (int p = 0; p < positions[r]; p++) {
        float factor = overflow.test(p) ? 1e6f : 1;
        store(run, r, p, random, factor);
      }
    }
  }

  private void store(Run run, int r, int position, Random random, float factor) {
    int p = position % KvLayout.PAGE_POSITIONS;
    for (int layer = 0; layer < kv.layers(); layer++) {
      MemorySegment page = run.page(r, kv.group(layer), position);
      for (int h = 0; h < kv.kvHeads(); h++) {
        for (int d = 0; d < kv.headDim(); d++) {
          put(page, kv.keyOffset(layer, h), keyIndex(p, d), factor * (float) random.nextGaussian());
          put(
              page,
              kv.valueOffset(layer, h),
              valueIndex(p, d),
              factor * (float) random.nextGaussian());
        }
      }
    }
  }

  private int keyIndex(int p, int d) {
    return (p / 16 * kv.headDim() + d) * 16 + p % 16;
  }

  private int valueIndex(int p, int d) {
    return p * kv.paddedDim() + d;
  }

  private void put(MemorySegment page, long base, int index, float x) {
    if (kv.type() == KvType.F16) {
      page.set(ValueLayout.JAVA_SHORT, base + 2L * index, Float.floatToFloat16(x));
    } else {
      page.set(FLOAT, base + 4L * index, x);
    }
  }

  /** All rows of the buffer, those that the step did not use and the padding, too. */
  private void compare(Buffer b, Run expected, Run actual, String what) {
    for (int i = 0; i < limits.tokens(); i++) {
      MemorySegment e = expected.executable.row(b, i);
      MemorySegment a = actual.executable.row(b, i);
      if (e.mismatch(a) == -1) {
        continue;
      }
      for (long at = 0; at < b.rowBytes(); at += 4) {
        int x = e.get(ValueLayout.JAVA_INT, at);
        int y = a.get(ValueLayout.JAVA_INT, at);
        if (x != y && !same(b, x, y)) {
          throw new AssertionError(
              String.format(
                  "%s, %s: row %d of %s (type %s, width %d), byte %d is %08x (%s) instead of %08x"
                      + " (%s)",
                  actual.name,
                  what,
                  i,
                  b.name(),
                  b.type(),
                  b.width(),
                  at,
                  y,
                  Float.intBitsToFloat(y),
                  x,
                  Float.intBitsToFloat(x)));
        }
      }
    }
  }

  private boolean same(Buffer b, int x, int y) {
    float e = Float.intBitsToFloat(x);
    float a = Float.intBitsToFloat(y);
    boolean number = b.type() == Type.F32;
    return number && ((Float.isNaN(e) && Float.isNaN(a)) || (zerosAreEqual && e == a));
  }

  /** Everything but the padding of value rows. */
  private void comparePages(Run expected, Run actual, String what) {
    int bytes = kv.type().bytes();
    for (int r = 0; r < limits.runs(); r++) {
      for (int layer = 0; layer < kv.layers(); layer++) {
        for (int p = 0; p < limits.positions(); p += KvLayout.PAGE_POSITIONS) {
          MemorySegment e = expected.page(r, kv.group(layer), p);
          MemorySegment a = actual.page(r, kv.group(layer), p);
          if (e.mismatch(a) == -1) {
            continue;
          }
          for (int h = 0; h < kv.kvHeads(); h++) {
            long keys = kv.keyOffset(layer, h);
            String where = actual.name + ", " + what + ", run " + r + ", position " + p;
            assertThat(mismatch(e, a, keys, kv.keyBytes())).as("keys, " + where).isEqualTo(-1);
            for (int i = 0; i < KvLayout.PAGE_POSITIONS; i++) {
              long row = kv.valueOffset(layer, h) + (long) valueIndex(i, 0) * bytes;
              assertThat(mismatch(e, a, row, (long) kv.headDim() * bytes))
                  .as("values of position " + i + ", " + where)
                  .isEqualTo(-1);
            }
          }
        }
      }
    }
  }

  private static long mismatch(MemorySegment e, MemorySegment a, long at, long bytes) {
    return e.asSlice(at, bytes).mismatch(a.asSlice(at, bytes));
  }

  @Override
  public void close() {
    for (Run run : machines) {
      run.executable.close();
    }
    memory.close();
  }
}
