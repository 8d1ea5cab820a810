package dev.vtc.bench;

import dev.vtc.format.GgufFile;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.TokenizerTables;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * JMH: a million characters to tokens, of English and of texts that have no words; the tables lie
 * in native memory, as when they are mapped. A result of 100 ms is 10 MB/s of English.
 *
 * <pre>
 * java -cp 'vtc-bench/target/classes:vtc-app/target/vtc.jar:vtc-bench/target/lib/*' \
 *     org.openjdk.jmh.Main TokenizerBenchmarks -p model=MODEL.gguf -p english=/usr/share/common-licenses/GPL-3
 * </pre>
 *
 * <p>The command {@code vtc} runs on C1 alone: {@code -jvmArgsAppend -XX:TieredStopAtLevel=1}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx1g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmarks {
  private static final int CHARACTERS = 1_000_000;

  /** What a text is made of. */
  public enum Kind {
    ENGLISH(""),
    LETTER("a"),
    WORD("thequickbrownfoxjumpsoverthelazydog"),
    EMOJI("😀🎉👍"),
    NEWLINE("\n"),
    BLANK(" "),
    DIGITS("1234567890"),
    BRACKET("<");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }
  }

  /** A GGUF file. */
  @Param("")
  String model = "";

  /** A file of English text, repeated up to the million. */
  @Param("/usr/share/common-licenses/GPL-3")
  String english = "";

  @Param Kind text = Kind.ENGLISH;

  private final Arena arena = Arena.ofShared();
  private String characters = "";
  private @Nullable Tokenizer tokenizer;

  @Setup
  public void open() throws IOException {
    try (GgufFile file = GgufFile.open(Path.of(model))) {
      TokenizerTables tables = TokenizerTables.build(file.metadata());
      SequencedMap<String, MemorySegment> segments = new LinkedHashMap<>();
      tables
          .toSegments()
          .forEach((name, data) ->
              segments.put(name, arena.allocate(data.byteSize(), 64).copyFrom(data)));
      tokenizer = new Tokenizer(TokenizerTables.of(segments, tables.settings()));
    }
    String unit = text == Kind.ENGLISH ? Files.readString(Path.of(english)) : text.unit;
    characters = unit.repeat(CHARACTERS / unit.length() + 1).substring(0, CHARACTERS);
  }

  @Benchmark
  public int[] encode() {
    return Objects.requireNonNull(tokenizer).encode(characters, false, false);
  }

  @TearDown
  public void close() {
    arena.close();
  }
}
