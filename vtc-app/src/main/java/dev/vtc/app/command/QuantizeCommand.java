package dev.vtc.app.command;

import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.format.GgufConverter;
import dev.vtc.format.ModelSource;
import dev.vtc.format.ModelSources;
import dev.vtc.format.QuantizedTypes;
import dev.vtc.tensor.DType;
import dev.vtc.tensor.Quantizer;
import dev.vtc.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code vtc quantize}. */
public final class QuantizeCommand extends Command {
  List<String> files = List.of();

  @Nullable String type;

  boolean force;

  boolean quiet;

  @Override
  void declare(Options o) {
    o.about(
        "Writes a model as a GGUF file of another type, which every program that knows GGUF reads.",
        "  vtc quantize model-F16.gguf model-Q4_K.gguf --type Q4_K",
        "  vtc quantize ./SmolLM2-135M-Instruct model-Q8_0.gguf --type Q8_0    a Hugging Face"
            + " folder",
        "",
        "Which tensor gets which type follows llama-quantize without an importance matrix: vectors"
            + " stay",
        "F32, the output matrix gets Q6_K where others get fewer bits. Rows that are no multiple of"
            + " 256 get",
        "a type of blocks of 32 instead of a K type; each such tensor is named.");
    o.positionals(
        "SRC DST",
        "The model (a GGUF file, a Hugging Face folder of safetensors, or a llama2.c checkpoint),"
            + " and the file to write.",
        v -> files = v);
    o.required(
        String.class,
        "TYPE",
        "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K.",
        v -> type = v,
        "--type");
    o.flag("Write over a file that is there.", () -> force = true, "--force");
    o.flag("Show no progress.", () -> quiet = true, "-q", "--quiet");
  }

  @Override
  public int run(Context context) throws Exception {
    if (files.size() != 2) {
      throw UserError.usage("vtc quantize takes two files: the model, and where to write.");
    }
    Path from = Path.of(files.get(0));
    Path to = Path.of(files.get(1));
    DType wanted = type(String.valueOf(type));
    if (!Files.exists(from)) {
      throw new UserError(
          from + " is not there; a model of the store is a file after vtc pull --keep.");
    }
    if (Files.isDirectory(to) || (Files.exists(to) && Files.isSameFile(from, to))) {
      throw UserError.usage(to + " is the source or a folder: name another file to write.");
    }
    if (Files.exists(to) && !force) {
      throw new UserError(to + " is there already; --force writes over it.");
    }
    Terminal terminal = context.terminal();
    List<QuantizedTypes.Fallback> fallbacks;
    try (ModelSource source = ModelSources.open(from);
        ProgressLine progress = new ProgressLine(terminal, "quantizing", false)) {
      long total = source.tensors().values().stream().mapToLong(Tensor::elements).sum();
      if (!quiet) {
        progress.start(total, 0);
      }
      fallbacks =
          GgufConverter.convert(
              source,
              wanted,
              to,
              (done, _) -> {
                if (!quiet) {
                  progress.update(done);
                }
              });
      progress.end();
    }
    for (QuantizedTypes.Fallback f : fallbacks) {
      terminal
          .out()
          .printf(
              "%s: %s instead of %s, whose blocks of %d do not divide rows of %d%n",
              terminal.printable(f.tensor()),
              f.type(),
              f.wanted(),
              f.wanted().blockSize(),
              f.columns());
    }
    terminal.out().println(summary(to));
    return ExitCode.OK;
  }

  private static DType type(String name) {
    DType type = QuantizedTypes.named(name);
    if (type != null) {
      return type;
    }
    List<String> known =
        Stream.of(DType.values()).filter(Quantizer::supports).map(DType::name).toList();
    throw UserError.usage(
        "There is no type "
            + name
            + " to quantize to; there are "
            + String.join(", ", known)
            + ".");
  }

  /** What was written, by type: so one sees which tensors could not have the type asked for. */
  private static String summary(Path file) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (ModelSource written = ModelSources.open(file)) {
      written.tensors().values().forEach(t -> counts.merge(t.type().name(), 1, Integer::sum));
    }
    StringBuilder s = new StringBuilder();
    s.append(file).append(": ").append(Bytes.human(Files.size(file))).append("; tensors");
    counts.forEach((t, n) -> s.append(' ').append(n).append(' ').append(t).append(','));
    s.setLength(s.length() - 1);
    return s.toString();
  }
}
