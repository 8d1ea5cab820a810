package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.machine.Machine;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.PlainRead;
import dev.vtc.machine.registry.Machines;
import dev.vtc.tvl.PackedModel;
import dev.vtc.tvl.PackedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How fast this machine reads the weights when it does nothing else with them: decoding cannot be
 * faster than this. The very bytes of the model are read, by as many threads, from the same pages
 * as in decoding; by machine code where a machine that emits it runs the model, else by a loop in
 * Java.
 */
final class ReadCeiling implements AutoCloseable {
  private static final long SLICE_BYTES = 1 << 18;

  private final List<MemorySegment> slices = new ArrayList<>();
  private final int threads;
  private long bytes;

  /** Sink for the sums, so that the reads are not optimized away. */
  private final AtomicLong sink = new AtomicLong();

  private final @Nullable PlainRead emitted;

  ReadCeiling(Model model) {
    PackedModel packed = model.packed();
    threads = model.threads();
    emitted = emitted(model.machine());
    List<PackedTensor> tensors = new ArrayList<>();
    for (String name : packed.matrices()) {
      tensors.add(packed.matrix(name));
    }
    tensors.sort(Comparator.comparingLong(t -> t.data().address()));
    long end = 0;
    for (PackedTensor t : tensors) {
      // Matrices that are read together lie between each other's panels: each byte is counted once.
      long from = Math.max(t.data().address(), end);
      long to = t.data().address() + t.data().byteSize();
      for (long a = from; a < to; a += SLICE_BYTES) {
        long slice = Math.min(SLICE_BYTES, to - a) / PlainRead.ROUND * PlainRead.ROUND;
        if (slice > 0) {
          slices.add(t.data().asSlice(a - t.data().address(), slice));
          bytes += slice;
        }
      }
      end = Math.max(end, to);
    }
  }

  private static @Nullable PlainRead emitted(String machine) {
    for (Machine m : Machines.all()) {
      if (m.name().equals(machine) && m instanceof LaneMachine lanes) {
        return new PlainRead(lanes);
      }
    }
    return null;
  }

  long bytes() {
    return bytes;
  }

  /** Bytes per second of one pass over all weights. */
  double measure() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch ready = new CountDownLatch(threads);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> team = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      team.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                ready.countDown();
                try {
                  go.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  return;
                }
                long sum = 0;
                for (int s; (s = next.getAndIncrement()) < slices.size(); ) {
                  if (emitted != null) {
                    emitted.read(slices.get(s));
                  } else {
                    sum += sum(slices.get(s));
                  }
                }
                sink.addAndGet(sum);
              }));
    }
    ready.await();
    long start = System.nanoTime();
    go.countDown();
    for (Thread t : team) {
      t.join();
    }
    return bytes * 1e9 / (System.nanoTime() - start);
  }

  /** Eight sums side by side, so that no addition waits for the one before. */
  private static long sum(MemorySegment m) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    long e = 0;
    long f = 0;
    long g = 0;
    long h = 0;
    long n = m.byteSize() / 64 * 64;
    for (long i = 0; i < n; i += 64) {
      a += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
      b += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 8);
      c += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 16);
      d += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 24);
      e += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 32);
      f += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 40);
      g += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 48);
      h += m.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 56);
    }
    return a + b + c + d + e + f + g + h;
  }

  @Override
  public void close() {
    if (emitted != null) {
      emitted.close();
    }
  }
}
