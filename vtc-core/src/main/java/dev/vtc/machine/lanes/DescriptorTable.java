package dev.vtc.machine.lanes;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.machine.ActivationMemory;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Profile;
import dev.vtc.machine.lanes.ProductDriver.Gating;
import dev.vtc.program.Buffer;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Experts;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import dev.vtc.program.KvLayout;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From instructions to descriptors: which kernels, which addresses, how many units. */
final class DescriptorTable {
  /** How the number of units follows from a step. */
  private enum Kind {
    ROWS,
    FIXED,
    TILES,
    GROUPS
  }

  /** A descriptor to be: a kernel's index, operands by offset, and how units are counted. */
  static final class Entry {
    private final int kernel;
    private final Kind kind;
    private final int factor;
    private final boolean wanted;
    private boolean lastOfGroup = true;

    /** Index of the instruction in the program, of which this is all or a part. */
    private int instruction;

    /** Experts of a layer, and of a token. */
    private int experts;

    private int slots;
    private final List<long[]> longs = new ArrayList<>();
    private final List<int[]> kernels = new ArrayList<>();

    private Entry(int kernel, Kind kind, int factor, boolean wanted) {
      this.kernel = kernel;
      this.kind = kind;
      this.factor = factor;
      this.wanted = wanted;
    }

    private Entry put(int offset, long value) {
      longs.add(new long[] {offset, value});
      return this;
    }

    private void putKernel(int offset, int index) {
      kernels.add(new int[] {offset, index});
    }

    /** True when threads wait here until this instruction, and the parts before it, are done. */
    boolean lastOfGroup() {
      return lastOfGroup;
    }

    /** True when rows are wanted tokens, not tokens. */
    boolean wantedRows() {
      return wanted;
    }

    /** True when the kernel wants to know the number of attention tiles instead of rows. */
    boolean tiled() {
      return kind == Kind.TILES;
    }

    int units(int rows, int tiles) {
      return switch (kind) {
        case ROWS -> rows * factor;
        case FIXED -> rows == 0 ? 0 : factor;
        case TILES -> tiles * factor;
        case GROUPS -> Math.min(experts, rows * slots) * factor;
      };
    }
  }

  private static final int PANEL_ROWS = TvlFormat.PANEL_ROWS;

  private final Program program;
  private final Weights weights;
  private final ActivationMemory activations;
  private final Kernels kernels;
  private final Kernels.Backend backend;
  private final LaneExecutable.RopeTables ropes;
  private final MemorySegment wanted;
  private final Arena arena;
  private final int pages;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<TvlFormat, int[]> tileSizes = new EnumMap<>(TvlFormat.class);
  private final int loop;
  private final int reset;
  private final int vectors;
  private int instruction;

  /**
   * All descriptors of a program.
   *
   * @param kernels where theirs are asked for
   * @param pages most pages of a sequence: each group's list of page addresses has as many
   */
  DescriptorTable(
      Program program,
      Weights weights,
      ActivationMemory activations,
      Kernels kernels,
      Kernels.Backend backend,
      LaneExecutable.RopeTables ropes,
      MemorySegment wanted,
      int pages,
      Arena arena,
      boolean measured) {
    this.program = program;
    this.weights = weights;
    this.activations = activations;
    this.backend = backend;
    this.ropes = ropes;
    this.wanted = wanted;
    this.pages = pages;
    this.arena = arena;
    this.kernels = kernels;
    vectors = backend.assembler("measure").vectors();
    loop = kernels.index("step", a -> StepLoop.emit(a, measured));
    reset = kernels.index("reset", StepLoop::emitReset);
    for (Instruction i : program.instructions()) {
      add(i);
      instruction++;
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** Index of the step loop among the kernels. */
  int loop() {
    return loop;
  }

  /** Index of the function that makes counters ready for a step. */
  int reset() {
    return reset;
  }

  /** Tokens of a full attention tile: the most that any layer takes at a time. */
  int tileTokens() {
    int tokens = 1;
    for (Instruction i : program.instructions()) {
      if (i instanceof Attend a) {
        int own = AttendKernel.tileTokens(a, program.headsPerKvHead(), vectors);
        tokens = Math.max(tokens, own);
      }
    }
    return tokens;
  }

  long scratchBytes(Limits limits) {
    long bytes = AttendKernel.scratchBytes(program.kv(), limits.positions(), vectors);
    for (Instruction i : program.instructions()) {
      if (i instanceof Group g) {
        bytes = Math.max(bytes, ExpertKernels.scratchBytes(g.experts(), program.slots()));
      }
    }
    return Math.max(bytes, Math.max(ExpertProduct.SCRATCH, EmbedKernel.SCRATCH));
  }

  /** Writes all descriptors, and the one that ends the list: memory is zero before. */
  void write(MemorySegment memory, ExecutableMemory code) {
    for (int i = 0; i < entries.size(); i++) {
      long at = (long) i * Descriptor.BYTES;
      Entry e = entries.get(i);
      memory.set(ValueLayout.JAVA_LONG, at + Descriptor.KERNEL, code.address(e.kernel));
      int last = i;
      while (!entries.get(last).lastOfGroup) {
        last++;
      }
      long counter = memory.address() + (long) last * Descriptor.BYTES + Descriptor.DONE;
      memory.set(ValueLayout.JAVA_LONG, at + Descriptor.DONE_AT, counter);
      memory.set(ValueLayout.JAVA_LONG, at + Descriptor.PROFILE, Profile.row(e.instruction));
      for (long[] value : e.longs) {
        memory.set(ValueLayout.JAVA_LONG, at + value[0], value[1]);
      }
      for (int[] kernel : e.kernels) {
        memory.set(ValueLayout.JAVA_LONG, at + kernel[0], code.address(kernel[1]));
      }
    }
  }

  private void add(Instruction instruction) {
    Shapes.check(program, instruction);
    switch (instruction) {
      case Embed e -> embed(e);
      case RmsNorm r -> {
        boolean gather = r.in().rows() != r.writes().getFirst().rows();
        int kernel = kernels.index(normName(r, gather), a -> RowKernels.norm(a, r, gather));
        Entry e = rows(kernel, r.writes().getFirst(), 1);
        in(e, r.in());
        out(e, r.out());
        quantized(e, r.quantized());
        e.put(Descriptor.WEIGHT, vector(r.weight(), r.group()));
        e.put(Descriptor.GATHER, wanted.address());
      }
      case Quantize q -> {
        int kernel = kernels.index("quantize-" + q.in().width(), a -> RowKernels.quantize(a, q));
        Entry e = rows(kernel, q.out(), 1);
        in(e, q.in());
        quantized(e, q.out());
      }
      case Add a -> {
        int kernel = kernels.index("add-" + a.in().width(), k -> RowKernels.add(k, a));
        Entry e = rows(kernel, a.into(), 1);
        in(e, a.in());
        out(e, a.into());
      }
      case Select s -> {
        int kernel = kernels.index("select", a -> RowKernels.select(a, s));
        Entry e = rows(kernel, s.logits(), RowKernels.selectUnits(s));
        in(e, s.logits());
        out(e, s.tileMax());
      }
      case Route r -> route(r);
      case Group g -> {
        String name = "group-" + g.experts() + "-" + g.choice().width();
        int kernel = kernels.index(name, a -> ExpertKernels.group(a, g));
        Entry e = entry(new Entry(kernel, Kind.FIXED, 1, false));
        in(e, g.choice());
        out(e, g.place());
        e.put(Descriptor.GROUPS, activations.of(g.groups()).address());
      }
      case Dispatch d -> {
        String name = "dispatch-" + d.in().rowBytes() + "-" + d.place().width();
        int kernel = kernels.index(name, a -> ExpertKernels.dispatch(a, d));
        Entry e = rows(kernel, d.in(), 1);
        in(e, d.in());
        out(e, d.out());
        slots(e, Descriptor.PLACE, Descriptor.PLACE_STRIDE, d.place());
      }
      case Combine c -> {
        String name = "combine-" + c.into().width() + "-" + c.place().width();
        int kernel = kernels.index(name, a -> ExpertKernels.combine(a, c));
        Entry e = rows(kernel, c.into(), 1);
        in(e, c.in());
        out(e, c.into());
        slots(e, Descriptor.PLACE, Descriptor.PLACE_STRIDE, c.place());
        slots(e, Descriptor.WEIGHT_OUT, Descriptor.WEIGHT_STRIDE, c.weight());
      }
      case MatMul m -> product(m);
      case RopeStoreKv r -> ropeStore(r);
      case Attend a -> attend(a);
    }
  }

  private void route(Route r) {
    String name =
        "route-"
            + r.logits().width()
            + "-"
            + r.choice().width()
            + (r.normalized() ? "-normalized" : "")
            + "-"
            + r.scale();
    int kernel = kernels.index(name, a -> ExpertKernels.route(a, r));
    Entry e = rows(kernel, r.choice(), 1);
    in(e, r.logits());
    out(e, r.choice());
    slots(e, Descriptor.WEIGHT_OUT, Descriptor.WEIGHT_STRIDE, r.weight());
  }

  private void slots(Entry e, int address, int stride, Buffer b) {
    e.put(address, activations.of(b).address()).put(stride, b.rowBytes());
  }

  private static String normName(RmsNorm r, boolean gather) {
    return "norm-"
        + r.in().width()
        + "-"
        + r.group()
        + "-"
        + r.eps()
        + (r.out() != null ? "-f32" : "")
        + (r.quantized() != null ? "-q8" : "")
        + (r.addToOut() ? "-add" : "")
        + (gather ? "-gather" : "");
  }

  private Entry rows(int kernel, Buffer buffer, int factor) {
    return entry(new Entry(kernel, Kind.ROWS, factor, buffer.rows() == Buffer.Rows.WANTED));
  }

  private Entry entry(Entry e) {
    e.instruction = instruction;
    entries.add(e);
    return e;
  }

  private void in(Entry e, Buffer b) {
    e.put(Descriptor.IN, activations.of(b).address()).put(Descriptor.IN_STRIDE, b.rowBytes());
  }

  private void out(Entry e, @Nullable Buffer b) {
    if (b != null) {
      e.put(Descriptor.OUT, activations.of(b).address()).put(Descriptor.OUT_STRIDE, b.rowBytes());
    }
  }

  private void quantized(Entry e, @Nullable Buffer b) {
    if (b != null) {
      e.put(Descriptor.QUANTIZED, activations.of(b).address())
          .put(Descriptor.QUANTIZED_STRIDE, b.rowBytes());
    }
  }

  /** Address of a vector of exactly {@code length} elements. */
  private long vector(String name, int length) {
    MemorySegment v = weights.vector(name);
    if (v.byteSize() != 4L * length || !v.isNative()) {
      throw new IllegalArgumentException(
          "Vector "
              + name
              + " has "
              + v.byteSize() / 4
              + " elements instead of "
              + length
              + " in native memory.");
    }
    return v.address();
  }

  private void embed(Embed e) {
    PackedTensor table = matrix(e.table(), 1);
    String name =
        "embed-" + table.format() + "-" + table.columns() + (e.scale() == 1 ? "" : "-" + e.scale());
    int kernel = kernels.index(name, a -> EmbedKernel.emit(a, e));
    Entry entry = rows(kernel, e.out(), 1);
    out(entry, e.out());
    entry
        .put(Descriptor.PANELS, table.data().address())
        .put(Descriptor.PANEL_STRIDE, table.panelStride());
  }

  private PackedTensor matrix(MatMul m, Part p) {
    return matrix(p.matrix(), m.experts() == null ? 1 : m.experts().count());
  }

  /** A packed tensor that holds so many matrices of this shape, one after the other. */
  private PackedTensor matrix(Matrix m, int copies) {
    PackedTensor t = weights.matrix(m.name());
    if (t.format() != m.format()
        || t.rows() != (long) copies * m.rows()
        || t.columns() != m.columns()) {
      throw new IllegalArgumentException("The weights' " + t + " is not the program's " + m + ".");
    }
    if (!t.data().isNative()) {
      throw new IllegalArgumentException("Tensor " + t.name() + " is not in native memory.");
    }
    return t;
  }

  private int[] tiles(Part p) {
    return tileSizes.computeIfAbsent(
        p.matrix().format(), f -> ProductTile.sizes(backend.assembler("measure"), f));
  }

  private void putTiles(Entry e, int offset, Part p, int[] sizes) {
    for (int i = 0; i < sizes.length; i++) {
      int size = sizes[i];
      TvlFormat format = p.matrix().format();
      int columns = p.matrix().columns();
      int kernel =
          kernels.index(
              "product-" + format + "-" + columns + "x" + size,
              a -> ProductTile.emit(a, format, columns, p.in(), size));
      e.putKernel(offset + 8 * i, kernel);
    }
  }

  private static String name(int[] tiles) {
    StringBuilder s = new StringBuilder();
    for (int t : tiles) {
      s.append('-').append(t);
    }
    return s.toString();
  }

  private void product(MatMul m) {
    if (m.epilogue().gated()) {
      gated(m);
      return;
    }
    boolean scaled = m.scale() != 1;
    for (int i = 0; i < m.parts().size(); i++) {
      Part p = m.parts().get(i);
      PackedTensor w = matrix(m, p);
      int[] tiles = tiles(p);
      boolean bias = p.bias() != null;
      int kernel =
          kernels.index(
              "matmul-"
                  + m.epilogue()
                  + name(tiles)
                  + (bias ? "-bias" : "")
                  + (scaled ? "-scaled" : ""),
              a -> ProductDriver.emit(a, tiles, m.epilogue(), bias, scaled));
      Entry e = product(m, kernel, TvlFormat.panels(p.matrix().rows()));
      // Parts of a fused group run into each other; the next instruction waits for the last.
      e.lastOfGroup = i == m.parts().size() - 1;
      in(e, p.in());
      out(e, Objects.requireNonNull(p.out()));
      e.put(Descriptor.PANELS, w.data().address()).put(Descriptor.PANEL_STRIDE, w.panelStride());
      e.put(Descriptor.BIAS, paddedBias(p.bias(), w.rows(), PANEL_ROWS));
      e.put(Descriptor.SCALE, Float.floatToRawIntBits(m.scale()) & 0xffff_ffffL);
      putTiles(e, Descriptor.TILES, p, tiles);
    }
  }

  /** The entry of a product of so many units, of each group where there are experts. */
  private Entry product(MatMul m, int driver, int units) {
    Experts experts = m.experts();
    if (experts == null) {
      return entry(new Entry(driver, Kind.FIXED, units, m.rows() == Buffer.Rows.WANTED));
    }
    boolean gated = m.epilogue().gated();
    int kernel =
        kernels.index(
            "experts-" + experts.count() + "-" + units + (gated ? "-gated" : ""),
            a -> ExpertProduct.emit(a, experts.count(), units, gated));
    Entry e = entry(new Entry(kernel, Kind.GROUPS, units, false));
    e.experts = experts.count();
    e.slots = program.slots();
    e.put(Descriptor.GROUPS, activations.of(experts.groups()).address());
    e.put(Descriptor.EXPERT_PANELS, TvlFormat.panels(m.parts().getFirst().matrix().rows()));
    e.putKernel(Descriptor.DRIVER, driver);
    return e;
  }

  /**
   * Address of a bias, which is read up to a multiple of so many elements: a copy with zeros behind
   * it where the last are missing. 0 where there is none.
   */
  private long paddedBias(@Nullable String name, int rows, int multiple) {
    if (name == null) {
      return 0;
    }
    long address = vector(name, rows);
    if (rows % multiple == 0) {
      return address;
    }
    long bytes = (long) Math.ceilDiv(rows, multiple) * multiple * Float.BYTES;
    MemorySegment copy = arena.allocate(bytes, TvlFormat.LINE_BYTES);
    copy.copyFrom(weights.vector(name));
    return copy.address();
  }

  private void gated(MatMul m) {
    Part gate = m.parts().get(0);
    Part up = m.parts().get(1);
    PackedTensor g = matrix(m, gate);
    PackedTensor u = matrix(m, up);
    int panels = TvlFormat.panels(gate.matrix().rows());
    // Both parts go through the same tiles of tokens: the smaller of their largest tiles bounds
    // both.
    int[] a = tiles(gate);
    int[] b = tiles(up);
    int[] tiles = a.length < b.length ? a : b;
    Gating gating =
        new Gating(
            m.epilogue(),
            m.gated(),
            m.quantized(),
            gate.bias() != null,
            up.bias() != null,
            m.scale() != 1);
    int kernel =
        kernels.index(
            "gated-" + gating.id() + name(tiles), k -> ProductDriver.emitGated(k, tiles, gating));
    Entry e = product(m, kernel, Math.ceilDiv(panels, 2));
    in(e, gate.in());
    e.put(Descriptor.IN_2, activations.of(up.in()).address())
        .put(Descriptor.IN_STRIDE_2, up.in().rowBytes());
    out(e, m.gated());
    quantized(e, m.quantized());
    // A unit is two panels, also where the second is not there.
    e.put(Descriptor.BIAS, paddedBias(gate.bias(), gate.matrix().rows(), 2 * PANEL_ROWS));
    e.put(Descriptor.BIAS_2, paddedBias(up.bias(), up.matrix().rows(), 2 * PANEL_ROWS));
    e.put(Descriptor.PANELS, g.data().address()).put(Descriptor.PANEL_STRIDE, g.panelStride());
    e.put(Descriptor.PANELS_2, u.data().address()).put(Descriptor.PANEL_STRIDE_2, u.panelStride());
    e.put(Descriptor.PANEL_COUNT, panels);
    e.put(Descriptor.SCALE, Float.floatToRawIntBits(m.scale()) & 0xffff_ffffL);
    putTiles(e, Descriptor.TILES, gate, tiles);
    putTiles(e, Descriptor.TILES_2, up, tiles);
  }

  private void ropeStore(RopeStoreKv r) {
    KvLayout kv = program.kv();
    String name =
        "rope-store-" + (r.rope() == null ? "none" : r.rope().style() + "-" + r.rope().pairs());
    int kernel = kernels.index(name, a -> AttentionKernels.ropeAndStore(a, r, kv, program.heads()));
    Entry e = entry(new Entry(kernel, Kind.ROWS, 1, false));
    in(e, r.q());
    e.put(Descriptor.K_IN, activations.of(r.k()).address())
        .put(Descriptor.K_STRIDE, r.k().rowBytes());
    e.put(Descriptor.V_IN, activations.of(r.v()).address())
        .put(Descriptor.V_STRIDE, r.v().rowBytes());
    cache(e, r.layer());
    e.put(Descriptor.ROPE, r.rope() == null ? 0 : ropes.address(r.rope()));
    e.put(Descriptor.QUERY_ROPE, r.queryRope() == null ? 0 : ropes.address(r.queryRope()));
  }

  private void attend(Attend a) {
    KvLayout kv = program.kv();
    String name =
        "attend-"
            + a.scale()
            + "-"
            + a.window()
            + "-"
            + a.softcap()
            + (a.out() != null ? "-f32" : "")
            + (a.quantized() != null ? "-q8" : "");
    int kernel = kernels.index(name, k -> AttendKernel.emit(k, a, kv, program.headsPerKvHead()));
    Entry e = entry(new Entry(kernel, Kind.TILES, kv.kvHeads(), false));
    in(e, a.q());
    out(e, a.out());
    quantized(e, a.quantized());
    cache(e, a.layer());
  }

  /** Where a layer's pages are listed, and where in a page it begins. */
  private void cache(Entry e, int layer) {
    e.put(Descriptor.KV, program.kv().keyOffset(layer, 0));
    e.put(Descriptor.KV_PAGES, (long) Long.BYTES * pages * program.kv().group(layer));
  }
}
