package dev.vtc.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.app.UserError;
import dev.vtc.app.store.HubFiles.HubFile;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubFilesTest {
  private static final ModelRef.HuggingFace ANY = new ModelRef.HuggingFace("o", "r", null);

  private static List<HubFile> files(String... paths) {
    return Arrays.stream(paths).map(p -> new HubFile(p, 1, null)).toList();
  }

  private static List<String> chosen(String quant, String... paths) {
    return HubFiles.choose(
            new ModelRef.HuggingFace("o", "r", quant.isEmpty() ? null : quant), files(paths))
        .stream()
        .map(HubFile::path)
        .toList();
  }

  @Test
  void prefersFourBits() {
    assertThat(chosen("", "m-F16.gguf", "m-Q8_0.gguf", "m-Q4_K_M.gguf", "README.md"))
        .containsExactly("m-Q4_K_M.gguf");
    assertThat(chosen("", "m-F16.gguf", "mmproj-Q8_0.gguf")).containsExactly("m-F16.gguf");
    assertThat(chosen("", "odd.gguf")).containsExactly("odd.gguf");
  }

  @Test
  void aQuantIsAWholeWord() {
    assertThat(chosen("q4_k", "m-Q4_K_M.gguf", "m.Q4_K.gguf")).containsExactly("m.Q4_K.gguf");
    assertThat(chosen("m-Q8_0.gguf", "m-Q8_0.gguf", "n-Q8_0.gguf")).containsExactly("m-Q8_0.gguf");
    assertThatThrownBy(() -> chosen("Q2_K", "m-Q4_K_M.gguf"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it has m-Q4_K_M.gguf");
  }

  @Test
  void takesAllPartsOfASplitModel() {
    assertThat(
            chosen(
                "Q8_0", "Q8_0/m-00002-of-00002.gguf", "Q8_0/m-00001-of-00002.gguf", "Q4_0/m.gguf"))
        .containsExactly("Q8_0/m-00001-of-00002.gguf", "Q8_0/m-00002-of-00002.gguf");
    assertThatThrownBy(() -> chosen("", "m-00001-of-00003.gguf", "m-00003-of-00003.gguf"))
        .hasMessageContaining("Of the 3 parts");
  }

  @Test
  void readsTheHubsAnswer() {
    String hash = "ab".repeat(32);
    String json =
        "[{\"type\":\"file\",\"path\":\"a.gguf\",\"size\":12,\"lfs\":{\"oid\":\""
            + hash
            + "\",\"size\":12,\"x\":[1,{}]},\"new\":{\"a\":[]}},{\"type\":\"directory\",\"path\":\"d\"}]";
    assertThat(HubFiles.parse(json, "h"))
        .containsExactly(new HubFile("a.gguf", 12, hash), new HubFile("d", -1, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[{", "<html>", "[{\"path\":", "null"})
  void aBrokenAnswerIsASentence(String json) {
    assertThatThrownBy(() -> HubFiles.parse(json, "hub"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("hub");
  }

  @Test
  void namesThatLeaveTheFolderAreNotUsed() {
    assertThatThrownBy(() -> HubFiles.choose(ANY, files("..gguf", "x/.hidden.gguf", "a\\b.gguf")))
        .hasMessageContaining("no GGUF file");
  }
}
