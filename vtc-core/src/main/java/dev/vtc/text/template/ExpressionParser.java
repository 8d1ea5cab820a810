package dev.vtc.text.template;

import dev.vtc.text.template.Lexer.Kind;
import dev.vtc.text.template.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions by recursive descent, loosest first: {@code if else}, {@code or}, {@code and},
 * {@code not}, comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs, then
 * subscripts, calls, filters and tests. This is Jinja's order, in which {@code ~} binds tighter
 * than {@code +} and {@code -x ** 2} is {@code (-x) ** 2}.
 */
class ExpressionParser {
  /** Deepest nesting of brackets, signs and blocks. A level needs about 2 KiB of stack. */
  static final int MAX_NESTING = 100;

  final String source;
  private final List<Token> tokens;
  private int next;
  private int nesting;

  /** Inside a branch, where Jinja reports an unknown filter or test only when it is reached. */
  boolean inBranch;

  private int expressions; // open expressions
  private @Nullable TemplateException unknownName; // the first in the outermost expression

  ExpressionParser(String source) {
    this.source = source;
    this.tokens = Lexer.tokenize(source);
  }

  // ---- tokens ----

  final Token current() {
    return tokens.get(next);
  }

  final Token look() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  final Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  /** Number of the current token. */
  final int position() {
    return next;
  }

  /** Whether a name stands between a token and the current one. */
  final boolean mentions(int from, String name) {
    for (int i = from; i < next; i++) {
      if (tokens.get(i).isName(name)) {
        return true;
      }
    }
    return false;
  }

  final boolean skipName(String name) {
    return skip(current().isName(name));
  }

  final boolean skipOperator(String operator) {
    return skip(current().isOperator(operator));
  }

  private boolean skip(boolean matches) {
    if (matches) {
      next++;
    }
    return matches;
  }

  final Token expect(Kind kind, String what) {
    if (current().kind() != kind) {
      throw unexpected(what);
    }
    return take();
  }

  final void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  final TemplateException unexpected(String what) {
    return error(current().at(), "expected " + what + ", but found " + current().describe());
  }

  final TemplateException error(int at, String problem) {
    return TemplateException.at(source, at, problem);
  }

  final void enter() {
    if (++nesting > MAX_NESTING) {
      throw error(current().at(), "the template nests more than " + MAX_NESTING + " levels");
    }
  }

  final void leave() {
    nesting--;
  }

  // ---- expressions ----

  final Expr expression() {
    return expression(true);
  }

  private Expr expression(boolean conditional) {
    enter();
    expressions++;
    Expr e = conditional ? conditional() : or();
    expressions--;
    leave();
    if (expressions == 0) {
      checkNames();
    }
    return e;
  }

  /** Refuses unknown filters and tests of the expression that was just parsed. */
  final void checkNames() {
    TemplateException unknown = unknownName;
    unknownName = null;
    if (unknown != null && !inBranch) {
      throw unknown;
    }
  }

  private Expr conditional() {
    int at = current().at();
    Expr e = or();
    while (skipName("if")) {
      Expr test = or();
      Expr otherwise = skipName("else") ? expression(true) : null;
      e = new Expr.Conditional(at, test, e, otherwise);
      unknownName = null; // found when its branch is reached
    }
    return e;
  }

  private Expr or() {
    Expr left = and();
    while (current().isName("or")) {
      int at = take().at();
      left = new Expr.Logic(at, false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (current().isName("and")) {
      int at = take().at();
      left = new Expr.Logic(at, true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (!current().isName("not")) {
      return compare();
    }
    int at = take().at();
    enter();
    Expr e = new Expr.Not(at, not());
    leave();
    return e;
  }

  private Expr compare() {
    int at = current().at();
    Expr first = sum();
    List<String> operators = new ArrayList<>();
    List<Expr> operands = new ArrayList<>();
    while (true) {
      Token token = current();
      if (token.kind() == Kind.OPERATOR
          && List.of("==", "!=", "<", "<=", ">", ">=").contains(token.text())) {
        take();
        operators.add(token.text());
      } else if (skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && look().isName("in")) {
        take();
        take();
        operators.add("not in");
      } else {
        break;
      }
      operands.add(sum());
    }
    return operators.isEmpty() ? first : new Expr.Compare(at, first, operators, operands);
  }

  private Expr sum() {
    Expr left = concat();
    while (current().isOperator("+") || current().isOperator("-")) {
      Token operator = take();
      left = new Expr.Arithmetic(operator.at(), operator.text(), left, concat());
    }
    return left;
  }

  private Expr concat() {
    int at = current().at();
    Expr first = product();
    if (!current().isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>();
    parts.add(first);
    while (skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(at, parts);
  }

  private Expr product() {
    Expr left = power();
    while (current().kind() == Kind.OPERATOR
        && List.of("*", "/", "//", "%").contains(current().text())) {
      Token operator = take();
      left = new Expr.Arithmetic(operator.at(), operator.text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    while (current().isOperator("**")) {
      int at = take().at();
      left = new Expr.Arithmetic(at, "**", left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilter) {
    Expr e;
    Token token = current();
    if (token.isOperator("-") || token.isOperator("+")) {
      take();
      enter();
      e = new Expr.Sign(token.at(), token.text().equals("-"), unary(false));
      leave();
    } else {
      e = primary(false);
    }
    e = postfix(e);
    return withFilter ? filtersAndTests(e) : e;
  }

  /**
   * A name, a literal or brackets; as a target of {@code set} also {@code namespace.attribute}, as
   * an Attribute.
   */
  final Expr primary(boolean withNamespace) {
    Token token = current();
    switch (token.kind()) {
      case NAME -> {
        take();
        return switch (token.text()) {
          case "true", "True" -> new Expr.Const(token.at(), true);
          case "false", "False" -> new Expr.Const(token.at(), false);
          case "none", "None" -> new Expr.Const(token.at(), Values.None.NONE);
          default -> {
            Expr.Name name = new Expr.Name(token.at(), token.text());
            if (withNamespace && skipOperator(".")) {
              yield new Expr.Attribute(token.at(), name, expect(Kind.NAME, "a name").text());
            }
            yield name;
          }
        };
      }
      case STRING -> {
        StringBuilder value = new StringBuilder(take().text());
        while (current().kind() == Kind.STRING) {
          value.append(take().text());
        }
        return new Expr.Const(token.at(), Text.template(value.toString()));
      }
      case INTEGER -> {
        take();
        return new Expr.Const(token.at(), integer(token));
      }
      case FLOAT -> {
        take();
        return new Expr.Const(token.at(), Double.valueOf(token.text()));
      }
      case OPERATOR -> {
        switch (token.text()) {
          case "(" -> {
            take();
            Expr e = tuple(false, true, true, false, "");
            expectOperator(")");
            return e;
          }
          case "[" -> {
            return list();
          }
          case "{" -> {
            return dict();
          }
          default -> throw unexpected("an expression");
        }
      }
      default -> throw unexpected("an expression");
    }
  }

  private Long integer(Token token) {
    String digits = token.text().toLowerCase(java.util.Locale.ROOT);
    try {
      return digits.startsWith("0x")
          ? Long.valueOf(digits.substring(2), 16)
          : digits.startsWith("0o")
              ? Long.valueOf(digits.substring(2), 8)
              : digits.startsWith("0b")
                  ? Long.valueOf(digits.substring(2), 2)
                  : Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw error(
          token.at(), "the integer " + token.text() + " is malformed or does not fit 64 bits");
    }
  }

  /**
   * One expression, or a tuple if commas follow.
   *
   * @param simplified only names and literals, for targets
   * @param parentheses inside round brackets, where () is an empty tuple
   * @param endName a name that ends the tuple, such as {@code in}; or empty
   */
  final Expr tuple(
      boolean simplified,
      boolean conditional,
      boolean parentheses,
      boolean withNamespace,
      String endName) {
    int at = current().at();
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        expectOperator(",");
      }
      Kind kind = current().kind();
      if (kind == Kind.VARIABLE_END
          || kind == Kind.BLOCK_END
          || current().isOperator(")")
          || (!endName.isEmpty() && current().isName(endName))) {
        break;
      }
      items.add(simplified ? primary(withNamespace) : expression(conditional));
      if (!current().isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple || (items.isEmpty() && parentheses)) {
      return new Expr.TupleLiteral(at, items);
    }
    if (items.isEmpty()) {
      throw unexpected("an expression");
    }
    return items.getFirst();
  }

  private Expr list() {
    int at = take().at();
    List<Expr> items = new ArrayList<>();
    while (!current().isOperator("]")) {
      if (!items.isEmpty()) {
        expectOperator(",");
        if (current().isOperator("]")) {
          break;
        }
      }
      items.add(expression());
    }
    expectOperator("]");
    return new Expr.ListLiteral(at, items);
  }

  private Expr dict() {
    int at = take().at();
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!current().isOperator("}")) {
      if (!keys.isEmpty()) {
        expectOperator(",");
        if (current().isOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      expectOperator(":");
      values.add(expression());
    }
    expectOperator("}");
    return new Expr.DictLiteral(at, keys, values);
  }

  private Expr postfix(Expr start) {
    Expr e = start;
    while (true) {
      if (current().isOperator(".") || current().isOperator("[")) {
        e = subscript(e);
      } else if (current().isOperator("(")) {
        e = new Expr.Call(current().at(), e, arguments());
      } else {
        return e;
      }
    }
  }

  private Expr filtersAndTests(Expr start) {
    Expr e = start;
    while (true) {
      if (current().isOperator("|")) {
        e = filter(e, false);
      } else if (current().isName("is")) {
        e = test(e);
      } else if (current().isOperator("(")) {
        e = new Expr.Call(current().at(), e, arguments());
      } else {
        return e;
      }
    }
  }

  private Expr subscript(Expr target) {
    Token open = take();
    if (open.isOperator(".")) {
      Token name = take();
      return switch (name.kind()) {
        case NAME -> new Expr.Attribute(open.at(), target, name.text());
        case INTEGER -> new Expr.Item(open.at(), target, new Expr.Const(name.at(), integer(name)));
        default ->
            throw error(
                name.at(), "expected a name or a number after '.', but found " + name.describe());
      };
    }
    List<Expr> items = new ArrayList<>();
    while (!current().isOperator("]")) {
      if (!items.isEmpty()) {
        expectOperator(",");
      }
      items.add(sliceOrExpression());
    }
    expectOperator("]");
    return new Expr.Item(
        open.at(),
        target,
        items.size() == 1 ? items.getFirst() : new Expr.TupleLiteral(open.at(), items));
  }

  private Expr sliceOrExpression() {
    int at = current().at();
    Expr from = current().isOperator(":") ? null : expression();
    if (from != null && !current().isOperator(":")) {
      return from;
    }
    expectOperator(":");
    Expr to = sliceEnds() || current().isOperator(":") ? null : expression();
    Expr step = skipOperator(":") && !sliceEnds() ? expression() : null;
    return new Expr.Slice(at, from, to, step);
  }

  private boolean sliceEnds() {
    return current().isOperator("]") || current().isOperator(",");
  }

  private Expr.Arguments arguments() {
    expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expr> named = new ArrayList<>();
    Expr star = null;
    Expr doubleStar = null;
    boolean first = true;
    while (!current().isOperator(")")) {
      if (!first) {
        expectOperator(",");
        if (current().isOperator(")")) {
          break;
        }
      }
      first = false;
      Token token = current();
      boolean ordered;
      if (skipOperator("*")) {
        ordered = star == null && doubleStar == null;
        star = expression();
      } else if (skipOperator("**")) {
        ordered = doubleStar == null;
        doubleStar = expression();
      } else if (token.kind() == Kind.NAME && look().isOperator("=")) {
        ordered = doubleStar == null && !names.contains(token.text());
        take();
        take();
        names.add(token.text());
        named.add(expression());
      } else {
        ordered = star == null && doubleStar == null && names.isEmpty();
        positional.add(expression());
      }
      if (!ordered) {
        throw error(token.at(), "this argument cannot stand here");
      }
    }
    expectOperator(")");
    return new Expr.Arguments(positional, names, named, star, doubleStar);
  }

  /** One {@code |name(arguments)}; {@code inline}: without the bar. */
  final Expr.Filter filter(@Nullable Expr target, boolean inline) {
    if (!inline) {
      expectOperator("|");
    }
    Token name = dottedName("a filter");
    checkKnown(name, Filters.isKnown(name.text()), "filter");
    return new Expr.Filter(
        name.at(),
        target,
        name.text(),
        current().isOperator("(") ? arguments() : Expr.Arguments.NONE);
  }

  private Expr test(Expr target) {
    int at = take().at();
    boolean negated = skipName("not");
    Token name = dottedName("a test");
    checkKnown(name, Tests.isKnown(name.text()), "test");
    Expr.Arguments arguments = Expr.Arguments.NONE;
    Token token = current();
    if (token.isOperator("(")) {
      arguments = arguments();
    } else if (beginsOperand(token)) {
      if (token.isName("is")) {
        throw error(token.at(), "tests cannot be chained with 'is'");
      }
      enter();
      arguments =
          new Expr.Arguments(List.of(postfix(primary(false))), List.of(), List.of(), null, null);
      leave();
    }
    Expr test = new Expr.Test(name.at(), target, name.text(), arguments);
    return negated ? new Expr.Not(at, test) : test;
  }

  private static boolean beginsOperand(Token token) {
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      default -> token.isOperator("[") || token.isOperator("{");
    };
  }

  private Token dottedName(String what) {
    Token first = expect(Kind.NAME, what);
    if (!current().isOperator(".")) {
      return first;
    }
    StringBuilder name = new StringBuilder(first.text());
    while (skipOperator(".")) {
      name.append('.').append(expect(Kind.NAME, "a name").text());
    }
    return new Token(Kind.NAME, name.toString(), first.at());
  }

  private void checkKnown(Token name, boolean known, String what) {
    if (!known && unknownName == null) {
      unknownName = error(name.at(), "there is no " + what + " named '" + name.text() + "'");
    }
  }
}
