package dev.vtc.app.command;

import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.GenerationStats;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.Samples;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.sample.SamplingOptions;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** {@code vtc bench}. */
public final class BenchCommand extends Command {
  ModelArgs model = new ModelArgs();

  int prompt = 512;

  int decode = 128;

  int runs = 5;

  boolean json;

  @Override
  void declare(Options o) {
    o.about(
        "Measures prefill and decode, and how fast this machine can read the weights at all.",
        "  vtc bench",
        "  vtc bench -m model.gguf -t 4 -p 1024 -n 64 --json");
    model.declare(o);
    o.value(
        Integer.class,
        "N",
        "Tokens of the prompt; 0 leaves prefill out (default: 512).",
        v -> prompt = v,
        "-p",
        "--prompt-tokens");
    o.value(
        Integer.class,
        "N",
        "Tokens to generate; 0 leaves decode out (default: 128).",
        v -> decode = v,
        "-n",
        "--decode-tokens");
    o.runs(v -> runs = v);
    o.flag("Print a JSON object.", () -> json = true, "--json");
  }

  @Override
  public int run(Context context) throws Exception {
    if (prompt < 0 || decode < 0 || runs < 1 || (prompt == 0 && decode == 0)) {
      throw UserError.usage("-p and -n must not be negative nor both 0, and --runs at least 1.");
    }
    Terminal terminal = context.terminal();
    if (model.context == 0) {
      model.context = Math.max(prompt, 1) + Math.max(decode, 1) + 1;
    }
    try (Model opened = model.open(context, ModelOptions.defaults());
        ReadCeiling reader = new ReadCeiling(opened);
        ProgressLine progress = new ProgressLine(terminal, "measuring", false)) {
      opened.awaitPages();
      double[] prefill = new double[runs];
      double[] decoded = new double[runs];
      double[] ceiling = new double[runs];
      progress.start(runs + 1L, 0);
      for (int r = -1; r < runs; r++) {
        double read = reader.measure();
        double p = prompt > 0 ? generate(opened, prompt, 1).prefillTokensPerSecond() : 0;
        double d = decode > 0 ? generate(opened, 1, decode + 1).decodeTokensPerSecond() : 0;
        if (r >= 0) {
          ceiling[r] = read;
          prefill[r] = p;
          decoded[r] = d;
        }
        progress.update(r + 2L);
      }
      progress.end();
      report(
          opened,
          new Samples(prefill),
          new Samples(decoded),
          new Samples(ceiling),
          reader.bytes(),
          terminal.out());
      return ExitCode.OK;
    }
  }

  /** Random tokens in, the best tokens out, whatever the model makes of them. */
  private static GenerationStats generate(Model opened, int promptTokens, int generated) {
    SplittableRandom random = new SplittableRandom(1);
    int vocabulary = opened.config().vocabulary();
    int[] ids = random.ints(promptTokens, 0, vocabulary).toArray();
    GenerationOptions options =
        GenerationOptions.defaults()
            .withMaxTokens(generated)
            .withSampling(SamplingOptions.greedy())
            .withIgnoreEnd(true);
    try (Session session = opened.newSession();
        Generation generation = session.generate(ids, options)) {
      generation.await();
      return generation.stats();
    }
  }

  private void report(
      Model opened,
      Samples prefill,
      Samples decoded,
      Samples ceiling,
      long weightBytes,
      PrintStream out) {
    double readWhileDecoding = decoded.median() * opened.program().weightBytes();
    if (json) {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("model", opened.path().toString());
      m.put("machine", opened.machine());
      m.put("threads", opened.threads());
      m.put("pages", opened.packed().pages().id());
      m.put("huge_page_bytes", opened.packed().hugePageBytes());
      m.put("weight_bytes", weightBytes);
      m.put("prompt_tokens", prompt);
      m.put("decode_tokens", decode);
      m.put("prefill_tokens_per_s", prefill.map());
      m.put("decode_tokens_per_s", decoded.map());
      m.put("read_ceiling_bytes_per_s", ceiling.map());
      m.put("decode_read_bytes_per_s", readWhileDecoding);
      Json.line(out, m);
      return;
    }
    out.printf(
        Locale.ROOT,
        "%s, %s, machine %s, %d thread%s, %s of weights in %s pages (%s of them huge)%n",
        opened.metadata().string("general.name", opened.path().getFileName().toString()),
        opened.config().architecture(),
        opened.machine(),
        opened.threads(),
        opened.threads() == 1 ? "" : "s",
        Bytes.human(weightBytes),
        opened.packed().pages().id(),
        huge(opened.packed().hugePageBytes()));
    if (prompt > 0) {
      line(out, "prefill " + prompt, prefill, "tok/s", 1);
    }
    if (decode > 0) {
      line(out, "decode " + decode, decoded, "tok/s", 1);
    }
    line(out, "plain read of the weights", ceiling, "GB/s", 1e9);
    if (decode > 0) {
      out.printf(
          Locale.ROOT,
          "decode reads %.2f GB/s, %.0f %% of the plain read%n",
          readWhileDecoding / 1e9,
          100 * readWhileDecoding / ceiling.median());
    }
  }

  private static String huge(long bytes) {
    return bytes < 0 ? "an unknown part" : Bytes.human(bytes);
  }

  private static void line(PrintStream out, String what, Samples s, String unit, double scale) {
    out.printf(
        Locale.ROOT,
        "%-26s %9.2f %s  (median of %d; %.2f to %.2f)%n",
        what,
        s.median() / scale,
        unit,
        s.count(),
        s.min() / scale,
        s.max() / scale);
  }
}
