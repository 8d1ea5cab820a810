package dev.vtc.text.template;

import dev.vtc.text.template.Stmt.Target;
import dev.vtc.text.template.Values.Namespace;
import dev.vtc.text.template.Values.Tuple;
import dev.vtc.text.template.Values.Undefined;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a parsed template once. */
final class Interpreter {
  /** How a body ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final String source;
  private final Budget budget;
  private final Ops ops;
  private final Arithmetic arithmetic;
  private final Access access;
  private final Tests tests;
  private final Filters filters;
  private final Globals globals;

  Interpreter(String source, Budget budget, Supplier<LocalDateTime> clock) {
    this.source = source;
    this.budget = budget;
    this.ops = new Ops(budget);
    this.arithmetic = new Arithmetic(ops);
    this.access = new Access(ops, arithmetic);
    this.tests = new Tests(ops);
    this.filters = new Filters(ops, access, tests);
    this.globals = new Globals(ops, clock);
  }

  /** Runs the statements of a template with its variables. */
  Text render(List<Stmt> body, Scope variables) {
    TextBuilder out = new TextBuilder(budget);
    run(body, variables, out);
    return out.toText();
  }

  // ---- statements ----

  private Flow run(List<Stmt> body, Scope scope, TextBuilder out) {
    for (Stmt statement : body) {
      Flow flow;
      try {
        budget.charge(1);
        budget.enter();
        flow = execute(statement, scope, out);
        budget.leave();
      } catch (Problem p) {
        throw TemplateException.at(source, statement.at(), p.problem());
      }
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow execute(Stmt statement, Scope scope, TextBuilder out) {
    switch (statement) {
      case Stmt.Data data -> out.append(data.text());
      case Stmt.Print print -> out.append(ops.str(eval(print.value(), scope)));
      case Stmt.If choice -> {
        for (int i = 0; i < choice.tests().size(); i++) {
          if (Ops.truth(eval(choice.tests().get(i), scope))) {
            return run(choice.bodies().get(i), scope, out);
          }
        }
        return run(choice.otherwise(), scope, out);
      }
      case Stmt.For loop -> {
        loop(loop, eval(loop.items(), scope), 0, scope, out);
      }
      case Stmt.Assign set -> assign(set.target(), eval(set.value(), scope), scope);
      case Stmt.AssignBlock set -> {
        Text text = capture(set.body(), new Scope(scope));
        Expr.Filter filter = set.filter();
        assign(set.target(), filter == null ? text : filter(filter, scope, text), scope);
      }
      case Stmt.Macro macro -> scope.set(macro.name(), new MacroFunction(macro.procedure(), scope));
      case Stmt.CallBlock block -> {
        Object caller = new MacroFunction(block.procedure(), scope);
        out.append(ops.str(call(block.call(), scope, caller)));
      }
      case Stmt.FilterBlock block ->
          out.append(
              ops.str(filter(block.filter(), scope, capture(block.body(), new Scope(scope)))));
      case Stmt.With with -> {
        Scope inner = new Scope(scope);
        for (int i = 0; i < with.targets().size(); i++) {
          assign(with.targets().get(i), eval(with.values().get(i), scope), inner);
        }
        return run(with.body(), inner, out);
      }
      case Stmt.Block block -> {
        return run(block.body(), new Scope(scope), out);
      }
      case Stmt.Break _ -> {
        return Flow.BREAK;
      }
      case Stmt.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Text capture(List<Stmt> body, Scope scope) {
    TextBuilder out = new TextBuilder(budget);
    run(body, scope, out);
    return out.toText();
  }

  private void loop(Stmt.For loop, Object iterable, int depth, Scope scope, TextBuilder out) {
    List<Object> items = ops.iterate(iterable);
    if (loop.test() != null) {
      List<Object> chosen = new ArrayList<>();
      for (Object item : items) {
        Scope inner = new Scope(scope);
        assign(loop.target(), item, inner);
        if (Ops.truth(eval(loop.test(), inner))) {
          chosen.add(item);
        }
      }
      items = chosen;
    }
    Loop.Recursion recursion = null;
    if (loop.recursive()) {
      recursion =
          (more, deeper) -> {
            TextBuilder inner = new TextBuilder(budget);
            budget.enter();
            loop(loop, more, deeper, scope, inner);
            budget.leave();
            return inner.toText();
          };
    }
    Loop variable = new Loop(ops, items, depth, recursion);
    boolean completed = false; // an iteration that was left early does not count, in Jinja
    for (int i = 0; i < items.size(); i++) {
      budget.charge(1);
      variable.index = i;
      Scope inner = new Scope(scope);
      inner.set("loop", variable);
      assign(loop.target(), items.get(i), inner);
      Flow flow = run(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.NEXT;
    }
    if (!completed) {
      run(loop.otherwise(), new Scope(scope), out);
    }
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.NamespaceAttribute(String namespace, String attribute) -> {
        if (!(scope.find(namespace) instanceof Namespace ns)) {
          throw new Problem("'" + namespace + "' is no namespace, so its attributes cannot be set");
        }
        ns.attributes().put(Text.template(attribute), value);
      }
      case Target.Several several -> {
        List<Object> values = value instanceof Undefined u ? unpackNothing(u) : ops.iterate(value);
        if (values.size() != several.targets().size()) {
          throw new Problem(
              values.size()
                  + " values cannot be assigned to "
                  + several.targets().size()
                  + " names");
        }
        for (int i = 0; i < values.size(); i++) {
          assign(several.targets().get(i), values.get(i), scope);
        }
      }
    }
  }

  private static List<Object> unpackNothing(Undefined u) {
    throw Ops.undefined(u);
  }

  // ---- macros ----

  private final class MacroFunction implements Values.Function {
    private final Stmt.Procedure procedure;
    private final Scope definition;

    MacroFunction(Stmt.Procedure procedure, Scope definition) {
      this.procedure = procedure;
      this.definition = definition;
    }

    @Override
    public Object call(Args args) {
      Scope scope = new Scope(definition);
      List<String> names = procedure.parameters().names();
      List<Expr> defaults = procedure.parameters().defaults();
      Map<String, Object> rest = new LinkedHashMap<>(args.named());
      for (int i = 0; i < names.size(); i++) {
        Object named = rest.remove(names.get(i));
        Object value = i < args.size() ? args.positional().get(i) : named;
        if (i < args.size() && named != null) {
          throw new Problem(procedure.name() + "() got the argument '" + names.get(i) + "' twice");
        }
        int at = i - (names.size() - defaults.size());
        if (value == null) {
          value =
              at >= 0
                  ? eval(defaults.get(at), scope)
                  : new Undefined("the parameter '" + names.get(i) + "' was not given");
        }
        scope.set(names.get(i), value);
      }
      if (procedure.caller()) {
        Object caller = rest.remove("caller");
        scope.set("caller", caller != null ? caller : new Undefined("there is no caller"));
      }
      if (procedure.kwargs()) {
        Map<Object, Object> kwargs = new LinkedHashMap<>();
        rest.forEach((name, value) -> kwargs.put(Text.template(name), value));
        scope.set("kwargs", kwargs);
      } else if (!rest.isEmpty()) {
        throw new Problem(
            procedure.name() + "() has no argument '" + rest.keySet().iterator().next() + "'");
      }
      List<Object> more =
          args.positional().subList(Math.min(names.size(), args.size()), args.size());
      if (procedure.varargs()) {
        scope.set("varargs", new Tuple(more));
      } else if (!more.isEmpty()) {
        throw new Problem(
            procedure.name()
                + "() takes at most "
                + names.size()
                + " arguments, but got "
                + args.size());
      }
      return capture(procedure.body(), scope);
    }
  }

  // ---- expressions ----

  private Object eval(Expr e, Scope scope) {
    try {
      budget.charge(1);
      budget.enter();
      Object value = evaluate(e, scope);
      budget.leave();
      return value;
    } catch (Problem p) {
      throw TemplateException.at(source, e.at(), p.problem());
    }
  }

  private @Nullable Object evalOptional(@Nullable Expr e, Scope scope) {
    return e == null ? null : eval(e, scope);
  }

  private Object evaluate(Expr e, Scope scope) {
    return switch (e) {
      case Expr.Const literal -> literal.value();
      case Expr.Name name -> lookup(name.name(), scope);
      case Expr.TupleLiteral tuple -> new Tuple(evalAll(tuple.items(), scope));
      case Expr.ListLiteral list -> evalAll(list.items(), scope);
      case Expr.DictLiteral dict -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
          map.put(Ops.key(eval(dict.keys().get(i), scope)), eval(dict.values().get(i), scope));
        }
        yield map;
      }
      case Expr.Attribute attribute ->
          access.attribute(eval(attribute.target(), scope), attribute.name());
      case Expr.Item item -> {
        Object target = eval(item.target(), scope);
        yield item.index() instanceof Expr.Slice slice
            ? access.slice(
                target,
                evalOptional(slice.from(), scope),
                evalOptional(slice.to(), scope),
                evalOptional(slice.step(), scope))
            : access.item(target, eval(item.index(), scope));
      }
      case Expr.Slice _ -> throw new Problem("a slice can only stand alone in square brackets");
      case Expr.Call call -> call(call, scope, null);
      case Expr.Filter filter -> filter(filter, scope, null);
      case Expr.Test test -> {
        Object value = eval(test.target(), scope);
        yield Values.bool(tests.apply(test.name(), args(value, test.arguments(), scope)));
      }
      case Expr.Not not -> Values.bool(!Ops.truth(eval(not.operand(), scope)));
      case Expr.Sign sign -> arithmetic.sign(sign.negative(), eval(sign.operand(), scope));
      case Expr.Arithmetic a ->
          arithmetic.apply(a.operator(), eval(a.left(), scope), eval(a.right(), scope));
      case Expr.Logic logic -> {
        Object left = eval(logic.left(), scope);
        yield Ops.truth(left) == logic.and() ? eval(logic.right(), scope) : left;
      }
      case Expr.Compare compare -> compare(compare, scope);
      case Expr.Concat concat -> {
        TextBuilder out = new TextBuilder(budget);
        for (Expr part : concat.parts()) {
          out.append(ops.str(eval(part, scope)));
        }
        yield out.toText();
      }
      case Expr.Conditional choice -> {
        if (Ops.truth(eval(choice.test(), scope))) {
          yield eval(choice.then(), scope);
        }
        Object otherwise = evalOptional(choice.otherwise(), scope);
        yield otherwise != null
            ? otherwise
            : new Undefined("the condition of this expression is false and it has no else");
      }
    };
  }

  private Object lookup(String name, Scope scope) {
    Object value = scope.find(name);
    if (value == null) {
      value = globals.find(name);
    }
    return value != null ? value : new Undefined("'" + name + "' is undefined");
  }

  private List<Object> evalAll(List<Expr> items, Scope scope) {
    List<Object> values = new ArrayList<>(items.size());
    for (Expr item : items) {
      values.add(eval(item, scope));
    }
    return values;
  }

  private Object compare(Expr.Compare compare, Scope scope) {
    Object left = eval(compare.first(), scope);
    for (int i = 0; i < compare.operators().size(); i++) {
      Object right = eval(compare.operands().get(i), scope);
      String operator = compare.operators().get(i);
      boolean holds =
          switch (operator) {
            case "==" -> ops.equal(left, right);
            case "!=" -> !ops.equal(left, right);
            case "in" -> ops.contains(right, left);
            case "not in" -> !ops.contains(right, left);
            default -> tests.order(left, operator, right);
          };
      if (!holds) {
        return false;
      }
      left = right;
    }
    return true;
  }

  // ---- calls ----

  private Object call(Expr.Call call, Scope scope, @Nullable Object caller) {
    Object target = eval(call.target(), scope);
    Args args = args(null, call.arguments(), scope);
    if (caller != null) {
      Map<String, Object> named = new LinkedHashMap<>(args.named());
      named.put("caller", caller);
      args = new Args(args.positional(), named);
    }
    return switch (target) {
      case Values.Function function -> function.call(args);
      case Undefined u -> throw Ops.undefined(u);
      default ->
          throw new Problem("a value of type " + Values.typeName(target) + " cannot be called");
    };
  }

  /**
   * @param input what the innermost filter without a target works on
   */
  private Object filter(Expr.Filter filter, Scope scope, @Nullable Text input) {
    Object value;
    if (filter.target() instanceof Expr.Filter inner) {
      value = filter(inner, scope, input);
    } else {
      value = filter.target() != null ? eval(filter.target(), scope) : input;
    }
    try {
      return filters.apply(filter.name(), args(value, filter.arguments(), scope));
    } catch (Problem p) {
      throw TemplateException.at(source, filter.at(), p.problem());
    }
  }

  /** Evaluated arguments, after a first value where there is one. */
  private Args args(@Nullable Object first, Expr.Arguments arguments, Scope scope) {
    List<Object> positional = new ArrayList<>();
    if (first != null) {
      positional.add(first);
    }
    for (Expr e : arguments.positional()) {
      positional.add(eval(e, scope));
    }
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.names().size(); i++) {
      named.put(arguments.names().get(i), eval(arguments.named().get(i), scope));
    }
    if (arguments.star() != null) {
      List<Object> more = ops.iterate(eval(arguments.star(), scope));
      budget.charge(more.size());
      positional.addAll(more);
    }
    if (arguments.doubleStar() != null) {
      if (!(eval(arguments.doubleStar(), scope) instanceof Map<?, ?> map)) {
        throw new Problem("the value after '**' must be a dict");
      }
      budget.charge(map.size());
      Ops.objects(map).forEach((key, value) -> named.put(ops.str(key).chars, value));
    }
    return new Args(positional, named);
  }
}
