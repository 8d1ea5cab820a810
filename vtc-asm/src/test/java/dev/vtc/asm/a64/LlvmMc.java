package dev.vtc.asm.a64;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** LLVM's assembler as an independent oracle; one process for any number of lines. */
public final class LlvmMc {
  /** Everything the rows need and no half-precision arithmetic, which they leave out on purpose. */
  private static final String FEATURES = "+v8.6a";

  private static final Pattern ERROR = Pattern.compile("^<stdin>:(\\d+):\\d+: error:.*");
  private static final Pattern BYTES = Pattern.compile("encoding: \\[0x(..),0x(..),0x(..),0x(..)]");

  private LlvmMc() {}

  /** Skips the calling test, naming the remedy, where the assembler is not installed. */
  public static void assume() {
    Assumptions.assumeTrue(
        find() != null,
        "skipped: llvm-mc is not on the PATH; install it with: apt-get install llvm");
  }

  private static @Nullable Path find() {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path tool = Path.of(folder, "llvm-mc");
      if (Files.isExecutable(tool)) {
        return tool;
      }
    }
    return null;
  }

  /** The word of each line, null where the assembler refuses it. */
  static @Nullable Integer[] assemble(List<String> lines) {
    List<String> errors = new ArrayList<>();
    byte[] output = run(lines, FEATURES, "--show-encoding", errors);
    BitSet refused = new BitSet();
    for (String line : errors) {
      Matcher matcher = ERROR.matcher(line);
      if (matcher.matches()) {
        refused.set(Integer.parseInt(matcher.group(1)) - 1);
      }
    }
    @Nullable Integer[] words = new Integer[lines.size()];
    int next = 0;
    for (String line : new String(output, UTF_8).split("\n", -1)) {
      Matcher matcher = BYTES.matcher(line);
      if (matcher.find()) {
        next = refused.nextClearBit(next);
        int word = 0;
        for (int i = 4; i >= 1; i--) {
          word = word << 8 | Integer.parseInt(matcher.group(i), 16);
        }
        words[next++] = word;
      }
    }
    if (refused.nextClearBit(next) < lines.size()) {
      throw new IllegalStateException(
          "llvm-mc answered " + next + " of " + lines.size() + " lines: " + errors);
    }
    return words;
  }

  /** The text section that the assembler makes of a whole program. */
  static byte[] program(String text) {
    return program(text, FEATURES);
  }

  /**
   * The text section that the assembler makes of a whole program.
   *
   * @param features that its CPU has beyond ARMv8.0, as {@code +dotprod,+i8mm}
   * @throws IllegalStateException with the assembler's messages if it refuses a line, as it does
   *     where an instruction belongs to another feature
   */
  public static byte[] program(String text, String features) {
    List<String> errors = new ArrayList<>();
    byte[] output = run(List.of(text), features, "-filetype=obj", errors);
    if (!errors.isEmpty()) {
      throw new IllegalStateException("llvm-mc refuses the program: " + errors);
    }
    return ElfText.of(output);
  }

  /** What the assembler writes; its messages are added to {@code errors}. */
  private static byte[] run(
      List<String> lines, String features, String option, List<String> errors) {
    try {
      Path in = Files.createTempFile("vtc-a64", ".s");
      Path out = Files.createTempFile("vtc-a64", ".out");
      Path err = Files.createTempFile("vtc-a64", ".err");
      try {
        Files.write(in, lines);
        String tool = String.valueOf(find());
        Process process =
            new ProcessBuilder(tool, "-triple=aarch64-linux-gnu", "-mattr=" + features, option)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.waitFor();
        errors.addAll(Files.readAllLines(err));
        return Files.readAllBytes(out);
      } finally {
        Files.delete(in);
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
