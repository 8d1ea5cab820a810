package dev.vtc.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Readers under Jazzer: whatever the bytes, a {@link FormatException} or a result. Run by hand, one
 * method at a time, with {@code JAZZER_FUZZ=1} and {@code -Dtest=FormatFuzz#gguf}; not in the
 * build, whose other tests Jazzer's instrumentation would slow down by a minute. There {@link
 * GgufHostileTest} and {@link SafetensorsFolderTest} mutate files at random.
 */
class FormatFuzz {
  private static final Path FILE = Path.of("fuzz");

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

  private static void check(FormatException e) {
    String message = e.getMessage();
    if (message == null || !message.startsWith("fuzz") || message.contains("\n")) {
      throw new AssertionError("an error that is no sentence", e);
    }
  }
}
