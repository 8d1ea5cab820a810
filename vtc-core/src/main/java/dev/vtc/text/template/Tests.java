package dev.vtc.text.template;

import dev.vtc.text.template.Values.Function;
import dev.vtc.text.template.Values.Generator;
import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Undefined;
import dev.vtc.text.template.Values.View;
import java.util.List;
import java.util.Map;

/** Jinja's tests: {@code value is name}. */
final class Tests {
  private final Ops ops;

  Tests(Ops ops) {
    this.ops = ops;
  }

  static boolean isKnown(String name) {
    return switch (name) {
      case "boolean",
          "callable",
          "defined",
          "divisibleby",
          "eq",
          "equalto",
          "==",
          "escaped",
          "even",
          "false",
          "filter",
          "float",
          "ge",
          ">=",
          "gt",
          "greaterthan",
          ">",
          "in",
          "integer",
          "iterable",
          "le",
          "<=",
          "lower",
          "lt",
          "lessthan",
          "<",
          "mapping",
          "ne",
          "!=",
          "none",
          "number",
          "odd",
          "sameas",
          "sequence",
          "string",
          "test",
          "true",
          "undefined",
          "upper" ->
          true;
      default -> false;
    };
  }

  /**
   * @param args the value, then the arguments of the test
   */
  boolean apply(String name, Args args) {
    Object v = args.need(0, "value");
    return switch (name) {
      case "defined" -> !(v instanceof Undefined);
      case "undefined" -> v instanceof Undefined;
      case "none" -> v instanceof None;
      case "boolean" -> v instanceof Boolean;
      case "true" -> v instanceof Boolean b && b;
      case "false" -> v instanceof Boolean b && !b;
      case "integer" -> v instanceof Long;
      case "float" -> v instanceof Double;
      case "number" -> Ops.number(v) != null;
      case "string" -> v instanceof Text;
      case "mapping" -> v instanceof Map<?, ?>;
      case "sequence" ->
          v instanceof Text
              || v instanceof List<?>
              || v instanceof Map<?, ?>
              || v instanceof Undefined;
      case "iterable" ->
          v instanceof Text
              || v instanceof List<?>
              || v instanceof Map<?, ?>
              || v instanceof View
              || v instanceof Generator
              || v instanceof Undefined;
      case "callable" -> v instanceof Function || v instanceof Undefined;
      case "escaped" -> false;
      case "even" -> remainder(v, 2L) == 0;
      case "odd" -> remainder(v, 2L) == 1;
      case "divisibleby" -> remainder(v, args.need(1, "num")) == 0;
      case "lower" -> isCase(v, false);
      case "upper" -> isCase(v, true);
      case "eq", "equalto", "==" -> ops.equal(v, args.need(1, "other"));
      case "ne", "!=" -> !ops.equal(v, args.need(1, "other"));
      case "lt", "lessthan", "<" -> order(v, "<", args.need(1, "other"));
      case "le", "<=" -> order(v, "<=", args.need(1, "other"));
      case "gt", "greaterthan", ">" -> order(v, ">", args.need(1, "other"));
      case "ge", ">=" -> order(v, ">=", args.need(1, "other"));
      case "in" -> ops.contains(args.need(1, "seq"), v);
      case "sameas" -> {
        Object other = args.need(1, "other");
        // small Python ints, None, booleans and equal strings of one place are one object
        boolean identity = v instanceof List<?> || v instanceof Map<?, ?> || v instanceof Double;
        yield !identity && Values.typeName(v).equals(Values.typeName(other)) && ops.equal(v, other);
      }
      case "filter" -> v instanceof Text t && Filters.isKnown(t.chars);
      case "test" -> v instanceof Text t && isKnown(t.chars);
      default -> throw new Problem("there is no test named '" + name + "'");
    };
  }

  boolean order(Object a, String operator, Object b) {
    int c = ops.compare(a, b, operator);
    if (c == Numbers.UNORDERED) {
      return false;
    }
    return switch (operator) {
      case "<" -> c < 0;
      case "<=" -> c <= 0;
      case ">" -> c > 0;
      default -> c >= 0;
    };
  }

  private static double remainder(Object v, Object divisor) {
    Number x = Ops.number(v);
    Number y = Ops.number(divisor);
    if (x == null || y == null) {
      throw Ops.binary("%", v, divisor);
    }
    return ((Number) Numbers.arithmetic("%", x, y)).doubleValue();
  }

  private boolean isCase(Object v, boolean upper) {
    String s = ops.str(v).chars;
    boolean found = false;
    for (int i = 0; i < s.length(); i++) {
      if (upper ? Character.isLowerCase(s.charAt(i)) : Character.isUpperCase(s.charAt(i))) {
        return false;
      }
      found |= upper ? Character.isUpperCase(s.charAt(i)) : Character.isLowerCase(s.charAt(i));
    }
    return found;
  }
}
