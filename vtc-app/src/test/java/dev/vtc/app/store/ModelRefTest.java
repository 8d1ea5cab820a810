package dev.vtc.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.app.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRefTest {
  @Test
  void readsEveryForm(@TempDir Path folder) throws IOException {
    assertThat(ModelRef.parse("smollm2")).isInstanceOf(ModelRef.Known.class);
    assertThat(ModelRef.parse("hf:a/b")).isEqualTo(new ModelRef.HuggingFace("a", "b", null));
    assertThat(ModelRef.parse("hf:a/b.c:Q4_K_M"))
        .isEqualTo(new ModelRef.HuggingFace("a", "b.c", "Q4_K_M"));
    assertThat(ModelRef.parse("pip:llm-x==0.1.2")).isEqualTo(new ModelRef.Pip("llm-x", "0.1.2"));
    assertThat(ModelRef.parse("https://example.org/m.gguf")).isInstanceOf(ModelRef.Web.class);
    Path file = Files.createFile(folder.resolve("my model.gguf"));
    assertThat(ModelRef.parse(file.toString())).isEqualTo(new ModelRef.LocalFile(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:a",
        "hf:a/b/c",
        "hf:../b",
        "hf:a/..",
        "hf:a/b:",
        "pip:x",
        "pip:x==",
        "pip:--index-url==1",
        "pip:x==1 --index-url=evil",
        "http://example.org/m.gguf",
        "https://user:secret@example.org/m.gguf",
        "https:///m.gguf",
        "https://exa mple/m",
        "nonsense",
        "./no-such-file.gguf",
        "",
        "\0"
      })
  void refusesTheRestWithASentence(String text) {
    assertThatThrownBy(() -> ModelRef.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(".");
  }

  @Test
  void folderNamesAreSafeAndDiffer() {
    assertThat(Store.folderName("smollm2")).isEqualTo("smollm2");
    assertThat(Store.folderName("hf:a/b:Q4")).matches("hf_a_b_Q4-[0-9a-f]{8}");
    assertThat(Store.folderName("hf:a/b:Q4")).isNotEqualTo(Store.folderName("hf:a_b:Q4"));
    assertThat(Store.folderName("..")).doesNotStartWith(".");
    assertThat(Store.folderName("x".repeat(5000))).hasSizeLessThan(100);
  }
}
