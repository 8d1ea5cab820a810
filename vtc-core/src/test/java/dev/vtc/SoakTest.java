package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.sample.SamplingOptions;
import dev.vtc.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many tokens with teams of one, two and five threads: the same tokens, no hang, no growth. In the
 * build 400 tokens of a tiny model; by hand as many as {@code VTC_SOAK_TOKENS} says, of {@code
 * VTC_TEST_MODEL} if it is set.
 */
class SoakTest {
  private static final int[] TEAMS = {1, 2, 5};
  private static final int CONTEXT = 512;
  private static final int BATCH = 400;

  @TempDir Path folder;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void manyTokensAreTheSameForAnyTeamAndTakeNoMemory() throws IOException {
    String wanted = System.getenv("VTC_SOAK_TOKENS");
    String real = System.getenv("VTC_TEST_MODEL");
    int tokens = wanted == null ? BATCH : Integer.parseInt(wanted);
    Path file =
        wanted != null && real != null
            ? Path.of(real)
            : TinyModel.of(TinyModel.BLOCKS, 5).write(folder.resolve("tiny.gguf"));
    Machine fastest = Machines.supported(dev.vtc.asm.CpuFeatures.detect()).getFirst();
    System.out.printf("soak: %d tokens of %s on %s%n", tokens, file.getFileName(), fastest.name());
    List<Integer> expected = null;
    for (int threads : TEAMS) {
      List<Integer> ids = generate(file, threads, tokens);
      if (expected == null) {
        expected = ids;
      }
      assertThat(ids).as(threads + " threads").hasSize(tokens).isEqualTo(expected);
    }
  }

  private List<Integer> generate(Path file, int threads, int tokens) throws IOException {
    ModelOptions options =
        ModelOptions.defaults()
            .withCache(folder.resolve("packed"))
            .withThreads(threads)
            .withContext(CONTEXT);
    GenerationOptions greedy =
        GenerationOptions.defaults().withSampling(SamplingOptions.greedy()).withIgnoreEnd(true);
    List<Integer> ids = new ArrayList<>();
    try (Model model = Model.open(file, options);
        Session session = model.newSession()) {
      long begin = System.nanoTime();
      long native1 = 0;
      long resident1 = 0;
      for (int batch = 0; ids.size() < tokens; batch++) {
        // Another beginning each time, or all batches would be one.
        int[] prompt = {1, 2 + batch % 40, 3};
        int count = Math.min(BATCH, tokens - ids.size());
        try (Generation g = session.generate(prompt, greedy.withMaxTokens(count))) {
          for (Token token : g) {
            if (token.id() >= 0) {
              ids.add(token.id());
            }
          }
        }
        if (batch == 0) {
          native1 = model.allocatedBytes();
          resident1 = anonymous();
        }
      }
      assertThat(model.allocatedBytes()).as("bytes beside the weights").isEqualTo(native1);
      // The heap may have spread over what it has; anything native that grew by two kilobytes a
      // token would be more than the rest of the bound in 10,000 tokens.
      long growth = anonymous() - resident1;
      System.out.printf(
          "soak: %d threads, %.0f tok/s, anonymous memory grew by %.1f MB after the first %d"
              + " tokens%n",
          threads, tokens * 1e9 / (System.nanoTime() - begin), growth / 1e6, BATCH);
      assertThat(growth).isLessThan((16 << 20) + Runtime.getRuntime().totalMemory());
    }
    return ids;
  }

  /** Anonymous memory of the process after a collection; 0 where the system does not say. */
  private static long anonymous() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("RssAnon:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
