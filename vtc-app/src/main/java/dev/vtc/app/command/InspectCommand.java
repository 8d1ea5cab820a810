package dev.vtc.app.command;

import static java.util.stream.Collectors.joining;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.Terminal;
import dev.vtc.format.Metadata;
import dev.vtc.format.MetadataArray;
import dev.vtc.model.ModelConfig;
import dev.vtc.sample.SamplingOptions;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.TokenizerTables;
import dev.vtc.tvl.PackedModel;
import dev.vtc.tvl.PackedTensor;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code vtc inspect}. */
public final class InspectCommand extends Command {
  @Nullable String file;

  ModelArgs model = new ModelArgs();

  boolean program;

  int tokens = 1;

  int position;

  boolean tensors;

  boolean metadata;

  boolean template;

  boolean json;

  @Override
  void declare(Options o) {
    o.about(
        "Shows what a model is made of.",
        "  vtc inspect smollm2",
        "  vtc inspect model.gguf --tensors",
        "  vtc inspect model.gguf --program             each instruction with its bytes and"
            + " operations",
        "  vtc inspect model.gguf --json | jq .bits_per_weight");
    o.positional(String.class, "MODEL", "As -m.", v -> file = v);
    model.declare(o);
    o.flag("Print the program of a step.", () -> program = true, "--program");
    o.value(
        Integer.class,
        "N",
        "With --program: tokens of the step (default: 1).",
        v -> tokens = v,
        "--tokens");
    o.value(
        Integer.class,
        "N",
        "With --program: positions before it (default: 0).",
        v -> position = v,
        "--position");
    o.flag("List the packed matrices.", () -> tensors = true, "--tensors");
    o.flag("List what the file says of the model.", () -> metadata = true, "--metadata");
    o.flag("Print the chat template.", () -> template = true, "--template");
    o.flag("Print a JSON object.", () -> json = true, "--json");
  }

  @Override
  public int run(Context context) throws Exception {
    if (file != null) {
      model.model = file;
    }
    if (tokens < 1 || position < 0) {
      throw dev.vtc.app.UserError.usage("--tokens must be at least 1 and --position not negative.");
    }
    PrintStream out = context.terminal().out();
    try (Model opened = model.open(context, ModelOptions.defaults())) {
      if (json) {
        Json.line(out, summary(opened));
      } else if (program) {
        out.print(opened.program().listing(tokens, position));
      } else if (template) {
        out.println(
            context
                .terminal()
                .printable(
                    opened
                        .metadata()
                        .string("tokenizer.chat_template", "The model has no chat template.")));
      } else {
        summary(opened).forEach((key, value) -> print(context.terminal(), key, value));
        if (tensors) {
          list(opened.packed(), out);
        }
        if (metadata) {
          for (String key : opened.metadata().keys()) {
            out.println(
                "  "
                    + key
                    + " = "
                    + context.terminal().printable(shown(opened.metadata().get(key))));
          }
        }
      }
      return ExitCode.OK;
    }
  }

  private static void print(Terminal terminal, String key, @Nullable Object value) {
    String shown =
        switch (value) {
          case null -> "-";
          case Double d when key.equals("bits_per_weight") -> String.format(Locale.ROOT, "%.4g", d);
          case Long n when key.endsWith("_bytes") -> Bytes.human(n) + " (" + n + ")";
          case Map<?, ?> m -> {
            StringBuilder s = new StringBuilder();
            m.forEach((k, v) ->
                s.append(s.isEmpty() ? "" : ", ")
                    .append(k)
                    .append(' ')
                    .append(v instanceof Long n ? Bytes.human(n) : v));
            yield s.toString();
          }
          case List<?> l ->
              l.isEmpty() ? "none" : l.stream().map(String::valueOf).collect(joining(", "));
          default -> value.toString();
        };
    terminal.out().printf("%-18s %s%n", key.replace('_', ' '), terminal.printable(shown));
  }

  private static Map<String, Object> summary(Model opened) {
    Metadata m = opened.metadata();
    ModelConfig c = opened.config();
    PackedModel packed = opened.packed();
    Map<String, Object> s = new LinkedHashMap<>();
    s.put("file", opened.path().toString());
    s.put("name", m.string("general.name", "unknown"));
    s.put("architecture", c.architecture());
    s.put("weights", packed.weights());
    s.put("layers", c.layers());
    s.put("width", c.width());
    s.put("ffn_width", c.ffnWidth());
    s.put("heads", c.heads());
    s.put("kv_heads", c.kvHeads());
    s.put("head_dim", c.headDim());
    String experts = c.architecture() + ".expert_count";
    if (m.has(experts)) {
      s.put("experts", m.integer(experts));
      s.put("experts_per_token", opened.program().slots());
    }
    s.put("vocabulary", c.vocabulary());
    s.put("trained_context", c.trainedContext());
    s.put("tokenizer", tokenizer(opened));
    s.put("chat_template", m.has("tokenizer.chat_template") ? "yes" : "no");
    SamplingOptions sampling = opened.generationDefaults().sampling();
    if (!sampling.equals(SamplingOptions.defaults())) {
      s.put("temperature", sampling.temperature());
      s.put("top_k", sampling.topK());
      s.put("top_p", sampling.topP());
      s.put("min_p", sampling.minP());
      s.put("repeat_penalty", sampling.repetitionPenalty());
      s.put("repeat_last_n", sampling.repeatLastN());
    }
    s.put("end_tokens", endTokens(opened));
    opened.quantized().ifPresent(type -> s.put("quantized", type + " while packing"));
    s.put("packed_bytes", packed.weightBytes());
    s.put("bits_per_weight", packed.bitsPerWeight());
    Map<String, Object> formats = new TreeMap<>();
    for (String name : packed.matrices()) {
      PackedTensor t = packed.matrix(name);
      formats.merge(
          t.format().name(),
          t.format().bytes(t.rows(), t.columns()),
          (a, b) -> (Long) a + (Long) b);
    }
    s.put("formats", formats);
    opened.awaitPages();
    s.put("pages", packed.pages().id());
    s.put("huge_page_bytes", packed.hugePageBytes());
    s.put("machine", opened.machine());
    s.put("threads", opened.threads());
    s.put("context", opened.context());
    s.put("session_bytes", opened.sessionBytes());
    s.put("allocated_bytes", opened.allocatedBytes());
    return s;
  }

  private static String tokenizer(Model opened) {
    Tokenizer t = opened.tokenizer().orElse(null);
    if (t == null) {
      return "none";
    }
    Metadata m = opened.metadata();
    String pre = m.string("tokenizer.ggml.pre", "");
    return m.string("tokenizer.ggml.model", "unknown")
        + (pre.isEmpty() ? "" : "/" + pre)
        + ", "
        + t.size()
        + " tokens";
  }

  /** The tokens that end a generation: their texts, or ids where there are none. */
  private static List<Object> endTokens(Model opened) {
    List<Object> ends = new ArrayList<>();
    Tokenizer t = opened.tokenizer().orElse(null);
    if (t == null) {
      for (int id : TokenizerTables.endIds(opened.metadata())) {
        ends.add(id);
      }
      return ends;
    }
    for (int id = 0; id < t.size(); id++) {
      if (t.isEndOfGeneration(id)) {
        ends.add(new String(t.tokenBytes(id), StandardCharsets.UTF_8));
      }
    }
    return ends;
  }

  private static void list(PackedModel packed, PrintStream out) {
    for (String name : packed.matrices()) {
      PackedTensor t = packed.matrix(name);
      out.printf(
          "  %-32s %-6s %8d x %-8d %12d bytes%n",
          name, t.format(), t.rows(), t.columns(), t.format().bytes(t.rows(), t.columns()));
    }
    for (String name : packed.vectors()) {
      out.printf(
          "  %-32s %-6s %8d %23d bytes%n",
          name, "f32", packed.vector(name).byteSize() / 4, packed.vector(name).byteSize());
    }
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof MetadataArray array) {
      return "[" + array.size() + " values]";
    }
    String s =
        value instanceof Double d
            ? String.valueOf(Metadata.decimal(d))
            : String.valueOf(value).replace("\n", "\\n");
    return s.length() > 100 ? s.substring(0, 100) + "…" : s;
  }
}
