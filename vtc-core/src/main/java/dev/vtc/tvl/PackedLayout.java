package dev.vtc.tvl;

import dev.vtc.format.FormatException;
import dev.vtc.format.ModelSource;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where everything of a packed model lies, and the work of filling it.
 *
 * <pre>
 *   blobs      64-byte aligned
 *   vectors    f32, 64-byte aligned
 *   matrices   groups in the plan's order, each on a 4 KiB boundary
 * </pre>
 *
 * <p>Offsets count from a base that is itself on a 4 KiB boundary. The work is cut into {@link
 * Piece}s of about a megabyte, which together write everything but the gaps between entries, in
 * ascending order.
 */
final class PackedLayout {
  static final int LINE = TvlFormat.LINE_BYTES;
  static final int PAGE = 4096;

  /** Bytes of a piece, unless a single panel has more. */
  private static final int PIECE_BYTES = 1 << 20;

  // 16 rows of 4 million f32: far above any real model, far below what would not fit in memory.
  private static final long MAX_PANEL_BYTES = 1L << 28;

  enum Kind {
    BLOB,
    VECTOR,
    MATRIX
  }

  /**
   * One thing stored.
   *
   * @param format of a matrix, else null
   * @param rows of a matrix, else 1
   * @param columns elements of a vector or of a matrix's row, bytes of a blob
   * @param offset of its first byte
   * @param stride from panel to panel of a matrix, else 0
   */
  record Entry(
      String name,
      Kind kind,
      @Nullable TvlFormat format,
      long rows,
      long columns,
      long offset,
      long stride) {

    /** Bytes from its first to its last. */
    long bytes() {
      return switch (kind) {
        case BLOB -> columns;
        case VECTOR -> Math.multiplyExact(columns, (long) Float.BYTES);
        case MATRIX -> {
          if (format == null) {
            throw new IllegalStateException("Matrix " + name + " has no format.");
          }
          int panels = TvlFormat.panels(Math.toIntExact(rows));
          long panel = format.panelBytes(Math.toIntExact(columns));
          yield Math.addExact(Math.multiplyExact(panels - 1L, stride), panel);
        }
      };
    }
  }

  /** Writes its bytes, all of them, into memory of exactly its size. */
  @FunctionalInterface
  interface Filler {
    void fill(MemorySegment dst);
  }

  /** A part of the work; pieces share no byte. */
  record Piece(long offset, long bytes, Filler filler) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final ModelSource source;
  private final Map<String, DType> types;
  private long end;
  private long weights;

  /**
   * Plans, without touching more than the values of dense F32 matrices.
   *
   * @throws FormatException when a tensor cannot be packed
   * @throws IllegalArgumentException when the plan names a tensor that is not there
   */
  PackedLayout(ModelSource source, PackPlan plan, PackedExtras extras) throws FormatException {
    this.source = source;
    this.types = plan.types();
    SequencedMap<String, Tensor> tensors = source.tensors();
    extras.blobs().forEach(this::addBlob);
    for (Tensor tensor : tensors.values()) {
      if (PackPlan.isVector(tensor)) {
        addVector(tensor);
      }
    }
    for (PackPlan.Group group : plan.groups()) {
      List<Stack> stacks = new ArrayList<>();
      for (PackPlan.Stack stack : group.stacks()) {
        stacks.add(stack(stack, tensors));
      }
      addGroup(group, stacks);
    }
  }

  /** A matrix to be: tensors of one shape, stored one after the other in one format. */
  private record Stack(String name, List<Tensor> tensors, TvlFormat format, boolean quantized) {
    int rowsOfOne() {
      return (int) tensors.getFirst().rows();
    }

    int rows() {
      return Math.multiplyExact(rowsOfOne(), tensors.size());
    }

    int columns() {
      return (int) tensors.getFirst().columns();
    }

    int panels() {
      return TvlFormat.panels(rows());
    }

    /** Packs panels, {@code stride} apart. */
    void pack(MemorySegment to, long stride, int firstPanel, int count) {
      int panelsOfOne = TvlFormat.panels(rowsOfOne());
      for (int done = 0; done < count; ) {
        int panel = (firstPanel + done) % panelsOfOne;
        int here = Math.min(count - done, panelsOfOne - panel);
        Tensor tensor = tensors.get((firstPanel + done) / panelsOfOne);
        MemorySegment part = to.asSlice(done * stride);
        if (quantized) {
          Packer.quantize(tensor, format, part, stride, panel, here);
        } else {
          Packer.pack(tensor, format, part, stride, panel, here);
        }
        done += here;
      }
    }
  }

  private Stack stack(PackPlan.Stack plan, SequencedMap<String, Tensor> tensors)
      throws FormatException {
    List<Tensor> members = new ArrayList<>();
    TvlFormat common = null;
    for (String name : plan.tensors()) {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new IllegalArgumentException("The plan names tensor " + name + ", not in the file");
      }
      TvlFormat format = format(tensor);
      // Some of F32 tensors may be narrow by chance, and some not.
      common = common == null || common == format ? format : TvlFormat.F32;
      members.add(tensor);
    }
    Tensor first = members.getFirst();
    boolean quantized = types.containsKey(first.name());
    Stack stack = new Stack(plan.name(), members, Objects.requireNonNull(common), quantized);
    for (Tensor t : members) {
      boolean whole = members.size() == 1 || t.rows() % TvlFormat.PANEL_ROWS == 0;
      boolean alike =
          t.rows() == first.rows() && t.columns() == first.columns() && t.type() == first.type();
      if (!whole || !alike || (long) members.size() * t.rows() > Integer.MAX_VALUE >> 1) {
        throw new FormatException(
            source.path(),
            t.offset(),
            "the experts "
                + first.name()
                + " and "
                + t.name()
                + " must have one type and shape, and rows in multiples of 16; such a model cannot"
                + " be packed, use another file.");
      }
    }
    return stack;
  }

  List<Entry> entries() {
    return entries;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** Bytes from the base to the end of the last entry. */
  long bytes() {
    return end;
  }

  /** Bytes that pieces write. */
  long pieceBytes() {
    long sum = 0;
    for (Piece piece : pieces) {
      sum += piece.bytes();
    }
    return sum;
  }

  private TvlFormat format(Tensor tensor) throws FormatException {
    try {
      DType type = types.get(tensor.name());
      TvlFormat format = type == null ? Packer.chooseFormat(tensor) : TvlFormat.of(type);
      if (format.panelBytes(Packer.size(tensor.columns(), tensor)) > MAX_PANEL_BYTES) {
        throw new IllegalArgumentException(
            "Tensor " + tensor.name() + " has rows of " + tensor.columns() + " columns");
      }
      Packer.size(tensor.rows(), tensor);
      return format;
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          source.path(),
          tensor.offset(),
          e.getMessage() + "; such a model cannot be packed, use another file.");
    }
  }

  private long place(int alignment) {
    end = Math.ceilDiv(end, alignment) * (long) alignment;
    return end;
  }

  private void addBlob(String name, MemorySegment blob) {
    long offset = place(LINE);
    entries.add(new Entry(name, Kind.BLOB, null, 1, blob.byteSize(), offset, 0));
    for (long at = 0; at < blob.byteSize(); at += PIECE_BYTES) {
      MemorySegment part = blob.asSlice(at, Math.min(PIECE_BYTES, blob.byteSize() - at));
      pieces.add(new Piece(offset + at, part.byteSize(), dst -> dst.copyFrom(part)));
    }
    end += blob.byteSize();
  }

  private void addVector(Tensor tensor) {
    long offset = place(LINE);
    long columns = tensor.columns();
    entries.add(new Entry(tensor.name(), Kind.VECTOR, null, 1, columns, offset, 0));
    int step = PIECE_BYTES / Float.BYTES; // a multiple of every block size
    for (long at = 0; at < columns; at += step) {
      long from = at;
      int count = (int) Math.min(step, columns - at);
      pieces.add(
          new Piece(
              offset + at * Float.BYTES,
              (long) count * Float.BYTES,
              dst -> decode(tensor, from, count, dst)));
    }
    end += columns * Float.BYTES;
    weights += columns;
  }

  private static void decode(Tensor tensor, long from, int count, MemorySegment dst) {
    float[] values = new float[count];
    long at = tensor.type().rowBytes(from);
    Decoder.decode(tensor.type(), tensor.data(), at, values, 0, count);
    MemorySegment.copy(values, 0, dst, Packer.LE_FLOAT, 0, count);
  }

  private void addGroup(PackPlan.Group group, List<Stack> members) {
    Stack first = members.getFirst();
    boolean alike = true;
    for (Stack m : members) {
      alike &=
          m.format() == first.format()
              && m.rows() == first.rows()
              && m.columns() == first.columns();
    }
    if (group.order() == PackPlan.Order.INTERLEAVED && alike) {
      addPanels(members);
    } else {
      members.forEach(m -> addPanels(List.of(m)));
    }
  }

  /** Matrices of one shape and format, panel by panel. */
  private void addPanels(List<Stack> matrices) {
    TvlFormat format = matrices.getFirst().format();
    int rows = matrices.getFirst().rows();
    int columns = matrices.getFirst().columns();
    long panelBytes = format.panelBytes(columns);
    long stride = panelBytes * matrices.size();
    long offset = place(PAGE);
    for (int i = 0; i < matrices.size(); i++) {
      String name = matrices.get(i).name();
      long at = offset + i * panelBytes;
      entries.add(new Entry(name, Kind.MATRIX, format, rows, columns, at, stride));
      weights += (long) rows * columns;
    }
    int panels = matrices.getFirst().panels();
    int step = (int) Math.max(1, PIECE_BYTES / stride);
    for (int panel = 0; panel < panels; panel += step) {
      int first = panel;
      int count = Math.min(step, panels - panel);
      pieces.add(
          new Piece(
              offset + panel * stride,
              count * stride,
              dst -> {
                for (int i = 0; i < matrices.size(); i++) {
                  matrices.get(i).pack(dst.asSlice(i * panelBytes), stride, first, count);
                }
              }));
    }
    end = offset + panels * stride;
  }

  /** Stored weights, padding left out. */
  long weights() {
    return weights;
  }
}
