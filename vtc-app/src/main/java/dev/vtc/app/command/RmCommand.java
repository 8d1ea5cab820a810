package dev.vtc.app.command;

import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.store.ModelRef;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code vtc rm}. */
@CommandLine.Command(
    description =
        "Removes models from the store. A file that was pulled by its path stays where it is.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  vtc rm smollm2", "  vtc rm hf:owner/repo:Q8_0"})
public final class RmCommand extends Command {
  @Parameters(arity = "1..*", paramLabel = "REF", description = "Names as vtc list shows them.")
  List<String> refs = List.of();

  @Override
  public int run(Context context) throws Exception {
    for (String ref : refs) {
      String name = ref;
      if (context.store().find(ref) == null && java.nio.file.Files.exists(Path.of(ref))) {
        name = ModelRef.parse(ref).text(); // a file, listed by its absolute path
      }
      long freed = context.store().remove(name);
      context.terminal().err().println("removed " + name + " (" + Bytes.human(freed) + " freed)");
    }
    return ExitCode.OK;
  }
}
