package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vtc.kv.SequencePages;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step allocates nothing in Java, on the calling thread or on those of the team. */
class StepAllocationTest {
  private static final int STEPS = 100;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private static long[] ids() {
    List<Long> ids = new ArrayList<>();
    ids.add(Thread.currentThread().threadId());
    for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (info != null && info.getThreadName().matches("vtc-\\d+")) {
        ids.add(info.getThreadId());
      }
    }
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  /** Bytes that decoding tokens allocates; {@code garbage} more are allocated on purpose. */
  private static long allocated(
      Rig rig, SequencePages pages, Step step, int[] prompt, long[] threads, int garbage) {
    long before = total(threads);
    byte[] waste = null;
    for (int i = 0; i < STEPS; i++) {
      step.clear();
      step.add(prompt, i, 1, i, pages, 0);
      rig.executable().run(step);
      if (garbage > 0) {
        waste = new byte[garbage];
      }
    }
    long after = total(threads);
    assertThat(waste == null).isEqualTo(garbage == 0);
    return after - before;
  }

  private static long total(long[] threads) {
    long sum = 0;
    for (long id : threads) {
      sum += THREADS.getThreadAllocatedBytes(id);
    }
    return sum;
  }

  @Test
  void decodingAllocatesNothing() {
    allocatesNothing(TinyModel.of(TinyModel.BLOCKS, 3).write(folder.resolve("tiny.gguf")));
  }

  @Test
  void expertsAllocateNothing() {
    TinyArchitecture model = Objects.requireNonNull(TinyArchitecture.all().get("qwen3moe"));
    allocatesNothing(model.write(folder.resolve("experts.gguf"), DType.F32));
  }

  private static void allocatesNothing(Path file) {
    assertThat(THREADS.isThreadAllocatedMemorySupported()).isTrue();
    for (Machine machine : Rig.machines("allocation")) {
      try (Rig.Loaded model = Rig.load(file, KvType.F16);
          Rig rig = new Rig(model, machine, 2, new Limits(8, 8, 2, 256));
          SequencePages pages = new SequencePages(rig.pool())) {
        pages.reserve(0, STEPS);
        int[] prompt = Replay.prompt(2, STEPS, model.program().vocabulary());
        Step step = new Step(rig.limits());
        long[] threads = ids();
        assertThat(threads).hasSizeGreaterThanOrEqualTo(2);
        // What the JDK itself sets up on first use (call sites, segment access, method handles that
        // it tunes after some hundred calls) is done in a few thousand steps; then three runs of a
        // hundred, one after the other, must be free of any byte.
        int clean = 0;
        for (int round = 0; clean < 3 && round < 60; round++) {
          long bytes = allocated(rig, pages, step, prompt, threads, 0);
          System.out.println(
              machine.name() + ": " + bytes + " bytes in steps " + STEPS * round + " ...");
          clean = bytes == 0 ? clean + 1 : 0;
        }
        assertThat(clean).as(machine.name() + ": runs without a byte").isEqualTo(3);
        // The measure itself: it sees 16 bytes.
        assertThat(allocated(rig, pages, step, prompt, threads, 1))
            .isGreaterThanOrEqualTo(16L * STEPS);
      }
    }
  }
}
