package dev.vtc.text.template;

import dev.vtc.text.template.Values.Builtin;
import dev.vtc.text.template.Values.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} of a running loop; callable where the loop is recursive. */
final class Loop implements Values.Function, Access.WithAttributes {
  private final Ops ops;
  private final List<Object> items;
  private final int depth;
  private final @Nullable Recursion recursion;
  private @Nullable Object lastChanged;
  int index; // from 0

  /** Runs the body of the loop for other items, one level deeper. */
  interface Recursion {
    Text run(Object items, int depth);
  }

  Loop(Ops ops, List<Object> items, int depth, @Nullable Recursion recursion) {
    this.ops = ops;
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
  }

  @Override
  public Object call(Args args) {
    if (recursion == null) {
      throw new Problem("this loop is not recursive, so 'loop' cannot be called");
    }
    return recursion.run(args.expect("loop", "iterable").need(0, "iterable"), depth + 1);
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> items.size() - index - 1L;
      case "first" -> Values.bool(index == 0);
      case "last" -> Values.bool(index == items.size() - 1);
      case "length" -> (long) items.size();
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" ->
          index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
      case "nextitem" ->
          index + 1 < items.size() ? items.get(index + 1) : new Undefined("there is no next item");
      case "cycle" ->
          new Builtin(
              name,
              args -> {
                if (args.size() == 0) {
                  throw new Problem("there are no items to cycle through");
                }
                return args.positional().get(index % args.size());
              });
      case "changed" ->
          new Builtin(
              name,
              args -> {
                Object now = new Values.Tuple(args.positional());
                boolean changed = lastChanged == null || !ops.equal(lastChanged, now);
                lastChanged = now;
                return Values.bool(changed);
              });
      default -> null;
    };
  }
}
