package dev.vtc.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vtc.text.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Readers under Jazzer: whatever the bytes, a {@link FormatException} or a result. {@link
 * dev.vtc.FuzzingTest} runs each.
 */
class FormatFuzz {
  private static final Path FILE = Path.of("fuzz");

  /** Of {@link #tokenizerJson}, whose reader wants a folder. */
  private static final Path FOLDER = folder();

  private static final HfConfig CONFIG =
      HfConfig.of(Map.of("architectures", List.of("LlamaForCausalLM"), "vocab_size", 16L));
  private static final String TEXT =
      "<s>ab ba\n\n  \u2581ä1234😀</s>abcabcabcabcabcabcabcabcabcabcabc";

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("vtc-fuzz");
      folder.toFile().deleteOnExit();
      folder.resolve("tokenizer.json").toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FuzzTest(maxDuration = "10m")
  void gguf(byte[] data) throws IOException {
    try {
      GgufContainer header = GgufContainer.read(FILE, MemorySegment.ofArray(data));
      for (String key : header.metadata().keys()) {
        if (header.metadata().get(key) instanceof MetadataArray array) {
          GgufHostileTest.readAll(array);
        }
      }
    } catch (FormatException e) {
      check(e);
    }
  }

  @FuzzTest(maxDuration = "10m")
  void safetensors(byte[] data) throws IOException {
    try {
      SafetensorsFile.read(FILE, MemorySegment.ofArray(data));
    } catch (FormatException e) {
      check(e);
    }
  }

  @FuzzTest(maxDuration = "10m")
  void configJson(byte[] data) throws IOException {
    try {
      HfConfig.of(Json.parse(FILE, new ByteArrayInputStream(data), json -> Json.object(json)))
          .metadata();
    } catch (FormatException e) {
      check(e);
    } catch (IllegalArgumentException e) {
      if (e.getMessage() == null || !e.getMessage().endsWith(".")) {
        throw e;
      }
    }
  }

  @FuzzTest(maxDuration = "10m")
  void tokenizerJson(byte[] data) throws IOException {
    Files.write(FOLDER.resolve("tokenizer.json"), data);
    Metadata metadata;
    try {
      metadata = new Metadata(HfTokenizer.metadata(FOLDER, CONFIG));
    } catch (FormatException e) {
      if (!String.valueOf(e.getMessage()).startsWith(FOLDER.toString())) {
        throw e;
      }
      return;
    }
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizer.of(metadata).orElseThrow();
    } catch (IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).endsWith(".")) {
        throw e;
      }
      return;
    }
    for (boolean special : new boolean[] {false, true}) {
      int[] ids = tokenizer.encode(TEXT, special, special);
      for (int id : ids) {
        if (id < 0 || id >= tokenizer.size()) {
          throw new AssertionError("token " + id + " of " + tokenizer.size());
        }
      }
      var _ = tokenizer.decode(ids, true);
    }
  }

  private static void check(FormatException e) {
    String message = e.getMessage();
    if (message == null || !message.startsWith("fuzz") || message.contains("\n")) {
      throw new AssertionError("an error that is no sentence", e);
    }
  }
}
