package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.sample.SamplingOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Hugging Face folder says of generating is what a session does. */
class FolderSettingsTest {
  private static final int[] PROMPT = {3, 4, 7};

  @TempDir Path temporary;

  /** A copy of a folder that the Python package safetensors wrote, with settings of its own. */
  private Path folder(String config, String generation, boolean tokenizer)
      throws IOException, URISyntaxException {
    Path golden =
        Path.of(
                Objects.requireNonNull(
                        FolderSettingsTest.class.getResource(
                            "format/safetensors/llama/config.json"))
                    .toURI())
            .resolveSibling(".")
            .normalize();
    Path copy = Files.createTempDirectory(temporary, "llama");
    try (Stream<Path> files = Files.list(golden)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".gguf") && (tokenizer || !name.startsWith("tokenizer"))) {
          Files.copy(file, copy.resolve(name));
        }
      }
    }
    String json = Files.readString(copy.resolve("config.json"));
    if (!config.isEmpty()) {
      json = json.replaceFirst("\\{", "{" + config + ", ");
    }
    Files.writeString(copy.resolve("config.json"), json);
    Files.delete(copy.resolve("generation_config.json"));
    if (!generation.isEmpty()) {
      Files.writeString(copy.resolve("generation_config.json"), "{" + generation + "}");
    }
    return copy;
  }

  private Model open(Path folder) throws IOException {
    return Model.open(
        folder, ModelOptions.defaults().withThreads(1).withCache(temporary.resolve("cache")));
  }

  private record Answer(List<Integer> ids, FinishReason reason) {}

  private Answer answer(Path folder) throws IOException {
    try (Model model = open(folder);
        Session session = model.newSession()) {
      GenerationOptions greedy =
          GenerationOptions.defaults().withMaxTokens(12).withSampling(SamplingOptions.greedy());
      List<Integer> ids = new ArrayList<>();
      try (Generation generation = session.generate(PROMPT, greedy)) {
        for (Token token : generation) {
          if (token.id() >= 0) {
            ids.add(token.id());
          }
        }
        return new Answer(ids, Objects.requireNonNull(generation.finishReason()));
      }
    }
  }

  /** END stands for a token that the model generates third, others for tokens it does not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "\"eos_token_id\": END | -",
        "\"eos_token_id\": [0, END] | -",
        "- | \"eos_token_id\": END",
        "- | \"eos_token_id\": [0, END, 999]",
        "\"eos_token_id\": [0] | \"eos_token_id\": [END, 0]",
      })
  void everyEndTokenEndsAGeneration(String config, String generation) throws Exception {
    for (boolean tokenizer : new boolean[] {true, false}) {
      Answer endless = answer(folder("", "", tokenizer));
      assertThat(endless.ids).hasSize(12);
      int end = endless.ids.get(2);
      int until = endless.ids.indexOf(end);
      Path folder =
          folder(
              config == null ? "" : config.replace("END", "" + end),
              generation == null ? "" : generation.replace("END", "" + end),
              tokenizer);
      Answer ended = answer(folder);
      assertThat(ended.reason).as("tokenizer " + tokenizer).isEqualTo(FinishReason.END);
      assertThat(ended.ids).isEqualTo(endless.ids.subList(0, until));
    }
  }

  @Test
  void endTokensOfTheGenerationConfigReplaceThoseOfTheConfig() throws Exception {
    Answer endless = answer(folder("", "", false));
    int end = endless.ids.get(2);
    Path folder = folder("\"eos_token_id\": " + end, "\"eos_token_id\": 999", false);
    assertThat(answer(folder)).isEqualTo(endless);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"temperature\": 0.6, \"top_k\": 20, \"top_p\": 0.95, \"min_p\": 0.01 | 0.6 20 0.95 0.01 1"
            + " 64",
        "\"do_sample\": false, \"temperature\": 0.6 | 0 40 0.95 0.05 1 64",
        "\"do_sample\": true, \"temperature\": 1 | 1 40 0.95 0.05 1 64",
        "\"repetition_penalty\": 1.1 | 0.8 40 0.95 0.05 1.1 -1",
        "\"temperature\": null, \"top_k\": \"many\", \"top_p\": 7 | 0.8 40 0.95 0.05 1 64",
      })
  void advisedSamplingIsTheDefault(String generation, String expected) throws Exception {
    for (boolean tokenizer : new boolean[] {true, false}) {
      try (Model model = open(folder("", generation, tokenizer))) {
        String[] n = expected.split(" ", -1);
        assertThat(model.generationDefaults().sampling())
            .isEqualTo(
                SamplingOptions.defaults()
                    .withTemperature(Double.parseDouble(n[0]))
                    .withTopK(Integer.parseInt(n[1]))
                    .withTopP(Double.parseDouble(n[2]))
                    .withMinP(Double.parseDouble(n[3]))
                    .withRepetitionPenalty(Double.parseDouble(n[4]))
                    .withRepeatLastN(Integer.parseInt(n[5])));
      }
    }
  }
}
