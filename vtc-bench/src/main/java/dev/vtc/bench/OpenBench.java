package dev.vtc.bench;

import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.Token;
import dev.vtc.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What opening a packed model takes inside a running JVM, what memory a model takes beside its
 * mapped weights, and how soon a warm session answers.
 *
 * <p>Prints Markdown. Arguments: threads, then model files: the first with a tokenizer and a chat
 * template, the others for comparison of their opening.
 */
public final class OpenBench {
  private static final int OPENINGS = 101;
  private static final int CONTEXT = 2048;
  private static final int TOKENS = 128;
  private static final int TURNS = 11;

  private OpenBench() {}

  /** Prints the tables. */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    List<Path> files = new ArrayList<>();
    for (String name : Arrays.asList(args).subList(1, args.length)) {
      files.add(Path.of(name));
    }
    ModelOptions options = ModelOptions.defaults().withThreads(threads).withContext(CONTEXT);
    turns(files.getFirst(), options);
    System.out.printf(
        "%n| file | bytes mapped | open, ms (medians of %d) | of it mapping and header, ms"
            + " | until the first step can run, ms |%n|---|--:|--:|--:|--:|%n",
        OPENINGS);
    for (Path file : files) {
      openings(file, options);
    }
  }

  private static void openings(Path file, ModelOptions options) throws IOException {
    double[] open = new double[OPENINGS];
    double[] map = new double[OPENINGS];
    double[] ready = new double[OPENINGS];
    long bytes = 0;
    for (int i = -1; i < OPENINGS; i++) {
      long start = System.nanoTime();
      try (Model model = Model.open(file, options)) {
        double opened = (System.nanoTime() - start) / 1e6;
        Model.LoadTimes load = model.loadTimes();
        if (i >= 0) {
          open[i] = opened;
          ready[i] = (System.nanoTime() - start) / 1e6;
          map[i] = load.map() / 1e6;
        }
        bytes = model.packed().weightBytes();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f MB | %.2f | %.2f | %.2f |%n",
        file.getFileName(),
        bytes / 1e6,
        median(open),
        median(map),
        median(ready));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void turns(Path file, ModelOptions options) throws IOException {
    GenerationOptions greedy =
        GenerationOptions.defaults()
            .withSampling(SamplingOptions.greedy())
            .withIgnoreEnd(true)
            .withMaxTokens(TOKENS);
    try (Model model = Model.open(file, options);
        Session session = model.newSession()) {
      try (Generation first = session.generate("Once upon a time", greedy)) {
        first.await();
      }
      System.out.printf(
          Locale.ROOT,
          "- anonymous memory of the process after %d tokens, context %d: %.0f MB (of it heap and"
              + " JVM: all but %.0f MB)%n",
          TOKENS,
          CONTEXT,
          status("RssAnon:") / 1e6,
          model.allocatedBytes() / 1e6);
    }
    try (Model model = Model.open(file, options);
        Session session = model.newSession()) {
      double[] seconds = new double[TURNS];
      int prompt = 0;
      for (int turn = -1; turn < TURNS; turn++) {
        long start = System.nanoTime();
        try (Generation answer =
            session.chat(
                "Tell me one more thing about it, please, " + turn + ".",
                greedy.withMaxTokens(8))) {
          Token token = answer.iterator().next();
          if (turn >= 0 && token.id() >= 0) {
            seconds[turn] = (System.nanoTime() - start) / 1e9;
          }
          answer.await();
          prompt = answer.stats().promptTokens() - answer.stats().reusedTokens();
        }
      }
      Arrays.sort(seconds);
      System.out.printf(
          Locale.ROOT,
          "- chat turn on a warm session, %d new prompt tokens, to the first token: %.1f ms (median"
              + " of %d)%n",
          prompt,
          1e3 * seconds[TURNS / 2],
          TURNS);
    }
  }

  private static long status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field)) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return -1;
  }
}
