package dev.vtc.app.command;

import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.UserError;
import dev.vtc.app.store.ModelRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code vtc rm}. */
public final class RmCommand extends Command {
  List<String> refs = List.of();

  boolean packed;

  @Override
  void declare(Options o) {
    o.about(
        "Removes models from the store. A file that was pulled by its path stays where it is.",
        "  vtc rm smollm2",
        "  vtc rm hf:owner/repo:Q8_0",
        "  vtc rm --packed");
    o.positionals("REF", "Names as vtc list shows them.", v -> refs = v);
    o.flag(
        "Remove the packed copies of model files that are not in the store; they are made again"
            + " when needed.",
        () -> packed = true,
        "--packed");
  }

  @Override
  public int run(Context context) throws Exception {
    if (refs.isEmpty() && !packed) {
      throw UserError.usage("Which model? vtc list shows their names.");
    }
    if (packed) {
      for (Path file : context.store().otherPacked()) {
        Files.delete(file);
        context.terminal().err().println("removed " + file.getFileName());
      }
    }
    for (String ref : refs) {
      String name = ref;
      if (context.store().find(ref) == null && Files.exists(Path.of(ref))) {
        name = ModelRef.parse(ref).text(); // a file, listed by its absolute path
      }
      long freed = context.store().remove(name);
      context.terminal().err().println("removed " + name + " (" + Bytes.human(freed) + " freed)");
    }
    return ExitCode.OK;
  }
}
