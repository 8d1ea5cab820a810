package dev.vtc.text.template;

import dev.vtc.text.template.Values.Builtin;
import dev.vtc.text.template.Values.Namespace;
import dev.vtc.text.template.Values.Undefined;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions that every template can call: Jinja's, and {@code raise_exception} and {@code
 * strftime_now} of transformers.
 */
final class Globals {
  /** Jinja's sandbox has the same bound. */
  private static final int MAX_RANGE = 100_000;

  private final Ops ops;
  private final Supplier<LocalDateTime> clock;

  Globals(Ops ops, Supplier<LocalDateTime> clock) {
    this.ops = ops;
    this.clock = clock;
  }

  @Nullable Object find(String name) {
    return switch (name) {
      case "range" -> new Builtin(name, this::range);
      case "dict" -> new Builtin(name, this::dict);
      case "namespace" -> new Builtin(name, args -> new Namespace(dict(args)));
      case "joiner" -> new Builtin(name, this::joiner);
      case "cycler" -> new Builtin(name, args -> new Cycler(args.positional()));
      case "raise_exception" ->
          new Builtin(
              name,
              args -> {
                throw new Problem(ops.str(args.expect(name, "message").need(0, "message")).chars);
              });
      case "strftime_now" ->
          new Builtin(
              name,
              args ->
                  Text.template(
                      Strftime.format(
                          clock.get(),
                          ops.str(args.expect(name, "format").need(0, "format")).chars)));
      default -> null;
    };
  }

  private List<Object> range(Args args) {
    if (args.size() < 1 || args.size() > 3 || !args.named().isEmpty()) {
      throw new Problem("range() takes one to three integers");
    }
    List<Object> a = args.positional();
    long from = a.size() > 1 ? Ops.smallInteger(a.get(0), "the start of range()") : 0;
    long to = Ops.smallInteger(a.get(a.size() > 1 ? 1 : 0), "the end of range()");
    long step = a.size() > 2 ? Ops.smallInteger(a.get(2), "the step of range()") : 1;
    if (step == 0) {
      throw new Problem("the step of range() is 0");
    }
    long count =
        Math.max(0, step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step);
    if (count > MAX_RANGE) {
      throw new Problem("range() gives " + count + " items, but " + MAX_RANGE + " are the most");
    }
    ops.budget.charge(count);
    List<Object> items = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      items.add(from + i * step);
    }
    return items;
  }

  private Map<Object, Object> dict(Args args) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (args.size() > 1) {
      throw new Problem("dict() takes one dict or list of pairs, and names");
    }
    if (args.size() == 1 && args.positional().getFirst() instanceof Map<?, ?> other) {
      map.putAll(Ops.objects(other));
    } else if (args.size() == 1) {
      for (Object pair : ops.iterate(args.positional().getFirst())) {
        List<Object> two = ops.iterate(pair);
        if (two.size() != 2) {
          throw new Problem("dict() needs pairs");
        }
        map.put(Ops.key(two.get(0)), two.get(1));
      }
    }
    args.named().forEach((name, value) -> map.put(Text.template(name), value));
    ops.budget.charge(map.size());
    return map;
  }

  private Object joiner(Args args) {
    Object separator = args.expect("joiner", "sep").get(0, "sep", Text.template(", "));
    boolean[] used = {false};
    return new Builtin(
        "joiner",
        _ -> {
          Object result = used[0] ? separator : Text.EMPTY;
          used[0] = true;
          return result;
        });
  }

  /** Jinja's {@code cycler(a, b, …)}. */
  private static final class Cycler implements Access.WithAttributes {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
      if (items.isEmpty()) {
        throw new Problem("cycler() needs at least one item");
      }
      this.items = items;
    }

    @Override
    public @Nullable Object attribute(String name) {
      return switch (name) {
        case "current" -> items.get(at);
        case "next" ->
            new Builtin(
                name,
                _ -> {
                  Object item = items.get(at);
                  at = (at + 1) % items.size();
                  return item;
                });
        case "reset" ->
            new Builtin(
                name,
                _ -> {
                  at = 0;
                  return new Undefined("reset() gives nothing");
                });
        default -> null;
      };
    }
  }
}
