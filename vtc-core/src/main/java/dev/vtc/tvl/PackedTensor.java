package dev.vtc.tvl;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix [rows, columns] in TVL. Panel p begins at {@code p * panelStride} and is {@code
 * format.panelBytes(columns)} bytes long; a stride larger than that means that panels of another
 * matrix which is read together with this one lie between (gate and up).
 *
 * @param name the tensor's name in the model file
 * @param format the layout of a panel
 * @param rows output features, without padding
 * @param columns input features, without padding
 * @param panelStride bytes from one panel to the next, a multiple of 64
 * @param data from the first byte of panel 0 to the last byte of the last panel; 64-byte aligned
 */
public record PackedTensor(
    String name, TvlFormat format, int rows, int columns, long panelStride, MemorySegment data) {

  /** Checks size and alignment, so that whoever runs over the panels need not. */
  public PackedTensor {
    long panel = format.panelBytes(columns);
    long bytes = (TvlFormat.panels(rows) - 1L) * panelStride + panel;
    if (rows <= 0
        || columns <= 0
        || panelStride < panel
        || panelStride % TvlFormat.LINE_BYTES != 0
        || data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "Packed tensor "
              + name
              + " ["
              + rows
              + ", "
              + columns
              + "] "
              + format
              + " has "
              + data.byteSize()
              + " bytes, stride "
              + panelStride
              + ", instead of "
              + bytes
              + ".");
    }
    if (data.isNative() && data.address() % TvlFormat.LINE_BYTES != 0) {
      throw new IllegalArgumentException("Packed tensor " + name + " is not aligned to 64 bytes.");
    }
  }

  /** Number of panels. */
  public int panels() {
    return TvlFormat.panels(rows);
  }

  /**
   * Rows {@code from} to {@code to} of this matrix where they lie, for products with a part of a
   * fused matrix.
   *
   * @throws IllegalArgumentException unless both ends are edges of panels
   */
  PackedTensor slice(String sliceName, int from, int to) {
    new RowRange(name, from, to).check(rows);
    long offset = from / TvlFormat.PANEL_ROWS * panelStride;
    long bytes = (TvlFormat.panels(to - from) - 1L) * panelStride + format.panelBytes(columns);
    return new PackedTensor(
        sliceName, format, to - from, columns, panelStride, data.asSlice(offset, bytes));
  }
}
