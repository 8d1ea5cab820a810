package dev.vtc.machine.lanes;

import dev.vtc.asm.MachineCode;
import dev.vtc.machine.ThreadTeam;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of one program: each has an index, which becomes its address, and is emitted once. In
 * a fresh JVM most of the time from a model's opening to its first step goes here, in code that is
 * not compiled yet: so the threads of the team share it, and begin before all kernels are known.
 */
final class Kernels {
  /** Makes an empty function of a machine. Safe for use by several threads. */
  interface Backend {
    LaneAssembler assembler(String name);
  }

  private static final class Kernel {
    private final String name;
    private final Consumer<LaneAssembler> body;
    private @Nullable MachineCode code;

    private Kernel(String name, Consumer<LaneAssembler> body) {
      this.name = name;
      this.body = body;
    }
  }

  private final Backend backend;
  private final Map<String, Integer> indexes = new HashMap<>();

  // Kernels are taken in their order, by whichever thread is free, until no more can come.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<Kernel> kernels = new ArrayList<>();
  private int taken;
  private boolean complete;

  Kernels(Backend backend) {
    this.backend = backend;
  }

  /**
   * The index of the kernel with this name.
   *
   * @param body emits it, if it is new; on any thread of the team, beside others
   */
  int index(String name, Consumer<LaneAssembler> body) {
    Integer known = indexes.putIfAbsent(name, indexes.size());
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      kernels.add(new Kernel(name, body));
      more.signal();
      return kernels.size() - 1;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs on the calling thread what asks for kernels, while the team's other threads emit those
   * that it has asked for; returns when all are emitted.
   *
   * @param asking calls {@link #index}, and nobody else does
   */
  <T> T emit(ThreadTeam team, Supplier<T> asking) {
    AtomicReference<T> result = new AtomicReference<>();
    team.run(thread -> {
      if (thread == 0) {
        try {
          result.set(asking.get());
        } finally {
          complete();
        }
      }
      for (Kernel k = next(); k != null; k = next()) {
        LaneAssembler a = backend.assembler(k.name);
        k.body.accept(a);
        k.code = a.finish();
      }
    });
    return result.get();
  }

  private void complete() {
    lock.lock();
    try {
      complete = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next kernel to emit, awaited; null when there is none and no more can come. */
  private @Nullable Kernel next() {
    lock.lock();
    try {
      while (taken == kernels.size() && !complete) {
        more.awaitUninterruptibly();
      }
      return taken < kernels.size() ? kernels.get(taken++) : null;
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #emit} has emitted; the code of index i is at i. */
  List<MachineCode> codes() {
    List<MachineCode> codes = new ArrayList<>();
    for (Kernel k : kernels) {
      codes.add(Objects.requireNonNull(k.code));
    }
    return codes;
  }
}
