package dev.vtc.program;

import dev.vtc.program.Instruction.Add;
import dev.vtc.program.Instruction.Attend;
import dev.vtc.program.Instruction.Combine;
import dev.vtc.program.Instruction.Dispatch;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Group;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.Instruction.RmsNorm;
import dev.vtc.program.Instruction.RopeStoreKv;
import dev.vtc.program.Instruction.Route;
import dev.vtc.program.Instruction.Select;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operand column of a listing. */
public final class Operands {
  private Operands() {}

  public static String of(Instruction instruction) {
    return switch (instruction) {
      case Embed e -> e.out().name() + " = " + of(e.table()) + "[token]";
      case RmsNorm r ->
          outputs(r.out(), r.quantized())
              + (r.addToOut() ? " += " : " = ")
              + r.in().name()
              + " · "
              + r.weight();
      case Quantize q -> q.out().name() + " = " + q.in().name();
      case MatMul m -> {
        String experts = m.experts() == null ? "" : m.experts().count() + " x ";
        String products =
            m.parts().stream().map(p -> experts + product(p)).collect(Collectors.joining(", "));
        String outs = m.writes().stream().map(Buffer::name).collect(Collectors.joining(","));
        yield switch (m.epilogue()) {
          case STORE -> outs + " = " + products;
          case ADD -> outs + " += " + products;
          case SWIGLU -> outs + " = silu·(" + products + ")";
          case GEGLU -> outs + " = gelu·(" + products + ")";
        };
      }
      case RopeStoreKv r ->
          "kv[" + r.layer() + "] <- " + r.q().name() + "," + r.k().name() + "," + r.v().name();
      case Attend a ->
          outputs(a.out(), a.quantized())
              + " = "
              + a.q().name()
              + " over kv["
              + a.layer()
              + "]"
              + (a.window() > 0 ? " window " + a.window() : "");
      case Route r ->
          r.choice().name() + "," + r.weight().name() + " = best of " + r.logits().name();
      case Group g -> g.place().name() + "," + g.groups().name() + " = " + g.choice().name();
      case Dispatch d -> d.out().name() + "[" + d.place().name() + "] = " + d.in().name();
      case Combine c ->
          c.into().name()
              + " += "
              + c.weight().name()
              + " · "
              + c.in().name()
              + "["
              + c.place().name()
              + "]";
      case Add a -> a.into().name() + " += " + a.in().name();
      case Select s -> s.tileMax().name() + " = max " + s.logits().name();
    };
  }

  private static String product(Part p) {
    return of(p.matrix()) + "·" + p.in().name();
  }

  private static String of(Matrix m) {
    return m.name() + "[" + m.rows() + "," + m.columns() + "]" + m.format();
  }

  private static String outputs(@Nullable Buffer a, @Nullable Buffer b) {
    if (a == null) {
      return b == null ? "" : b.name();
    }
    return b == null ? a.name() : a.name() + "," + b.name();
  }
}
