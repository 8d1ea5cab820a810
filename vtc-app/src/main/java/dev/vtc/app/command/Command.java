package dev.vtc.app.command;

import dev.vtc.app.Terminal;
import dev.vtc.app.store.Store;
import java.util.Map;
import picocli.CommandLine;

/** What every subcommand has. An instance is filled by picocli and then run once. */
public abstract class Command {
  private final Options options = new Options();

  /**
   * Surroundings of a run.
   *
   * @param env the environment
   */
  public record Context(Terminal terminal, Map<String, String> env, Store store) {}

  /** Declares what the command line may hold, and where its values go. */
  abstract void declare(Options o);

  /** A parser for this command; {@link #parsed} is to follow. */
  public final CommandLine commandLine() {
    options.help("Show this help.", "-h", "--help");
    options.flag(
        "Print stack traces with errors.", () -> {}, "--debug"); // Main looks for it itself
    declare(options);
    return options.commandLine();
  }

  /** Takes over what was parsed. */
  public final void parsed() {
    options.apply();
  }

  /** Does the work; the result is the exit code. */
  public abstract int run(Context context) throws Exception;
}
