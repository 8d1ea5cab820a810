package dev.vtc.app.command;

import dev.vtc.app.Terminal;
import dev.vtc.app.store.Store;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every subcommand has. An instance is filled by picocli and then run once. */
public abstract class Command {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--debug", description = "Print stack traces with errors.")
  boolean debug;

  /**
   * Surroundings of a run.
   *
   * @param env the environment
   */
  public record Context(Terminal terminal, Map<String, String> env, Store store) {}

  /** Does the work; the result is the exit code. */
  public abstract int run(Context context) throws Exception;
}
