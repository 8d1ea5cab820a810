package dev.vtc.machine.lanes;

import dev.vtc.machine.Machine;
import dev.vtc.machine.a64.A64Machines;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.tvl.TvlFormat;
import java.util.HexFormat;

/** Prints the code of product kernels, for those who count its cycles: vtc-bench/scripts/mca.py. */
final class ProductCode {
  private ProductCode() {}

  /**
   * Arguments: columns, then formats. A line for each AArch64 machine, format and tile: machine,
   * format, tokens of the tile, bytes of weights that the kernel reads, code in hexadecimal. Which
   * core it is tuned for is a matter of {@code VTC_TUNING}.
   */
  public static void main(String[] arguments) {
    int columns = Integer.parseInt(arguments[0]);
    for (Machine machine : A64Machines.all()) {
      for (int i = 1; i < arguments.length; i++) {
        TvlFormat format = TvlFormat.valueOf(arguments[i]);
        Type type = format.isDense() ? Type.F32 : Type.Q8;
        Buffer in = new Buffer("x", type, Rows.TOKENS, columns);
        for (int tokens : ProductTile.sizes(assembler(machine), format)) {
          LaneAssembler a = assembler(machine);
          ProductTile.emit(a, format, columns, in, tokens);
          String code = HexFormat.of().formatHex(a.finish().bytes());
          long bytes = format.panelBytes(columns);
          System.out.println(
              machine.name() + " " + format + " " + tokens + " " + bytes + " " + code);
        }
      }
    }
  }

  private static LaneAssembler assembler(Machine machine) {
    return ((LaneMachine) machine).backend().apply("product");
  }
}
