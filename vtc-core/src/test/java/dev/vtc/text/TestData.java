package dev.vtc.text;

import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/** Resources that src/test/python/tokenizer_data.py makes, with llama.cpp as the oracle. */
final class TestData {
  private TestData() {}

  static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(TestData.class.getResourceAsStream(name), name);
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
      return plain.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static Object json(byte[] text) {
    return TestJson.parse(new String(text, StandardCharsets.UTF_8));
  }

  /** The nasty corpus: one text per element. */
  static List<String> corpus() {
    List<String> lines = new ArrayList<>();
    for (String line :
        new String(resource("corpus.jsonl.gz"), StandardCharsets.UTF_8).split("\n", -1)) {
      lines.add((String) json(line.getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  /** A small vocabulary as a model file has it. */
  static Map<String, Object> vocabulary(String name) {
    Map<?, ?> json = (Map<?, ?>) json(resource(name + ".json.gz"));
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<?, ?> e : json.entrySet()) {
      String key =
          switch ((String) e.getKey()) {
            case "types" -> "token_type";
            case "bos", "eos", "unknown" -> e.getKey() + "_token_id";
            default -> (String) e.getKey();
          };
      Object value = e.getValue();
      values.put(
          "tokenizer.ggml." + key, value instanceof List<?> list ? MetadataArray.of(list) : value);
    }
    return values;
  }

  static Tokenizer tokenizer(Map<String, Object> values) {
    return Tokenizer.of(new Metadata(values)).orElseThrow();
  }

  /** Expected CRC-32s of the ids of each text, {@code corpus} of them for each run. */
  static int[][] sums(String name, int corpus) {
    ByteBuffer data = ByteBuffer.wrap(resource(name)).order(ByteOrder.LITTLE_ENDIAN);
    int[][] runs = new int[data.capacity() / (4 * corpus)][corpus];
    for (int[] run : runs) {
      for (int i = 0; i < corpus; i++) {
        run[i] = data.getInt();
      }
    }
    return runs;
  }

  static int sum(int[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      bytes.putInt(id);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes.flip());
    return (int) crc.getValue();
  }

  /** The texts whose ids do not have the expected sum, with the ids there were. */
  static List<String> different(
      Tokenizer tokenizer, List<String> corpus, int[] expected, boolean special) {
    List<String> different = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      int[] ids = tokenizer.encode(corpus.get(i), special, special);
      if (sum(ids) != expected[i]) {
        StringBuilder pieces = new StringBuilder();
        for (int id : ids) {
          pieces.append(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8)).append('|');
        }
        different.add("text " + i + ": " + pieces);
      }
    }
    return different;
  }
}
