package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.app.ProgressLine;
import dev.vtc.app.UserError;
import dev.vtc.app.store.Catalogue;
import dev.vtc.app.store.ModelRef;
import dev.vtc.app.store.Puller;
import dev.vtc.app.store.Store;
import dev.vtc.app.store.StoredModel;
import dev.vtc.asm.CpuFeatures;
import dev.vtc.format.QuantizedTypes;
import dev.vtc.machine.registry.Machines;
import dev.vtc.tensor.DType;
import dev.vtc.tvl.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The options of every command that opens a model. */
final class ModelArgs {
  String model = Catalogue.DEFAULT;

  int threads;

  @Nullable String machine;

  int context;

  @Nullable String pages;

  @Nullable DType quantize;

  boolean offline;

  void declare(Options o) {
    o.value(
        String.class,
        "MODEL",
        "A model file, a Hugging Face folder, or a reference as for vtc pull; fetched if it is not"
            + " here (default: smollm2).",
        v -> model = v,
        "-m",
        "--model");
    o.threads(v -> threads = v);
    o.machine("The machine that runs the program", v -> machine = v);
    o.value(
        Integer.class,
        "N",
        "Context in tokens (default: what the model was trained for, 4096 at the most).",
        v -> context = v,
        "-c",
        "--ctx");
    o.value(
        String.class,
        "WAY",
        "How the weights are mapped: auto, file, huge-file, or anon for a copy in anonymous memory"
            + " (default: auto).",
        v -> pages = v,
        "--pages");
    o.value(
        String.class,
        "TYPE",
        "Quantize the weights while they are packed, as vtc quantize does: Q8 (Q8_0), Q4 (Q4_0), or"
            + " another of its types; for a Hugging Face folder or a file.",
        v -> quantize = quantization(v),
        "--quantize");
    o.flag("Use no network.", () -> offline = true, "--offline");
  }

  /** Opens the model, fetching and packing it if need be. */
  Model open(Command.Context context, ModelOptions base) throws IOException {
    check();
    ModelOptions options =
        base.withThreads(threads)
            .withMachine(machine)
            .withContext(this.context)
            .withPages(pages == null ? base.pages() : pages(pages))
            .withQuantize(quantize)
            .withCache(context.store().packedFolder());
    ModelRef ref = ModelRef.parse(model);
    if (ref instanceof ModelRef.LocalFile file) {
      return open(file.path(), options, context);
    }
    Puller puller = new Puller(context.store(), context.terminal(), context.env(), false);
    StoredModel stored = fetch(ref, puller, context, false);
    if (quantize != null) {
      if (!Files.isRegularFile(stored.files().getFirst())) {
        throw new UserError(
            "Of the model "
                + ref.text()
                + " only the packed file is here, whose weights stay as they are; vtc pull --keep "
                + ref.text()
                + " fetches its source.");
      }
      return open(stored.path(), options, context); // the download stays: the packed file is less
    }
    try {
      return keep(stored, open(stored.path(), options, context), context.store());
    } catch (IOException e) {
      if (Files.isRegularFile(stored.files().getFirst()) || offline) {
        throw e;
      }
      // Only the packed file is left, and it is damaged or of another version.
      context.terminal().say(e.getMessage() + " Fetching the model again.");
      stored = fetch(ref, puller, context, true);
      return keep(stored, open(stored.path(), options, context), context.store());
    }
  }

  private static DType quantization(String word) {
    String name = word.equalsIgnoreCase("Q8") || word.equalsIgnoreCase("Q4") ? word + "_0" : word;
    DType type = QuantizedTypes.named(name);
    if (type == null || type.blockSize() == 1) {
      throw UserError.usage(
          "There is no quantization \""
              + word
              + "\"; there are Q8, Q4, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K and Q6_K.");
    }
    return type;
  }

  private static Pages pages(String id) {
    try {
      return Pages.ofId(id);
    } catch (IllegalArgumentException e) {
      throw UserError.usage(String.valueOf(e.getMessage()));
    }
  }

  private StoredModel fetch(ModelRef ref, Puller puller, Command.Context context, boolean again)
      throws IOException {
    if (offline) {
      StoredModel there = context.store().find(ref.text());
      if (there == null) {
        throw new UserError(
            "The model " + ref.text() + " is not here, and --offline forbids fetching it.");
      }
      return there;
    }
    return puller.pull(ref, null, again, false);
  }

  private static Model open(Path file, ModelOptions options, Command.Context context)
      throws IOException {
    try (PackingProgress progress =
        new PackingProgress(new ProgressLine(context.terminal(), "packing", true))) {
      return Model.open(file, options.withProgress(progress));
    }
  }

  /** The packed file has everything, so a download is given up for it. */
  private static Model keep(StoredModel stored, Model model, Store store) throws IOException {
    Path packed = model.path();
    if (packed.startsWith(store.packedFolder()) && Files.isRegularFile(packed)) {
      store.packed(stored, packed);
    }
    return model;
  }

  private void check() {
    if (threads < 0 || threads > 1024) {
      throw UserError.usage("--threads must be between 1 and 1024.");
    }
    if (context < 0) {
      throw UserError.usage("--ctx must be positive.");
    }
    if (machine != null) {
      try {
        Machines.choose(machine, CpuFeatures.detect()); // before anything is fetched or packed
      } catch (IllegalArgumentException e) {
        throw UserError.usage(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Packing reports from any thread; the line is drawn by one at a time. */
  private static final class PackingProgress implements ModelOptions.Progress, AutoCloseable {
    private final ProgressLine line;
    private boolean started;
    private long last;

    PackingProgress(ProgressLine line) {
      this.line = line;
    }

    @Override
    public synchronized void at(long done, long total) {
      if (!started) {
        line.start(total, 0);
        started = true;
      }
      if (done > last) {
        last = done;
        line.update(done);
      }
    }

    @Override
    public synchronized void close() {
      line.close();
    }
  }
}
