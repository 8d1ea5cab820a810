package dev.vtc.asm.x64;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The assembler and disassembler of LLVM as a process: an oracle this project did not write. */
final class LlvmMc {
  private static final String FEATURES =
      "+avx512f,+avx512bw,+avx512vl,+avx512dq,+avx512vnni,+avx512vbmi,+avx512bitalg,"
          + "+avx512vpopcntdq,+avx512bf16,+gfni,+avxvnni,+bmi,+bmi2,+f16c,+fma,+lzcnt,+popcnt,"
          + "+prfchw";

  private LlvmMc() {}

  /** Returns the newest llvm-mc on the path, or null. */
  static @Nullable Path find() {
    String[] names = {"llvm-mc", "llvm-mc-19", "llvm-mc-18", "llvm-mc-16", "llvm-mc-14"};
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      for (String name : names) {
        Path p = Path.of(folder, name);
        if (Files.isExecutable(p)) {
          return p;
        }
      }
    }
    return null;
  }

  /** Assembles lines of Intel syntax; returns the bytes of each line as hexadecimal digits. */
  static List<String> assemble(Path tool, Stream<String> lines) throws Exception {
    StringBuilder source = new StringBuilder(".intel_syntax noprefix\n");
    lines.forEach(l -> source.append(l).append('\n'));
    List<String> result = new ArrayList<>();
    for (String line : run(tool, source, "--show-encoding", "-mattr=" + FEATURES)) {
      int from = line.indexOf("encoding: [");
      if (from >= 0) {
        String list = line.substring(from + 11, line.indexOf(']', from));
        result.add(list.replace("0x", "").replace(",", ""));
      }
    }
    return result;
  }

  /** Disassembles one instruction per element; returns its text without the encoding. */
  static List<String> disassemble(Path tool, List<String> hex) throws Exception {
    StringBuilder source = new StringBuilder();
    for (String h : hex) {
      source.append('[');
      for (int i = 0; i < h.length(); i += 2) {
        source.append(" 0x").append(h, i, i + 2);
      }
      source.append(" ]\n");
    }
    List<String> result = new ArrayList<>();
    for (String line :
        run(tool, source, "--disassemble", "--output-asm-variant=1", "-mattr=" + FEATURES)) {
      if (!line.isBlank() && !line.contains(".text")) {
        // Behind a # stands what a shuffle does, which depends on the form.
        int comment = line.indexOf('#');
        String text = comment < 0 ? line : line.substring(0, comment);
        result.add(text.strip().toLowerCase(Locale.ROOT));
      }
    }
    return result;
  }

  private static List<String> run(Path tool, CharSequence input, String... options)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("vtc-asm", ".s");
    Path out = Files.createTempFile("vtc-asm", ".out");
    Path err = Files.createTempFile("vtc-asm", ".err");
    try {
      Files.writeString(in, input);
      List<String> command = new ArrayList<>(List.of(tool.toString(), "--triple=x86_64"));
      command.addAll(List.of(options));
      command.add(in.toString());
      Process p =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      int status = p.waitFor();
      String errors = Files.readString(err, StandardCharsets.UTF_8);
      if (status != 0 || errors.contains("warning") || errors.contains("error")) {
        throw new AssertionError(
            tool + ": " + errors.substring(0, Math.min(errors.length(), 2000)));
      }
      return Files.readAllLines(out);
    } finally {
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }
}
