package dev.vtc.machine.lanes;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.ActivationMemory;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Profile;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.KvLayout;
import dev.vtc.program.PageTable;
import dev.vtc.program.Program;
import dev.vtc.program.Rope;
import dev.vtc.program.Weights;
import dev.vtc.tvl.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program as machine code: descriptors in native memory, kernels behind them, and one native call
 * per thread and step. Everything native code will touch is checked and placed here, in Java;
 * kernels check nothing.
 */
final class LaneExecutable implements Executable, ThreadTeam.Task {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /**
   * Threads claim about this many times an instruction. Each claim breaks the run of addresses that
   * a core reads and asks for ahead: with 8, 4, 2 and 1 a step of SmolLM2 with two threads took
   * 2.37, 2.15, 1.98 and 2.05 ms in Q4_1 and 3.84, 3.54, 3.38 and 3.41 ms in Q8_0; and with one
   * core kept busy by another process 2 was as good as 8 (Zen 5, 2026-11-26).
   */
  private static final int CLAIMS_PER_THREAD = 2;

  private final Program program;
  private final Limits limits;
  private final ThreadTeam team;

  /** Kept, since native code adds to its memory as long as there are steps. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable Profile profile;

  private final ActivationMemory activations;
  private final Arena arena = Arena.ofShared();
  private final ExecutableMemory code;
  private final MemorySegment loop;
  private final List<DescriptorTable.Entry> entries;
  private final MemorySegment descriptors;
  private final MemorySegment contexts;
  private final MemorySegment reset;
  private final MemorySegment ids;
  private final MemorySegment positions;
  private final MemorySegment tokenPages;
  private final MemorySegment tiles;
  private final MemorySegment pageLists;
  private final int pagesOfRun;

  /** Of each group of layers: its window, and the bytes of its pages. */
  private final int[] windows;

  private final long[] pageBytes;
  private final int tileTokens;
  private final RopeTables ropes;
  private final long allocated;

  LaneExecutable(
      Program program,
      Weights weights,
      Limits limits,
      ThreadTeam team,
      Kernels.Backend backend,
      @Nullable Profile profile) {
    this.program = program;
    this.limits = limits;
    this.team = team;
    this.profile = profile;
    activations = new ActivationMemory(program, limits);
    boolean done = false;
    try {
      pagesOfRun = Math.ceilDiv(limits.positions(), KvLayout.PAGE_POSITIONS);
      ids = arena.allocate(4L * limits.tokens(), 64);
      positions = arena.allocate(4L * limits.tokens(), 64);
      tokenPages = arena.allocate(8L * limits.tokens(), 64);
      tiles = arena.allocate(16L * limits.tokens(), 64);
      KvLayout kv = program.kv();
      windows = new int[kv.groups()];
      pageBytes = new long[kv.groups()];
      for (int g = 0; g < windows.length; g++) {
        windows[g] = kv.window(g);
        pageBytes[g] = kv.pageBytes(g);
      }
      pageLists = arena.allocate(8L * limits.runs() * windows.length * pagesOfRun, 64);
      MemorySegment wanted = arena.allocate(4L * limits.wanted(), 64);
      this.wanted = wanted;
      ropes = new RopeTables(program.ropes(), limits.positions(), arena);
      Kernels kernels = new Kernels(backend);
      DescriptorTable table =
          kernels.emit(
              team,
              () ->
                  new DescriptorTable(
                      program,
                      weights,
                      activations,
                      kernels,
                      backend,
                      ropes,
                      wanted,
                      pagesOfRun,
                      arena,
                      profile != null));
      entries = table.entries();
      tileTokens = table.tileTokens();
      code = ExecutableMemory.load(kernels.codes());
      if (profile != null) {
        profile.attach(program, team.threads(), TickClock.nanosPerTick(backend));
      }
      loop = MemorySegment.ofAddress(code.address(table.loop()));
      reset = MemorySegment.ofAddress(code.address(table.reset()));
      descriptors = arena.allocate((long) (entries.size() + 1) * Descriptor.BYTES, 128);
      table.write(descriptors, code);
      long scratch = Math.ceilDiv(table.scratchBytes(limits), 4096) * 4096L;
      MemorySegment scratches = LazyMemory.allocate(arena, scratch * team.threads());
      contexts = arena.allocate((long) Context.BYTES * team.threads(), 128);
      MemorySegment yield = ThreadYield.function();
      for (int t = 0; t < team.threads(); t++) {
        MemorySegment c = contexts.asSlice((long) t * Context.BYTES, Context.BYTES);
        c.set(LONG, Context.DESCRIPTORS, descriptors.address());
        c.set(LONG, Context.SCRATCH, scratches.address() + t * scratch);
        c.set(LONG, Context.YIELD, yield.address());
        c.set(LONG, Context.IDS, ids.address());
        c.set(LONG, Context.POSITIONS, positions.address());
        c.set(LONG, Context.PAGES, tokenPages.address());
        c.set(LONG, Context.TILES, tiles.address());
        c.set(LONG, Context.PROFILE, profile == null ? 0 : profile.table(t).address());
      }
      allocated =
          activations.bytes()
              + descriptors.byteSize()
              + scratches.byteSize()
              + ropes.bytes()
              + code.mappedBytes();
      // A step of nothing: what the JVM does at the first call is done here, on every thread.
      NativeCalls.call(reset, descriptors.address(), 0, 0, 0, 0, 0);
      team.run(this);
      done = true;
    } finally {
      if (!done) {
        arena.close();
        activations.close();
      }
    }
  }

  private final MemorySegment wanted;

  @Override
  public void run(Step step) {
    if (step.limits().tokens() > limits.tokens()
        || step.limits().wanted() > limits.wanted()
        || step.limits().runs() > limits.runs()
        || step.limits().positions() > limits.positions()) {
      throw new IllegalArgumentException(
          "A step of " + step.limits() + " does not fit an executable of " + limits + ".");
    }
    int n = step.tokens();
    if (n == 0) {
      return;
    }
    int tileCount = 0;
    for (int r = 0; r < step.runs(); r++) {
      tileCount = place(step, r, tileCount);
    }
    for (int i = 0; i < step.wanted(); i++) {
      wanted.setAtIndex(INT, i, step.wanted(i));
    }
    ropes.fill(step);
    // Where steps are alike, as in decoding, nothing is written here.
    if (n != lastTokens || step.wanted() != lastWanted || tileCount != lastTiles) {
      setUnits(n, step.wanted(), tileCount);
    }
    NativeCalls.call(reset, descriptors.address(), 0, 0, 0, 0, 0);
    team.run(this);
  }

  private void setUnits(int tokens, int wantedTokens, int tileCount) {
    int groupUnits = 0;
    for (int i = 0; i < entries.size(); i++) {
      long at = (long) i * Descriptor.BYTES;
      DescriptorTable.Entry e = entries.get(i);
      int rows = e.wantedRows() ? wantedTokens : tokens;
      int units = e.units(rows, tileCount);
      int chunk = Math.max(1, units / (team.threads() * CLAIMS_PER_THREAD));
      descriptors.set(INT, at + Descriptor.ROWS, e.tiled() ? tileCount : rows);
      descriptors.set(INT, at + Descriptor.UNITS, units);
      descriptors.set(INT, at + Descriptor.CHUNK, chunk);
      groupUnits += units;
      descriptors.set(INT, at + Descriptor.DONE_UNITS, e.lastOfGroup() ? groupUnits : 0);
      groupUnits = e.lastOfGroup() ? 0 : groupUnits;
    }
    lastTokens = tokens;
    lastWanted = wantedTokens;
    lastTiles = tileCount;
  }

  private int lastTokens = -1;
  private int lastWanted = -1;
  private int lastTiles = -1;

  /** One run's pages, positions and attention tiles, which never reach over the end of a page. */
  private int place(Step step, int run, int firstTile) {
    int first = step.runFirst(run);
    int count = step.runCount(run);
    long list = 8L * run * windows.length * pagesOfRun;
    int begin = step.position(first);
    int end = begin + count;
    for (int g = 0; g < windows.length; g++) {
      placePages(step.runPages(run), g, begin, end, list + 8L * g * pagesOfRun);
    }
    int tile = firstTile;
    for (int i = 0; i < count; i++) {
      int token = first + i;
      int id = step.id(token);
      if (id < 0 || id >= program.vocabulary()) {
        throw new IllegalArgumentException(
            "Token id "
                + id
                + " is outside the vocabulary of "
                + program.vocabulary()
                + " tokens.");
      }
      ids.setAtIndex(INT, token, id);
      positions.setAtIndex(INT, token, step.position(token));
      tokenPages.setAtIndex(LONG, token, pageLists.address() + list);
    }
    int i = 0;
    while (i < count) {
      int untilPageEnd =
          KvLayout.PAGE_POSITIONS - step.position(first + i) % KvLayout.PAGE_POSITIONS;
      int tokens = Math.min(Math.min(tileTokens, count - i), untilPageEnd);
      tiles.set(INT, 16L * tile, first + i);
      tiles.set(INT, 16L * tile + 4, tokens);
      tile++;
      i += tokens;
    }
    return tile;
  }

  /** The pages that tokens at positions begin … end - 1 look at, and 0 for those before. */
  private void placePages(PageTable pages, int group, int begin, int end, long list) {
    int window = windows[group];
    int firstPage = window == 0 ? 0 : Math.max(0, begin - window + 1) / KvLayout.PAGE_POSITIONS;
    for (int i = 0; i < firstPage; i++) {
      pageLists.set(LONG, list + 8L * i, 0);
    }
    for (int i = firstPage; i <= (end - 1) / KvLayout.PAGE_POSITIONS; i++) {
      MemorySegment page = pages.page(group, i);
      if (page.byteSize() < pageBytes[group] || page.address() % 64 != 0) {
        throw new IllegalArgumentException(
            "A page of "
                + page.byteSize()
                + " bytes at "
                + page.address()
                + " does not fit the program.");
      }
      pageLists.set(LONG, list + 8L * i, page.address());
    }
  }

  @Override
  public void run(int thread) {
    NativeCalls.call(loop, contexts.address() + (long) thread * Context.BYTES, 0, 0, 0, 0, 0);
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
    return allocated;
  }

  @Override
  public void close() {
    code.close();
    arena.close();
    activations.close();
  }

  /** cos and sin of every position that was met so far, per position embedding of the program. */
  static final class RopeTables {
    private final List<Rope> ropes;
    private final List<MemorySegment> tables = new ArrayList<>();
    private final long[] known;

    RopeTables(List<Rope> ropes, int positions, Arena arena) {
      this.ropes = ropes;
      for (Rope r : ropes) {
        tables.add(LazyMemory.allocate(arena, (long) AttentionKernels.ropeBytes(r) * positions));
      }
      known = new long[Math.ceilDiv(positions, 64)];
    }

    long address(Rope rope) {
      return tables.get(ropes.indexOf(rope)).address();
    }

    long bytes() {
      long bytes = 0;
      for (MemorySegment t : tables) {
        bytes += t.byteSize();
      }
      return bytes;
    }

    void fill(Step step) {
      for (int t = 0; t < step.tokens(); t++) {
        int p = step.position(t);
        if ((known[p >> 6] >>> p & 1) == 0) {
          known[p >> 6] |= 1L << p;
          for (int i = 0; i < ropes.size(); i++) {
            int bytes = AttentionKernels.ropeBytes(ropes.get(i));
            AttentionKernels.fillRope(
                ropes.get(i), p, tables.get(i).asSlice((long) p * bytes, bytes));
          }
        }
      }
    }
  }
}
