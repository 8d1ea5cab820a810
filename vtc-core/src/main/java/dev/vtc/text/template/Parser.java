package dev.vtc.text.template;

import dev.vtc.text.template.Lexer.Kind;
import dev.vtc.text.template.Lexer.Token;
import dev.vtc.text.template.Stmt.Target;
import java.util.ArrayList;
import java.util.List;

/** Parses a whole template: text, {@code {{ … }}} and the statements of {@code {% … %}}. */
final class Parser extends ExpressionParser {
  private int loops;

  private Parser(String source) {
    super(source);
  }

  /**
   * @param source normalized by {@link Lexer#normalize}
   */
  static List<Stmt> parse(String source) {
    Parser parser = new Parser(source);
    List<Stmt> body = parser.body();
    if (parser.current().kind() != Kind.END) {
      throw parser.unexpected("a statement");
    }
    return body;
  }

  /**
   * Statements up to the end or up to a tag with one of these names, whose name is then the current
   * token.
   */
  private List<Stmt> body(String... endNames) {
    enter();
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = current();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Data(take().at(), Text.template(token.text())));
        case VARIABLE_BEGIN -> {
          take();
          body.add(new Stmt.Print(token.at(), tuple(false, true, false, false, "")));
          expect(Kind.VARIABLE_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          take();
          for (String name : endNames) {
            if (current().isName(name)) {
              leave();
              return body;
            }
          }
          statement(body);
          expect(Kind.BLOCK_END, "'%}'");
        }
        default -> {
          if (endNames.length > 0) {
            throw error(
                token.at(),
                "expected '{% " + endNames[endNames.length - 1] + " %}', but the template ends");
          }
          leave();
          return body;
        }
      }
    }
  }

  /** The rest of an opening tag, the body, and the closing tag's name. */
  private List<Stmt> block(String end) {
    List<Stmt> body = blockUntil(end);
    take();
    return body;
  }

  private List<Stmt> blockUntil(String... endNames) {
    skipOperator(":");
    expect(Kind.BLOCK_END, "'%}'");
    return body(endNames);
  }

  private void statement(List<Stmt> body) {
    Token tag = expect(Kind.NAME, "the name of a statement");
    int at = tag.at();
    boolean outerBranch = inBranch;
    int outerLoops = loops;
    switch (tag.text()) {
      case "if" -> body.add(ifStatement(at));
      case "for" -> body.add(forStatement(at));
      case "set" -> body.add(set(at));
      case "macro" -> {
        String name = expect(Kind.NAME, "the name of the macro").text();
        body.add(new Stmt.Macro(at, name, procedure(name, parameters(), "endmacro")));
      }
      case "call" -> {
        Stmt.Parameters parameters =
            current().isOperator("(") ? parameters() : new Stmt.Parameters(List.of(), List.of());
        if (!(expression() instanceof Expr.Call call)) {
          throw error(at, "a call block needs a call");
        }
        body.add(new Stmt.CallBlock(at, call, procedure("caller", parameters, "endcall")));
      }
      case "filter" -> {
        Expr.Filter filter = filters(filter(null, true));
        inBranch = false;
        body.add(new Stmt.FilterBlock(at, filter, block("endfilter")));
      }
      case "with" -> body.add(with(at));
      case "print" -> {
        do {
          body.add(new Stmt.Print(at, expression()));
        } while (skipOperator(","));
      }
      case "generation" -> {
        inBranch = false;
        loops = 0; // Jinja calls the body like a macro, so a loop cannot be left from inside
        body.add(new Stmt.Block(at, block("endgeneration")));
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw error(at, "'" + tag.text() + "' stands outside of a loop");
        }
        body.add(tag.text().equals("break") ? new Stmt.Break(at) : new Stmt.Continue(at));
      }
      default ->
          throw error(
              at,
              tag.text().startsWith("end") || tag.text().startsWith("el")
                  ? "'" + tag.text() + "' closes nothing here"
                  : "the statement '"
                      + tag.text()
                      + "' is unknown; chat templates have if, for, set, macro, call, filter, with,"
                      + " print, generation, break, continue and raw");
    }
    inBranch = outerBranch;
    loops = outerLoops;
  }

  private Stmt.Procedure procedure(String name, Stmt.Parameters parameters, String end) {
    inBranch = false;
    loops = 0;
    int start = position();
    List<Stmt> body = block(end);
    return new Stmt.Procedure(
        name,
        parameters,
        body,
        mentions(start, "varargs"),
        mentions(start, "kwargs"),
        mentions(start, "caller"));
  }

  private Stmt ifStatement(int at) {
    List<Expr> tests = new ArrayList<>();
    List<List<Stmt>> bodies = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    while (true) {
      tests.add(tuple(false, false, false, false, ""));
      inBranch = true;
      bodies.add(blockUntil("elif", "else", "endif"));
      Token end = take();
      if (end.isName("else")) {
        otherwise = block("endif");
      }
      if (!end.isName("elif")) {
        return new Stmt.If(at, tests, bodies, otherwise);
      }
    }
  }

  private Stmt forStatement(int at) {
    Target target = target(false, "in");
    if (!skipName("in")) {
      throw unexpected("'in'");
    }
    Expr items = tuple(false, false, false, false, "recursive");
    Expr test = skipName("if") ? expression() : null;
    boolean recursive = skipName("recursive");
    inBranch = false;
    loops++;
    List<Stmt> body = blockUntil("else", "endfor");
    loops--;
    List<Stmt> otherwise = take().isName("else") ? block("endfor") : List.of();
    return new Stmt.For(at, target, items, test, recursive, body, otherwise);
  }

  private Stmt set(int at) {
    Target target = target(true, "");
    if (skipOperator("=")) {
      return new Stmt.Assign(at, target, tuple(false, true, false, false, ""));
    }
    Expr.Filter filter = current().isOperator("|") ? filters(filter(null, false)) : null;
    inBranch = false;
    return new Stmt.AssignBlock(at, target, filter, block("endset"));
  }

  private Expr.Filter filters(Expr.Filter first) {
    Expr.Filter filter = first;
    while (current().isOperator("|")) {
      filter = filter(filter, false);
    }
    checkNames();
    return filter;
  }

  private Stmt with(int at) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (current().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        expectOperator(",");
      }
      targets.add(target(false, ""));
      expectOperator("=");
      values.add(expression());
    }
    inBranch = false;
    return new Stmt.With(at, targets, values, block("endwith"));
  }

  private Stmt.Parameters parameters() {
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    expectOperator("(");
    while (!current().isOperator(")")) {
      if (!names.isEmpty()) {
        expectOperator(",");
      }
      Token name = expect(Kind.NAME, "the name of a parameter");
      if (names.contains(name.text())) {
        throw error(name.at(), "the parameter '" + name.text() + "' is there twice");
      }
      names.add(name.text());
      if (skipOperator("=")) {
        defaults.add(expression());
      } else if (!defaults.isEmpty()) {
        throw error(name.at(), "a parameter without default follows one with a default");
      }
    }
    expectOperator(")");
    return new Stmt.Parameters(names, defaults);
  }

  private Target target(boolean withNamespace, String endName) {
    int at = current().at();
    return target(tuple(true, true, false, withNamespace, endName), at);
  }

  private Target target(Expr e, int at) {
    return switch (e) {
      case Expr.Name name -> new Target.Variable(name.name());
      case Expr.Attribute(int _, Expr.Name(int _, String namespace), String attribute) ->
          new Target.NamespaceAttribute(namespace, attribute);
      case Expr.TupleLiteral(int _, List<Expr> items) -> {
        List<Target> targets = new ArrayList<>();
        for (Expr item : items) {
          targets.add(target(item, at));
        }
        yield new Target.Several(targets);
      }
      default -> throw error(at, "this cannot be assigned to");
    };
  }
}
