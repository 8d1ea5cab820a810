package dev.vtc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Limits;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyModel;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EngineTest {
  @TempDir Path folder;

  private static float[][] evaluate(Engine engine, PagePool pool, int[] ids) throws Exception {
    try (SequencePages pages = new SequencePages(pool)) {
      return evaluate(engine, pages, ids);
    }
  }

  private static float[][] evaluate(Engine engine, SequencePages pages, int[] ids)
      throws Exception {
    float[][] logits = new float[ids.length][];
    Evaluation.run(
        engine,
        pages,
        ids,
        0,
        true,
        (position, l) -> logits[position] = l.toArray(ValueLayout.JAVA_FLOAT));
    return logits;
  }

  /** A pool that runs dry and a consumer that fails end their own job, and no other. */
  @Test
  void oneJobsFailureIsNoOthers() throws Exception {
    Path file = TinyModel.of(TinyModel.BLOCKS, 5).write(folder.resolve("tiny.gguf"));
    Limits limits = new Limits(16, 16, 4, 600);
    try (Rig.Loaded model = Rig.load(file, KvType.F16);
        Rig rig = new Rig(model, Machines.all().getLast(), 1, limits);
        PagePool two = new PagePool(model.program().kv(), 2 * model.program().kv().pageBytes(0));
        Engine engine = new Engine(rig.executable(), limits, 16, null);
        SequencePages reserved = new SequencePages(two)) {
      int[] ids = Replay.prompt(6, 120, 131);
      float[][] alone = evaluate(engine, two, ids);
      reserved.reserve(0, ids.length); // one of the two pages; the other job wants three
      CompletableFuture<float[][]> beside =
          CompletableFuture.supplyAsync(() -> {
            try {
              return evaluate(engine, reserved, ids);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThatThrownBy(() -> evaluate(engine, two, Replay.prompt(7, 600, 131)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("KV cache is full");
      try (SequencePages pages = new SequencePages(two)) {
        assertThatThrownBy(() ->
                Evaluation.run(
                    engine,
                    pages,
                    ids,
                    0,
                    true,
                    (position, l) -> {
                      throw new IllegalArgumentException("not mine");
                    }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("not mine");
      }
      assertThat(beside.get()).isDeepEqualTo(alone);
      assertThat(evaluate(engine, two, ids)).isDeepEqualTo(alone);
      assertThat(engine.steps()).isPositive();
    }
  }

  @Test
  void aClosedEngineTakesNothing() throws Exception {
    Path file = TinyModel.of(TinyModel.BLOCKS, 5).write(folder.resolve("tiny.gguf"));
    Limits limits = new Limits(16, 16, 4, 600);
    try (Rig.Loaded model = Rig.load(file, KvType.F16);
        Rig rig = new Rig(model, Machines.all().getLast(), 1, limits)) {
      Engine engine = new Engine(rig.executable(), limits, 16, null);
      engine.close();
      assertThatThrownBy(() -> evaluate(engine, rig.pool(), new int[] {1, 2}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }
}
