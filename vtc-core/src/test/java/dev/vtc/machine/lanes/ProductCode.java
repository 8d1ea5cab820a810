package dev.vtc.machine.lanes;

import dev.vtc.machine.Machine;
import dev.vtc.machine.a64.A64Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.tvl.TvlFormat;
import java.util.HexFormat;

/**
 * Prints the code of product kernels for one token, for those who count its cycles:
 * vtc-bench/scripts/mca.py.
 */
final class ProductCode {
  /** Long enough that every loop is one. */
  private static final int COLUMNS = 4096;

  private ProductCode() {}

  /**
   * Arguments: formats. A line for each AArch64 machine and format: machine, format, bytes of
   * weights in a round of the innermost loop, code in hexadecimal.
   */
  public static void main(String[] arguments) {
    for (Machine machine : A64Machines.all()) {
      for (String name : arguments) {
        TvlFormat format = TvlFormat.valueOf(name);
        Type type = format.isDense() ? Type.F32 : Type.Q8;
        Buffer in = new Buffer("x", type, Rows.TOKENS, COLUMNS);
        LaneAssembler a = ((LaneMachine) machine).backend().apply("product");
        ProductTile.emit(a, format, COLUMNS, in, 1);
        String code = HexFormat.of().formatHex(a.finish().bytes());
        long round = format.panelBytes(COLUMNS) / (COLUMNS / columnsOfRound(format));
        System.out.println(machine.name() + " " + format + " " + round + " " + code);
      }
    }
  }

  /** Sixteen columns unrolled, or a group of 64. */
  private static int columnsOfRound(TvlFormat format) {
    return format.isDense() ? 16 : TvlFormat.GROUP_COLUMNS;
  }
}
