package dev.vtc.app.command;

import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.Token;
import dev.vtc.app.Bytes;
import dev.vtc.app.Samples;
import dev.vtc.app.UserError;
import dev.vtc.app.lab.Report;
import dev.vtc.app.lab.RunFacts;
import dev.vtc.app.lab.Steps;
import dev.vtc.app.lab.layout.ModelProducts;
import dev.vtc.app.lab.layout.Variant;
import dev.vtc.app.lab.paper.PaperReport;
import dev.vtc.app.lab.paper.SyntheticCheckpoint;
import dev.vtc.app.store.Store;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.model.ModelConfig;
import dev.vtc.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code vtc lab paper}. */
public final class LabPaperCommand extends Command {
  private static final int TURN_TOKENS = 20;
  private static final int TURNS = 10;
  private static final long SEED = 110;

  private final LabArgs lab = new LabArgs("paper");

  private @Nullable Path checkpoint;

  private int threads;

  private @Nullable String machine;

  private int tokens = 256;

  private int runs = 5;

  private SyntheticCheckpoint shape = SyntheticCheckpoint.STORIES_110M;

  @Override
  void declare(Options o) {
    o.about(
        "Repeats the paper's experiments (arXiv 2601.03324) on the shape of stories110M in FP32:"
            + " decoding, latency, the read ceiling, and scalar and SIMD baselines, beside the"
            + " paper's numbers. Without --checkpoint the weights are random, in a file of 440 MB"
            + " that is removed afterwards, and packed in as much again.",
        "  vtc lab paper",
        "  vtc lab paper --checkpoint stories110M.bin -t 4 -o /tmp/paper");
    lab.declare(o);
    o.value(
        Path.class,
        "FILE",
        "A checkpoint of llama2.c (default: random weights).",
        v -> checkpoint = v,
        "--checkpoint");
    o.threads(v -> threads = v);
    o.machine("The machine that runs the model", v -> machine = v);
    o.value(
        Integer.class,
        "N",
        "Tokens to decode, at least 2 (default: 256).",
        v -> tokens = v,
        "-n",
        "--decode-tokens");
    o.runs(v -> runs = v);
    o.value(
        String.class,
        "W,H,L,A,V",
        "Another shape of the random weights: width, hidden width, layers, heads, vocabulary"
            + " (default: 768,2048,12,12,32000).",
        v -> shape = shape(v),
        "--shape");
  }

  private static SyntheticCheckpoint shape(String text) {
    String[] parts = text.split(",", -1);
    try {
      int[] n = Stream.of(parts).mapToInt(p -> Integer.parseInt(p.strip())).toArray();
      boolean sensible =
          n.length == 5
              && Arrays.stream(n).allMatch(v -> v > 0 && v <= 1 << 17)
              && n[0] <= 1 << 14
              && n[1] <= 1 << 16
              && n[2] <= 256
              && n[0] % n[3] == 0
              && n[0] / n[3] % 2 == 0;
      if (sensible) {
        return new SyntheticCheckpoint(
            n[0], n[1], n[2], n[3], n[4], SyntheticCheckpoint.STORIES_110M.context());
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw UserError.usage(
        "--shape takes five numbers such as 768,2048,12,12,32000, the width a multiple of twice the"
            + " heads.");
  }

  @Override
  public int run(Context context) throws Exception {
    int most = SyntheticCheckpoint.STORIES_110M.context() - TURNS * (TURN_TOKENS + 1);
    if (tokens < 2 || tokens > most || runs < 1) {
      throw UserError.usage("-n must be between 2 and " + most + ", --runs at least 1.");
    }
    if (threads < 0 || threads > 1024) {
      throw UserError.usage("--threads must be between 1 and 1024.");
    }
    if (checkpoint != null && !Files.isRegularFile(checkpoint)) {
      throw new UserError(checkpoint + " is not a file.");
    }
    LaneMachine lanes = LabMachine.choose(machine, context.env());
    Report report = new Report("The paper's experiments on this machine", RunFacts.here());
    return lab.run(
        context,
        report,
        (run, into) -> {
          if (checkpoint != null) {
            measure(checkpoint, context.store().packedFolder(), lanes, run, into);
            return;
          }
          Path folder = temporary(context.store());
          try {
            Path file = folder.resolve("synthetic.bin");
            shape.write(file, SEED);
            measure(file, folder, lanes, run, into);
          } finally {
            remove(folder);
          }
        });
  }

  private static Path temporary(Store store) throws IOException {
    Files.createDirectories(store.home());
    return Files.createTempDirectory(store.home(), "lab-");
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  private void measure(Path file, Path cache, LaneMachine lanes, Steps run, Report report)
      throws Exception {
    ModelOptions options =
        ModelOptions.defaults()
            .withThreads(threads)
            .withMachine(lanes.name())
            .withContext(tokens + TURNS * (TURN_TOKENS + 1) + 1)
            .withCache(cache);
    run.steps(runs + 1L + TURNS + (long) Variant.values().length * (runs + 1));
    ModelConfig config;
    int team;
    PaperReport paper;
    try (Model model = Model.open(file, options);
        ReadCeiling reader = new ReadCeiling(model)) {
      model.awaitPages();
      config = model.config();
      team = model.threads();
      String name =
          checkpoint == null ? "random weights" : String.valueOf(checkpoint.getFileName());
      report
          .facts()
          .put("machine", lanes.name())
          .put("threads", team)
          .put("model", name + ", " + described(config))
          .put(
              "pages",
              model.packed().pages().id()
                  + ", "
                  + Bytes.human(Math.max(0, model.packed().hugePageBytes()))
                  + " of "
                  + Bytes.human(reader.bytes())
                  + " in pages of 2 MiB");
      paper = new PaperReport(described(config), model.program().weightBytes());
      decode(model, reader, paper, run);
      turns(model, paper, run);
    }
    products(config, lanes, team, paper, report, run);
    paper.addTo(report);
  }

  private static String described(ModelConfig c) {
    return c.layers()
        + " layers of "
        + c.width()
        + ", hidden "
        + c.ffnWidth()
        + ", "
        + c.heads()
        + " heads, vocabulary "
        + c.vocabulary();
  }

  private void decode(Model model, ReadCeiling reader, PaperReport paper, Steps run)
      throws InterruptedException {
    double[] rates = new double[runs];
    double[] reads = new double[runs];
    double[][] seconds = new double[runs][];
    int done = 0;
    for (int r = -1; r < runs && run.goOn(); r++) {
      double read = reader.measure();
      double[] each = new double[tokens - 1];
      double rate = decode(model, each, run);
      run.step();
      if (r >= 0 && rate > 0) {
        rates[done] = rate;
        reads[done] = read;
        seconds[done++] = each;
      }
    }
    if (done == 0) {
      return;
    }
    double[] medians = new double[tokens - 1];
    for (int t = 0; t < medians.length; t++) {
      double[] at = new double[done];
      for (int r = 0; r < done; r++) {
        at[r] = seconds[r][t];
      }
      medians[t] = new Samples(at).median();
    }
    paper.decoded(
        new Samples(Arrays.copyOf(rates, done)), medians, new Samples(Arrays.copyOf(reads, done)));
  }

  /**
   * Decodes.
   *
   * @param seconds receives the time of each token after the first, as a reader of the answer sees
   *     it
   * @return tokens per second as the engine sees it, 0 where the run was stopped
   */
  private double decode(Model model, double[] seconds, Steps run) {
    int done = -1;
    long last = 0;
    try (Session session = model.newSession();
        Generation generation = session.generate(prompt(model, 1), greedy(tokens))) {
      for (Token _ : generation) {
        long now = System.nanoTime();
        if (done >= 0) {
          seconds[done] = (now - last) / 1e9;
        }
        last = now;
        done++;
        if (!run.goOn()) {
          return 0;
        }
      }
      return generation.stats().decodeTokensPerSecond();
    }
  }

  private static int[] prompt(Model model, int count) {
    return new SplittableRandom(1).ints(count, 0, model.config().vocabulary()).toArray();
  }

  private static GenerationOptions greedy(int count) {
    return GenerationOptions.defaults()
        .withMaxTokens(count)
        .withSampling(SamplingOptions.greedy())
        .withIgnoreEnd(true);
  }

  /** Turns of a conversation, one after the other in one session. */
  private static void turns(Model model, PaperReport paper, Steps run) {
    double[] seconds = new double[TURNS];
    int done = 0;
    try (Session session = model.newSession()) {
      for (int turn = 0; turn < TURNS && run.goOn(); turn++) {
        int[] before = session.tokens();
        int[] message = prompt(model, TURN_TOKENS);
        int[] all = Arrays.copyOf(before, before.length + message.length);
        System.arraycopy(message, 0, all, before.length, message.length);
        try (Generation generation = session.generate(all, greedy(1))) {
          generation.await();
          seconds[done++] = generation.stats().firstTokenNanos() / 1e9;
        }
        run.step();
      }
    }
    if (done > 0) {
      paper.turns(new Samples(Arrays.copyOf(seconds, done)));
    }
  }

  /** The matrices in the order of a step. */
  private static List<ModelProducts.Shape> shapes(ModelConfig c) {
    List<ModelProducts.Shape> shapes = new ArrayList<>();
    int queries = c.heads() * c.headDim();
    int keys = c.kvHeads() * c.headDim();
    for (int layer = 0; layer < c.layers(); layer++) {
      shapes.add(new ModelProducts.Shape(queries, c.width()));
      shapes.add(new ModelProducts.Shape(keys, c.width()));
      shapes.add(new ModelProducts.Shape(keys, c.width()));
      shapes.add(new ModelProducts.Shape(c.width(), queries));
      shapes.add(new ModelProducts.Shape(c.ffnWidth(), c.width()));
      shapes.add(new ModelProducts.Shape(c.ffnWidth(), c.width()));
      shapes.add(new ModelProducts.Shape(c.width(), c.ffnWidth()));
    }
    shapes.add(new ModelProducts.Shape(c.vocabulary(), c.width()));
    return shapes;
  }

  private void products(
      ModelConfig config, LaneMachine lanes, int team, PaperReport paper, Report report, Steps run)
      throws IOException {
    List<ModelProducts.Shape> shapes = shapes(config);
    if (!shapes.stream().allMatch(ModelProducts.Shape::possible)) {
      report
          .facts()
          .put("baselines", "none: the lab's kernels need widths that are multiples of 64");
      return;
    }
    for (Variant variant :
        List.of(Variant.TVL_SIMD, Variant.ROW_SIMD, Variant.TVL_SCALAR, Variant.ROW_SCALAR)) {
      if (!run.goOn()) {
        return;
      }
      try (ModelProducts products = new ModelProducts(lanes, variant, shapes, team)) {
        double[] seconds = new double[runs];
        int done = 0;
        for (int r = -1; r < runs && run.goOn(); r++) {
          long start = System.nanoTime();
          products.step();
          if (r >= 0) {
            seconds[done++] = (System.nanoTime() - start) / 1e9;
          }
          run.step();
        }
        if (done > 0) {
          paper.products(variant, new Samples(Arrays.copyOf(seconds, done)));
        }
      }
    }
  }
}
