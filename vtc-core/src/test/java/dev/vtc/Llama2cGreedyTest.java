package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.sample.SamplingOptions;
import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A llama2.c checkpoint with grouped-query attention and odd sizes gives the greedy ids of run.c's
 * algorithm, as src/test/python/llama2c_greedy.py has it in numpy.
 */
class Llama2cGreedyTest {
  private static final int DIM = 64;
  private static final int HIDDEN = 172;
  private static final int LAYERS = 2;
  private static final int HEADS = 8;
  private static final int KV_HEADS = 4;
  private static final int VOCABULARY = 512;
  private static final int CONTEXT = 64;

  @TempDir Path folder;

  private static long state;

  /** The script's numbers: the upper 24 bits of a linear congruential generator. */
  private static void floats(ByteBuffer out, int count, float factor, float addend) {
    for (int i = 0; i < count; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      float x = (float) ((double) (state >>> 40) / (1 << 24) - 0.5);
      out.putFloat(x * factor + addend);
    }
  }

  private Path checkpoint(boolean shared) throws IOException {
    state = shared ? 2026 : 1997;
    int kvDim = DIM / HEADS * KV_HEADS;
    ByteBuffer b = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int v :
        new int[] {
          DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, shared ? VOCABULARY : -VOCABULARY, CONTEXT
        }) {
      b.putInt(v);
    }
    floats(b, VOCABULARY * DIM, 2, 0);
    floats(b, LAYERS * DIM, 1, 1);
    floats(b, LAYERS * DIM * DIM, 0.5f, 0);
    floats(b, LAYERS * kvDim * DIM * 2, 0.5f, 0);
    floats(b, LAYERS * DIM * DIM, 0.5f, 0);
    floats(b, LAYERS * DIM, 1, 1);
    floats(b, LAYERS * HIDDEN * DIM * 3, 0.5f, 0);
    floats(b, DIM, 1, 1);
    floats(b, CONTEXT * DIM / HEADS, 1, 0);
    if (!shared) {
      floats(b, VOCABULARY * DIM, 1, 0);
    }
    byte[] bytes = new byte[b.position()];
    b.flip().get(bytes);
    return Files.write(folder.resolve("model.bin"), bytes);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void greedyIdsAreThoseOfRunC(boolean shared) throws IOException {
    @SuppressWarnings("unchecked")
    Map<String, Object> all =
        (Map<String, Object>) TestJson.resource(getClass(), "llama2c-greedy.json");
    Map<String, Object> golden = TestJson.get(all, shared ? "shared" : "unshared");
    List<Long> prompt = TestJson.get(golden, "prompt");
    List<Long> expected = TestJson.get(golden, "ids");
    Path file = checkpoint(shared);
    for (Machine machine : Machines.supported(CpuFeatures.detect())) {
      ModelOptions options =
          ModelOptions.defaults()
              .withThreads(2)
              .withMachine(machine.name())
              .withKvType(KvType.F32) // as run.c keeps them; f16 changes a close choice here
              .withCache(folder.resolve("cache"));
      try (Model model = Model.open(file, options);
          Session session = model.newSession();
          Generation generation =
              session.generate(
                  prompt.stream().mapToInt(Long::intValue).toArray(),
                  GenerationOptions.defaults()
                      .withMaxTokens(expected.size())
                      .withSampling(SamplingOptions.greedy()))) {
        List<Long> ids = new ArrayList<>();
        for (Token t : generation) {
          ids.add((long) t.id());
        }
        assertThat(ids).as(machine.name()).isEqualTo(expected);
      }
    }
  }
}
