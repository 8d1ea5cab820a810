package dev.vtc.machine.lanes;

import dev.vtc.asm.MachineCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The kernels of one program: each is emitted once, when first asked for, and has an index that
 * becomes its address.
 */
final class Kernels {
  /** Makes an empty function of a machine. */
  interface Backend {
    LaneAssembler assembler(String name);
  }

  private final Backend backend;
  private final List<MachineCode> codes = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  Kernels(Backend backend) {
    this.backend = backend;
  }

  /** The index of the kernel with this name, which {@code body} emits if it is new. */
  int index(String name, Consumer<LaneAssembler> body) {
    Integer known = indexes.get(name);
    if (known != null) {
      return known;
    }
    LaneAssembler a = backend.assembler(name);
    body.accept(a);
    codes.add(a.finish());
    indexes.put(name, codes.size() - 1);
    return codes.size() - 1;
  }

  List<MachineCode> codes() {
    return codes;
  }
}
