package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.format.Metadata;
import dev.vtc.sample.SamplingOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {
  @Test
  void aModelsAdviceIsTaken() {
    Metadata metadata =
        new Metadata(
            Map.of(
                "general.sampling.temp", 0.6,
                "general.sampling.top_k", 20L,
                "general.sampling.top_p", 0.9,
                "general.sampling.min_p", 0.0,
                "general.sampling.penalty_repeat", 1.1,
                "general.sampling.penalty_last_n", 32L));
    assertThat(GenerationOptions.of(metadata).sampling())
        .isEqualTo(
            SamplingOptions.defaults()
                .withTemperature(0.6)
                .withTopK(20)
                .withTopP(0.9)
                .withMinP(0)
                .withRepetitionPenalty(1.1)
                .withRepeatLastN(32));
  }

  /** A GGUF file has f32: 0.6f is 0.60000002384… */
  @Test
  void theDecimalIsMeantThatAnF32StandsFor() {
    Metadata metadata = new Metadata(Map.of("general.sampling.temp", (double) 0.6f));
    assertThat(GenerationOptions.of(metadata).sampling().temperature()).isEqualTo(0.6);
    assertThat(Metadata.decimal(1.0 / 3)).isEqualTo(1.0 / 3);
  }

  @Test
  void whatMakesNoSenseIsPassedOver() {
    Metadata metadata =
        new Metadata(
            Map.of(
                "general.sampling.temp",
                -1.0,
                "general.sampling.top_p",
                "much",
                "general.sampling.top_k",
                7L));
    assertThat(GenerationOptions.of(metadata).sampling())
        .isEqualTo(SamplingOptions.defaults().withTopK(7));
    assertThat(GenerationOptions.of(new Metadata(Map.of())))
        .isEqualTo(GenerationOptions.defaults());
  }
}
