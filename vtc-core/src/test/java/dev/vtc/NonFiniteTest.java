package dev.vtc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.asm.CpuFeatures;
import dev.vtc.machine.Machine;
import dev.vtc.machine.registry.Machines;
import dev.vtc.tensor.DType;
import dev.vtc.testing.BrokenWeight;
import dev.vtc.testing.TinyArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 10: a weight that is not finite is an error that names the instruction, not a token. */
class NonFiniteTest {
  private static final CpuFeatures CPU = CpuFeatures.detect();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "blk.0.attn_v.weight, NaN, matmul q,k,v =",
    "blk.1.ffn_norm.weight, Infinity, rmsnorm ",
    "blk.1.ffn_down.weight, -Infinity, matmul x +=",
    "output_norm.weight, NaN, rmsnorm "
  })
  void theInstructionIsNamed(String tensor, float value, String instruction) throws IOException {
    TinyArchitecture tiny = Objects.requireNonNull(TinyArchitecture.all().get("llama"));
    Path file = folder.resolve("broken.gguf");
    BrokenWeight.write(
        tiny.write(folder.resolve("model.gguf"), DType.F32), file, tensor, 10, value);
    for (Machine machine : Machines.all()) {
      if (!machine.supported(CPU)) {
        System.out.println("non-finite: " + machine.name() + " is not for this CPU");
        continue;
      }
      ModelOptions options =
          ModelOptions.defaults()
              .withMachine(machine.name())
              .withThreads(2)
              .withCache(folder.resolve("packed"));
      try (Model model = Model.open(file, options);
          Session session = model.newSession()) {
        Generation generation = session.generate(new int[] {1, 2, 3}, GenerationOptions.defaults());
        assertThatThrownBy(generation::await)
            .as(machine.name())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll(
                "so no token can be chosen", "comes from instruction ", instruction, tensor);
      }
    }
  }
}
