package dev.vtc.app;

import dev.vtc.Model;
import dev.vtc.app.command.Command;
import dev.vtc.app.store.Store;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The entry of {@code vtc}: picks the subcommand, and only loads that one; turns whatever goes
 * wrong into one sentence and an exit code.
 */
public final class Main {
  static final long START_NANOS = System.nanoTime();

  private Main() {}

  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    Terminal terminal = Terminal.system(env);
    int code = run(args, terminal, env);
    terminal.out().flush();
    terminal.err().flush();
    // Threads of libraries (the HTTP client's, the thread team's) must not keep the process alive.
    System.exit(code);
  }

  /** Runs one command line. */
  public static int run(String[] args, Terminal terminal, Map<String, String> env) {
    boolean debug = Arrays.asList(args).contains("--debug");
    try {
      return dispatch(args, terminal, env);
    } catch (Throwable e) {
      return Failures.report(e, debug, terminal);
    }
  }

  private static int dispatch(String[] args, Terminal terminal, Map<String, String> env)
      throws Exception {
    // Options before the subcommand: only those that stand alone make sense there.
    int i = 0;
    while (i < args.length && args[i].equals("--debug")) {
      i++;
    }
    if (i == args.length) {
      return usage(terminal.err(), ExitCode.USAGE);
    }
    String[] rest = Arrays.copyOfRange(args, i + 1, args.length);
    return switch (args[i]) {
      case "-h", "--help" -> usage(terminal.out(), ExitCode.OK);
      case "help" -> {
        if (rest.length == 0) {
          yield usage(terminal.out(), ExitCode.OK);
        }
        String[] asked = Arrays.copyOf(rest, rest.length + 1);
        asked[rest.length] = "--help";
        yield dispatch(asked, terminal, env);
      }
      case "-V", "--version" -> {
        VersionInfo.print(terminal.out(), env, Arrays.asList(args).contains("--json"));
        yield ExitCode.OK;
      }
      case Subcommand.LAB -> lab(rest, terminal, env);
      default -> command("vtc", Subcommand.all(), args[i], rest, terminal, env);
    };
  }

  private static int lab(String[] args, Terminal terminal, Map<String, String> env)
      throws Exception {
    if (args.length == 0) {
      return labUsage(terminal.err(), ExitCode.USAGE);
    }
    return switch (args[0]) {
      case "-h", "--help" -> labUsage(terminal.out(), ExitCode.OK);
      default ->
          command(
              "vtc " + Subcommand.LAB,
              Subcommand.lab(),
              args[0],
              Arrays.copyOfRange(args, 1, args.length),
              terminal,
              env);
    };
  }

  /**
   * Runs a command.
   *
   * @param group what stands before its name on the command line
   * @param among the commands of that group
   */
  private static int command(
      String group,
      List<Subcommand> among,
      String name,
      String[] args,
      Terminal terminal,
      Map<String, String> env)
      throws Exception {
    Subcommand subcommand = Subcommand.find(among, name);
    if (subcommand == null) {
      String near = Subcommand.nearest(among, name);
      throw UserError.usage(
          (name.startsWith("-") ? "There is no option " : "There is no command ")
              + name
              + (near == null ? "" : "; perhaps " + near + " is meant.")
              + (near == null ? "; " + group + " --help lists them all." : ""));
    }
    if (subcommand.opensModel()) {
      // Beside the reading of the command line, which takes about as long.
      Thread.ofPlatform().daemon().name("vtc-prepare").start(Model::prepare);
    }
    Command command = subcommand.create();
    CommandLine line = command.commandLine();
    line.setCommandName(group + " " + name);
    line.setUsageHelpWidth(110);
    line.setExpandAtFiles(false); // a prompt may begin with @
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.outColor() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    CommandLine.ParseResult parsed;
    try {
      parsed = line.parseArgs(args);
    } catch (CommandLine.ParameterException e) {
      String message = String.valueOf(e.getMessage()).strip();
      throw new UserError(
          message
              + (message.endsWith(".") ? "" : ".")
              + " "
              + group
              + " "
              + name
              + " --help shows the options.",
          ExitCode.USAGE,
          e);
    }
    if (parsed.isUsageHelpRequested()) {
      line.usage(terminal.out());
      return ExitCode.OK;
    }
    command.parsed();
    Startup.parsed();
    return command.run(new Command.Context(terminal, env, Store.of(env)));
  }

  private static int labUsage(PrintStream out, int code) {
    out.println("Usage: vtc lab COMMAND [OPTIONS]");
    out.println();
    out.println(
        "Measures what an inference engine spends its time on, on this machine. Each command prints"
            + " its tables and\n"
            + "writes a folder with a report in Markdown and JSON, tables as CSV and plots as SVG"
            + " and PNG.");
    out.println();
    out.println("Commands:");
    for (Subcommand s : Subcommand.lab()) {
      out.printf("  %-12s %s%n", s.name(), s.summary());
    }
    out.println();
    out.println("vtc lab COMMAND --help shows a command's options and examples.");
    return code;
  }

  private static int usage(PrintStream out, int code) {
    out.println("Usage: vtc COMMAND [OPTIONS]");
    out.println();
    out.println("Runs large language models on this machine's CPU.");
    out.println();
    out.println("Commands:");
    for (Subcommand s : Subcommand.all()) {
      out.printf("  %-12s %s%n", s.name(), s.summary());
    }
    out.printf("  %-12s %s%n", Subcommand.LAB, Subcommand.LAB_SUMMARY);
    out.println();
    out.println("Examples:");
    for (String example :
        List.of(
            "vtc run \"Why is the sky blue?\"",
            "vtc chat",
            "vtc pull hf:bartowski/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M",
            "vtc run -m ./model.gguf --temperature 0 -n 100 < prompt.txt")) {
      out.println("  " + example);
    }
    out.println();
    out.println(
        "vtc COMMAND --help shows a command's options and examples; vtc --version says what runs"
            + " here.");
    out.println();
    out.println("Environment:");
    out.println(
        "  VTC_HOME       where models are kept (else $XDG_CACHE_HOME/vtc, else ~/.cache/vtc)");
    out.println("  VTC_MACHINE    the machine that runs programs, as --machine");
    out.println(
        "  VTC_TUNING     on AArch64: apple, neoverse-n, neoverse-v or other (else the CPU's)");
    out.println("  VTC_JAVA_OPTS  further options of the JVM");
    out.println("  HF_TOKEN       token for models on Hugging Face that need one");
    out.println("  NO_COLOR       no colours");
    out.println();
    out.println(
        "Exit codes: 0 done; 1 a model, file or network failed; 2 wrong command line; 130 stopped"
            + " by Ctrl-C.");
    return code;
  }
}
