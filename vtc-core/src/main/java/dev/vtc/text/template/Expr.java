package dev.vtc.text.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression; {@code at} is its offset in the source. */
sealed interface Expr {
  int at();

  record Const(int at, Object value) implements Expr {}

  record Name(int at, String name) implements Expr {}

  record TupleLiteral(int at, List<Expr> items) implements Expr {}

  record ListLiteral(int at, List<Expr> items) implements Expr {}

  record DictLiteral(int at, List<Expr> keys, List<Expr> values) implements Expr {}

  /** {@code target.name}. */
  record Attribute(int at, Expr target, String name) implements Expr {}

  /** {@code target[index]}. */
  record Item(int at, Expr target, Expr index) implements Expr {}

  /** {@code from:to:step}, only as an index. */
  record Slice(int at, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step)
      implements Expr {}

  record Call(int at, Expr target, Arguments arguments) implements Expr {}

  /**
   * {@code target | name(arguments)}; without target inside {@code filter} and {@code set} blocks.
   */
  record Filter(int at, @Nullable Expr target, String name, Arguments arguments) implements Expr {}

  /** {@code target is name(arguments)}. */
  record Test(int at, Expr target, String name, Arguments arguments) implements Expr {}

  record Not(int at, Expr operand) implements Expr {}

  /** {@code +x} or {@code -x}. */
  record Sign(int at, boolean negative, Expr operand) implements Expr {}

  /** Arithmetic: {@code + - * / // % **}. */
  record Arithmetic(int at, String operator, Expr left, Expr right) implements Expr {}

  /** {@code and}, {@code or}: the value is that of an operand. */
  record Logic(int at, boolean and, Expr left, Expr right) implements Expr {}

  /** {@code a < b <= c}: as many operators as right operands. */
  record Compare(int at, Expr first, List<String> operators, List<Expr> operands) implements Expr {}

  /** {@code a ~ b ~ c}. */
  record Concat(int at, List<Expr> parts) implements Expr {}

  /** {@code then if test else otherwise}. */
  record Conditional(int at, Expr test, Expr then, @Nullable Expr otherwise) implements Expr {}

  /** What stands between the brackets of a call. */
  record Arguments(
      List<Expr> positional,
      List<String> names,
      List<Expr> named,
      @Nullable Expr star,
      @Nullable Expr doubleStar) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);
  }
}
