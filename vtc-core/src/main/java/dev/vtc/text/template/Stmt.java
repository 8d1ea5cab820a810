package dev.vtc.text.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement; {@code at} is its offset in the source. */
sealed interface Stmt {
  int at();

  /** Literal text. */
  record Data(int at, Text text) implements Stmt {}

  /** {@code {{ value }}}. */
  record Print(int at, Expr value) implements Stmt {}

  /** As many tests as bodies. */
  record If(int at, List<Expr> tests, List<List<Stmt>> bodies, List<Stmt> otherwise)
      implements Stmt {}

  record For(
      int at,
      Target target,
      Expr items,
      @Nullable Expr test,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record Assign(int at, Target target, Expr value) implements Stmt {}

  /** {@code {% set x | filter %}body{% endset %}}. */
  record AssignBlock(int at, Target target, Expr.@Nullable Filter filter, List<Stmt> body)
      implements Stmt {}

  record Macro(int at, String name, Procedure procedure) implements Stmt {}

  /** {@code {% call(parameters) call %}body{% endcall %}}. */
  record CallBlock(int at, Expr.Call call, Procedure procedure) implements Stmt {}

  record FilterBlock(int at, Expr.Filter filter, List<Stmt> body) implements Stmt {}

  record With(int at, List<Target> targets, List<Expr> values, List<Stmt> body) implements Stmt {}

  /** A body with variables of its own: {@code {% generation %}}. */
  record Block(int at, List<Stmt> body) implements Stmt {}

  record Break(int at) implements Stmt {}

  record Continue(int at) implements Stmt {}

  /** The last {@code defaults.size()} names have defaults. */
  record Parameters(List<String> names, List<Expr> defaults) {}

  /**
   * What a macro runs.
   *
   * @param varargs whether the body mentions {@code varargs}, so that more positional arguments are
   *     allowed
   * @param kwargs whether the body mentions {@code kwargs}, so that other named arguments are
   *     allowed
   * @param caller whether the body mentions {@code caller}, so that a call block is allowed
   */
  record Procedure(
      String name,
      Parameters parameters,
      List<Stmt> body,
      boolean varargs,
      boolean kwargs,
      boolean caller) {}

  /** What can be assigned to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record NamespaceAttribute(String namespace, String attribute) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
