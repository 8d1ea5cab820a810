package dev.vtc.app.lab.layout;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.MachineCode;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.lanes.LaneAssembler;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.ProductTile;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The machine code of one variant for matrices of some shape. Owns the code; may be called by
 * several threads, each with rows of its own.
 */
final class LayoutKernel implements AutoCloseable {
  private static final int LINE = TvlFormat.LINE_BYTES;

  /** Weights that a thread claims at a time. */
  private static final long SLICE_BYTES = 256 << 10;

  // Arguments of the loop over the engine's tile.
  private static final int PANEL = 0;
  private static final int X = 8;
  private static final int Y = 16;
  private static final int COUNT = 24;
  private static final int TILE = 32;
  private static final int ARGUMENTS = 40;

  private final ExecutableMemory code;
  private final MemorySegment entry;
  private final long tile;
  private final WeightFormat format;
  private final Variant variant;
  private final int rows;
  private final int columns;

  /**
   * Emits the code.
   *
   * @param rows of the whole matrix, a multiple of 16
   * @param columns a multiple of 64
   */
  LayoutKernel(LaneMachine machine, WeightFormat format, Variant variant, int rows, int columns) {
    if (rows < 1 || rows % TvlFormat.PANEL_ROWS != 0 || columns % TvlFormat.GROUP_COLUMNS != 0) {
      throw new IllegalArgumentException("No whole panels: " + rows + " x " + columns);
    }
    this.format = format;
    this.variant = variant;
    this.rows = rows;
    this.columns = columns;
    String name = "layout " + format + " " + variant.title();
    LaneAssembler a = machine.backend().apply(name);
    if (variant == Variant.TVL_SIMD) {
      overPanels(a, Math.toIntExact(format.tvl().panelBytes(columns)));
      String tileName = name + " tile";
      LaneAssembler t = machine.backend().apply(tileName);
      tile(t, format, columns);
      MachineCode[] both = {a.finish(), t.finish()};
      code = ExecutableMemory.load(both);
      tile = code.address(tileName);
    } else {
      BaselineKernels.emit(a, format, variant, columns, rows * Float.BYTES);
      code = ExecutableMemory.load(a.finish());
      tile = 0;
    }
    entry = MemorySegment.ofAddress(code.address(name));
  }

  /** The engine's own kernel for one token and one panel; arguments: panel, x, sums. */
  static void tile(LaneAssembler a, WeightFormat format, int columns) {
    ProductTile.emit(
        a,
        format.tvl(),
        columns,
        format.isDense() ? Activations.denseRow(columns) : Activations.quantizedRow(columns),
        1);
  }

  private static void overPanels(LaneAssembler a, int panelBytes) {
    a.enter();
    R arguments = a.arg(0);
    R panel = a.kept("panel");
    R x = a.kept("x");
    R y = a.kept("y");
    R count = a.kept("count");
    R tile = a.kept("tile");
    a.load64(panel, arguments, PANEL);
    a.load64(x, arguments, X);
    a.load64(y, arguments, Y);
    a.load64(count, arguments, COUNT);
    a.load64(tile, arguments, TILE);
    a.free(arguments);
    Place head = a.place("panel");
    a.bind(head);
    a.callKernel(tile, panel, x, y, y);
    a.add(panel, panelBytes);
    a.add(y, LINE);
    a.add(count, -1);
    a.jumpIf(Compare.NE, count, 0, head);
    a.leave();
  }

  /** Bytes of y: the results, and where a scalar kernel keeps half of its sums. */
  long resultBytes() {
    return 2L * rows * Float.BYTES;
  }

  Variant variant() {
    return variant;
  }

  /** Bytes of a row, or of a panel. */
  private long unitBytes() {
    return variant.tvl() ? format.tvl().panelBytes(columns) : format.rowMajor().rowBytes(columns);
  }

  /**
   * Computes y for some rows.
   *
   * @param matrix all of it in this variant's layout, native
   * @param y {@link #resultBytes} long, f32
   * @param from first row, a multiple of 16
   * @param to behind the last row, a multiple of 16
   */
  void run(MemorySegment matrix, Activations x, MemorySegment y, int from, int to) {
    int unit = variant.tvl() ? TvlFormat.PANEL_ROWS : 1;
    long w = matrix.asSlice(from / unit * unitBytes(), (to - from) / unit * unitBytes()).address();
    long in = x.of(format, variant).address();
    long out =
        y.asSlice((long) from * Float.BYTES, resultBytes() - (long) from * Float.BYTES).address();
    int count = (to - from) / unit;
    if (count == 0) {
      return;
    }
    if (variant != Variant.TVL_SIMD) {
      NativeCalls.call(entry, w, in, out, count, 0, 0);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate(ARGUMENTS, Long.BYTES);
      arguments.set(JAVA_LONG, PANEL, w);
      arguments.set(JAVA_LONG, X, in);
      arguments.set(JAVA_LONG, Y, out);
      arguments.set(JAVA_LONG, COUNT, count);
      arguments.set(JAVA_LONG, TILE, tile);
      NativeCalls.call(entry, arguments.address(), 0, 0, 0, 0, 0);
    }
  }

  /**
   * Computes all of y by all threads of a team, each claiming runs of rows.
   *
   * @param matrix as for {@link #run}
   */
  void runAll(ThreadTeam team, MemorySegment matrix, Activations x, MemorySegment y) {
    int panel = TvlFormat.PANEL_ROWS;
    int most = Math.max(panel, (int) (SLICE_BYTES / (matrix.byteSize() / rows)) / panel * panel);
    // At least four runs for each thread, so that none waits long for the last one.
    int fair = Math.ceilDiv(rows, 4 * team.threads() * panel) * panel;
    int slice = Math.min(most, fair);
    AtomicInteger next = new AtomicInteger();
    team.run(_ -> {
      for (int from; (from = next.getAndAdd(slice)) < rows; ) {
        run(matrix, x, y, from, Math.min(rows, from + slice));
      }
    });
  }

  @Override
  public void close() {
    code.close();
  }
}
