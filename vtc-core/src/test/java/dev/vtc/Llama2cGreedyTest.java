package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.sample.SamplingOptions;
import dev.vtc.testing.TestJson;
import dev.vtc.testing.TinyCheckpoint;
import java.io.IOException;
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
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void greedyIdsAreThoseOfRunC(boolean shared) throws IOException {
    @SuppressWarnings("unchecked")
    Map<String, Object> all =
        (Map<String, Object>) TestJson.resource(getClass(), "llama2c-greedy.json");
    Map<String, Object> golden = TestJson.get(all, shared ? "shared" : "unshared");
    List<Long> prompt = TestJson.get(golden, "prompt");
    List<Long> expected = TestJson.get(golden, "ids");
    Path file = TinyCheckpoint.write(folder.resolve("model.bin"), shared);
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
