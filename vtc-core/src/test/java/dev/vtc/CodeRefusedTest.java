package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.vtc.sample.SamplingOptions;
import dev.vtc.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where memory must not be executable, the portable machine takes over and says the same. */
class CodeRefusedTest {
  @TempDir Path folder;

  private List<Integer> ids(Path file) throws IOException {
    ModelOptions options = ModelOptions.defaults().withCache(folder).withContext(64);
    try (Model model = Model.open(file, options);
        Session session = model.newSession()) {
      boolean refused = Boolean.getBoolean("vtc.refuseCode");
      if (refused) {
        assertThat(model.machine()).isEqualTo("java");
      } else {
        assumeThat(model.machine()).as("a machine that emits code").isNotEqualTo("java");
      }
      List<Integer> ids = new ArrayList<>();
      GenerationOptions greedy =
          GenerationOptions.defaults()
              .withMaxTokens(20)
              .withIgnoreEnd(true)
              .withSampling(SamplingOptions.greedy());
      for (Token token : session.generate(new int[] {1, 2, 3}, greedy)) {
        ids.add(token.id());
      }
      return ids;
    }
  }

  @Test
  void thePortableMachineTakesOver() throws IOException {
    Path file = TinyModel.of(TinyModel.BLOCKS, 5).write(folder.resolve("tiny.gguf"));
    List<Integer> emitted = ids(file);
    System.setProperty("vtc.refuseCode", "true");
    try {
      assertThat(ids(file)).isEqualTo(emitted).hasSizeGreaterThanOrEqualTo(20);
    } finally {
      System.clearProperty("vtc.refuseCode");
    }
  }
}
