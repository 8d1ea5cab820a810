package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import dev.vtc.text.Tokenizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code vtc perplexity}: exp of the mean negative log-likelihood, by the method of llama.cpp's
 * {@code llama-perplexity}. The tokens are cut into chunks of {@code --ctx}; each chunk is read by
 * itself, its first token replaced by BOS where the model wants one; in each the tokens at
 * positions ctx/2 + 1 … ctx − 1 are scored. What is left after the last whole chunk is not used.
 */
public final class PerplexityCommand extends Command {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  ModelArgs model = new ModelArgs();

  String file = "";

  int maxChunks = Integer.MAX_VALUE;

  boolean json;

  @Override
  void declare(Options o) {
    o.about(
        "Measures how well the model predicts a text: lower is better.",
        "  vtc perplexity -f wiki.test.raw",
        "  vtc perplexity -m model.gguf -f text.txt --ctx 1024 --json",
        "",
        "The method is llama-perplexity's: chunks of --ctx tokens, the second half of each is"
            + " scored.");
    model.declare(o);
    o.required(String.class, "FILE", "The text, UTF-8; - is stdin.", v -> file = v, "-f", "--file");
    o.value(Integer.class, "N", "Stop after N chunks.", v -> maxChunks = v, "--chunks");
    o.flag("Print a JSON object.", () -> json = true, "--json");
  }

  @Override
  public int run(Context context) throws Exception {
    Terminal terminal = context.terminal();
    int ctx = model.context == 0 ? 512 : model.context;
    if (ctx < 4) {
      throw UserError.usage("--ctx must be at least 4 here.");
    }
    if (maxChunks < 1) {
      throw UserError.usage("--chunks must be positive.");
    }
    model.context = ctx;
    String text =
        file.equals("-")
            ? terminal.readAll("The text on stdin")
            : Terminal.decode(Files.readAllBytes(Path.of(file)), file);
    // llama-perplexity drops one line end at the end of its file, too.
    text = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    try (Model opened = model.open(context, ModelOptions.defaults());
        Session session = opened.newSession();
        ProgressLine progress = new ProgressLine(terminal, "perplexity", false)) {
      Tokenizer tokenizer = TokenizeCommand.tokenizer(opened);
      int[] tokens = tokenizer.encode(text, false, true);
      int chunks = Math.min(tokens.length / ctx, maxChunks);
      if (chunks == 0) {
        throw new UserError(
            file
                + " has only "
                + tokens.length
                + " tokens, less than one chunk of "
                + ctx
                + "; use a longer text or a smaller --ctx.");
      }
      int bos = tokenizer.addBos() ? tokenizer.bos() : -1;
      Score score = new Score();
      progress.start(chunks, 0);
      for (int c = 0; c < chunks; c++) {
        int[] chunk = Arrays.copyOfRange(tokens, c * ctx, (c + 1) * ctx);
        if (bos >= 0) {
          chunk[0] = bos;
        }
        session.evaluate(
            chunk,
            true,
            (position, logits) -> {
              if (position >= ctx / 2 && position < ctx - 1) {
                score.add(logProbability(logits, chunk[position + 1]));
              }
            });
        progress.update(c + 1);
      }
      progress.end();
      print(score, tokens.length, chunks, ctx, terminal);
      return ExitCode.OK;
    }
  }

  private void print(Score score, int tokens, int chunks, int ctx, Terminal terminal) {
    if (json) {
      Map<String, Object> m = new LinkedHashMap<>();
      m.put("perplexity", score.perplexity());
      m.put("standard_error", score.standardError());
      m.put("tokens", tokens);
      m.put("scored_tokens", score.count);
      m.put("chunks", chunks);
      m.put("ctx", ctx);
      Json.line(terminal.out(), m);
    } else {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "perplexity %.4f +/- %.4f (%d chunks of %d tokens, %d tokens scored)%n",
              score.perplexity(),
              score.standardError(),
              chunks,
              ctx,
              score.count);
    }
  }

  /** Natural logarithm of softmax(logits)[token]. */
  static double logProbability(MemorySegment logits, int token) {
    // A copy, since an array is read fast by code that was hardly compiled, too.
    float[] x = logits.toArray(F32);
    // In double from here on: a difference of two floats is rounded to one.
    double max = Double.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (float v : x) {
      sum += Math.exp(v - max);
    }
    return x[token] - max - Math.log(sum);
  }

  /**
   * Sums of negative log-likelihoods; written by the engine's thread, read when it has finished.
   */
  private static final class Score {
    private double sum;
    private double squares;
    private int count;

    void add(double logProbability) {
      sum -= logProbability;
      squares += logProbability * logProbability;
      count++;
    }

    double perplexity() {
      return Math.exp(sum / count);
    }

    /** Of the perplexity, by the delta method. */
    double standardError() {
      double mean = sum / count;
      double variance = squares / count - mean * mean;
      return variance <= 0 || count < 2 ? 0 : Math.sqrt(variance / (count - 1)) * perplexity();
    }
  }
}
