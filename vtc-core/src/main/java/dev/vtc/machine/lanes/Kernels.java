package dev.vtc.machine.lanes;

import dev.vtc.asm.MachineCode;
import dev.vtc.machine.ThreadTeam;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The kernels of one program: each has an index, which becomes its address, and is emitted once. In
 * a fresh JVM most of the time from a model's opening to its first step is emission in code that is
 * not compiled yet, so the threads of the team share it.
 */
final class Kernels {
  /** Makes an empty function of a machine. Safe for use by several threads. */
  interface Backend {
    LaneAssembler assembler(String name);
  }

  private record Kernel(String name, Consumer<LaneAssembler> body) {}

  private final Backend backend;
  private final List<Kernel> kernels = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  Kernels(Backend backend) {
    this.backend = backend;
  }

  /**
   * The index of the kernel with this name.
   *
   * @param body emits it, if it is new; on any thread of the team, beside others
   */
  int index(String name, Consumer<LaneAssembler> body) {
    Integer known = indexes.putIfAbsent(name, kernels.size());
    if (known != null) {
      return known;
    }
    kernels.add(new Kernel(name, body));
    return kernels.size() - 1;
  }

  /** Emits all of them; the code of index i is at i. */
  List<MachineCode> emit(ThreadTeam team) {
    AtomicReferenceArray<MachineCode> codes = new AtomicReferenceArray<>(kernels.size());
    AtomicInteger next = new AtomicInteger();
    team.run(_ -> {
      for (int i; (i = next.getAndIncrement()) < kernels.size(); ) {
        Kernel kernel = kernels.get(i);
        LaneAssembler a = backend.assembler(kernel.name());
        kernel.body().accept(a);
        codes.set(i, a.finish());
      }
    });
    List<MachineCode> list = new ArrayList<>();
    for (int i = 0; i < codes.length(); i++) {
      list.add(codes.get(i));
    }
    return list;
  }
}
