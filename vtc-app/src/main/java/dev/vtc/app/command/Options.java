package dev.vtc.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What a command understands, declared for picocli in code. Its annotations would read better, but
 * reading them by reflection takes 35 ms of a start, a quarter of all (Zen 5, AOT cache,
 * 2026-11-26).
 */
final class Options {
  private final CommandSpec spec = CommandSpec.create();
  private final List<Runnable> setters = new ArrayList<>();

  /** What the help says before and behind the options. */
  void about(String description, String... examples) {
    spec.usageMessage()
        .description(description)
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(examples);
  }

  /** An option without a value. */
  void flag(String description, Runnable set, String... names) {
    add(
        OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build(),
        v -> set.run());
  }

  /** The option that asks for help, and keeps everything else from being complained about. */
  void help(String description, String... names) {
    spec.addOption(
        OptionSpec.builder(names)
            .type(boolean.class)
            .arity("0")
            .usageHelp(true)
            .description(description)
            .build());
  }

  /**
   * An option with a value.
   *
   * @param param what the value is called in the help
   * @param set takes the value, if the option is given
   */
  <T> void value(
      Class<T> type, String param, String description, Consumer<T> set, String... names) {
    add(option(param, description, names).type(type).build(), set);
  }

  /** How many threads run a step. */
  void threads(Consumer<Integer> set) {
    String text = "Threads (default: one for each physical core).";
    value(Integer.class, "N", text, set, "-t", "--threads");
  }

  /**
   * Which machine is used.
   *
   * @param what "The machine that …"
   */
  void machine(String what, Consumer<String> set) {
    String text = what + " (default: $VTC_MACHINE, else the fastest).";
    value(String.class, "NAME", text, set, "--machine");
  }

  /** How often something is measured. */
  void runs(Consumer<Integer> set) {
    String text = "Measured runs, after one that is not (default: 5).";
    value(Integer.class, "N", text, set, "-r", "--runs");
  }

  /** An option without which there is no run. */
  <T> void required(
      Class<T> type, String param, String description, Consumer<T> set, String... names) {
    add(option(param, description, names).type(type).required(true).build(), set);
  }

  /** An option that may be repeated. */
  void list(String param, String description, Consumer<List<String>> set, String... names) {
    add(
        option(param, description, names).type(List.class).auxiliaryTypes(String.class).build(),
        set);
  }

  /** An option that may be repeated, each time with a key and a value. */
  <K, V> void map(
      Class<K> key,
      Class<V> value,
      String param,
      String description,
      Consumer<Map<K, V>> set,
      String... names) {
    add(option(param, description, names).type(Map.class).auxiliaryTypes(key, value).build(), set);
  }

  private static OptionSpec.Builder option(String param, String description, String... names) {
    return OptionSpec.builder(names).paramLabel(param).arity("1").description(description);
  }

  /** An argument that may be missing. */
  <T> void positional(Class<T> type, String param, String description, Consumer<T> set) {
    add(positional(param, description).arity("0..1").type(type).build(), set);
  }

  /** Any number of arguments. */
  void positionals(String param, String description, Consumer<List<String>> set) {
    add(
        positional(param, description)
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build(),
        set);
  }

  private static PositionalParamSpec.Builder positional(String param, String description) {
    return PositionalParamSpec.builder().paramLabel(param).description(description);
  }

  private <T> void add(ArgSpec arg, Consumer<T> set) {
    spec.add(arg);
    setters.add(() -> {
      T value = arg.getValue();
      if (!arg.stringValues().isEmpty() && value != null) {
        set.accept(value);
      }
    });
  }

  /** A parser for what was declared. */
  CommandLine commandLine() {
    return new CommandLine(spec);
  }

  /** Hands over the values of those options that were given, after parsing. */
  void apply() {
    setters.forEach(Runnable::run);
  }
}
