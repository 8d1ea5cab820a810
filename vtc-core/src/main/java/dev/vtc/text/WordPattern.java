package dev.vtc.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that cuts text into words: what matches is a word, and so is what lies between.
 *
 * <p>The patterns come as regular expressions with models. This small matcher works on UTF-8, knows
 * categories as {@link CodePoints} does, and takes constant stack: only single characters repeat.
 *
 * <p>Syntax: alternatives {@code a|b}, groups {@code (?:…)}, case-insensitive (ASCII) groups {@code
 * (?i:…)}, look-ahead {@code (?=…)} and {@code (?!…)}, sets {@code [a-z\p{L}&&[^x]]}, the escapes
 * {@code \s \S \d \p{…} \r \n \t \x{…}}, and the greedy quantifiers {@code ? * + {m} {m,} {m,n}},
 * which a further {@code +} makes possessive; a group takes {@code ?} only. Alternatives and
 * quantifiers try in Perl's order.
 */
final class WordPattern implements Splitter {
  /** A part of the pattern that is followed by the next part. */
  private abstract static class Node {
    @Nullable Node next;

    /** End of the match of this and all that follows, or -1. */
    abstract int match(byte[] utf8, int at, int end);

    final int rest(byte[] utf8, int at, int end) {
      return next == null ? at : next.match(utf8, at, end);
    }
  }

  private static final class Repeat extends Node {
    private final CharacterSet set;
    private final int least;
    private final int most;
    private final boolean possessive;

    Repeat(CharacterSet set, int least, int most, boolean possessive) {
      this.set = set;
      this.least = least;
      this.most = most;
      this.possessive = possessive;
    }

    @Override
    int match(byte[] utf8, int at, int end) {
      int stop = at;
      int count = 0;
      int floor = least == 0 ? at : -1;
      while (count < most && stop < end && set.contains(CodePoints.at(utf8, stop))) {
        stop += CodePoints.length(utf8[stop]);
        if (++count == least) {
          floor = stop;
        }
      }
      if (floor < 0 || next == null) {
        return floor < 0 ? -1 : stop;
      }
      while (true) {
        int match = next.match(utf8, stop, end);
        if (match >= 0 || stop == floor || possessive) {
          return match;
        }
        do { // one character back
          stop--;
        } while ((utf8[stop] & 0xC0) == 0x80);
      }
    }
  }

  private static final class Choice extends Node {
    private final Node[] alternatives;
    private final boolean optional;

    Choice(List<Node> alternatives, boolean optional) {
      this.alternatives = alternatives.toArray(Node[]::new);
      this.optional = optional;
    }

    @Override
    int match(byte[] utf8, int at, int end) {
      for (Node alternative : alternatives) {
        int match = alternative.match(utf8, at, end);
        if (match >= 0) {
          return match;
        }
      }
      return optional ? rest(utf8, at, end) : -1;
    }
  }

  /** The end of an alternative: goes on behind the choice. */
  private static final class Join extends Node {
    private @Nullable Choice choice;

    @Override
    int match(byte[] utf8, int at, int end) {
      return choice == null ? at : choice.rest(utf8, at, end);
    }
  }

  private static final class LookAhead extends Node {
    private final Node pattern;
    private final boolean wanted;

    LookAhead(Node pattern, boolean wanted) {
      this.pattern = pattern;
      this.wanted = wanted;
    }

    @Override
    int match(byte[] utf8, int at, int end) {
      return pattern.match(utf8, at, end) >= 0 == wanted ? rest(utf8, at, end) : -1;
    }
  }

  private final Node root;

  /**
   * @throws IllegalArgumentException if the pattern has something that this class does not know
   */
  WordPattern(String pattern) {
    root = new Parser(pattern).parse();
  }

  @Override
  public int next(byte[] utf8, int start, int at, int end) {
    int match = root.match(utf8, at, end);
    if (match > at) {
      return match;
    }
    int stop = at;
    do {
      stop += CodePoints.length(utf8[stop]);
    } while (stop < end && root.match(utf8, stop, end) <= stop);
    return stop;
  }

  private static final class Parser {
    private final String pattern;
    private int at;
    private boolean anyCase;

    Parser(String pattern) {
      this.pattern = pattern;
    }

    Node parse() {
      Node node = choice(false);
      if (at < pattern.length()) {
        throw unsupported();
      }
      return node;
    }

    private IllegalArgumentException unsupported() {
      return new IllegalArgumentException(
          "The pre-tokenizer pattern " + pattern + " is not supported from place " + at + " on.");
    }

    private boolean take(String text) {
      if (pattern.startsWith(text, at)) {
        at += text.length();
        return true;
      }
      return false;
    }

    private Node choice(boolean optionalAllowed) {
      List<Node> alternatives = new ArrayList<>();
      List<Join> joins = new ArrayList<>();
      do {
        Join join = new Join();
        joins.add(join);
        alternatives.add(sequence(join));
      } while (take("|"));
      boolean optional = false;
      if (optionalAllowed) {
        if (!take(")")) {
          throw unsupported();
        }
        optional = take("?");
        if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
          throw unsupported();
        }
      }
      Choice choice = new Choice(alternatives, optional);
      joins.forEach(join -> join.choice = choice);
      return choice;
    }

    private Node sequence(Node end) {
      List<Node> nodes = new ArrayList<>();
      while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
        nodes.add(item());
      }
      nodes.add(end);
      for (int i = 0; i + 1 < nodes.size(); i++) {
        nodes.get(i).next = nodes.get(i + 1);
      }
      return nodes.getFirst();
    }

    private Node item() {
      if (take("(?=") || take("(?!")) {
        boolean wanted = pattern.charAt(at - 1) == '=';
        Node ahead = choice(true);
        return new LookAhead(ahead, wanted);
      }
      if (take("(?i:")) {
        boolean outer = anyCase;
        anyCase = true;
        Node group = choice(true);
        anyCase = outer;
        return group;
      }
      if (take("(?:")) {
        return choice(true);
      }
      if (pattern.charAt(at) == '(') {
        throw unsupported();
      }
      return quantified(take("[") ? set() : character());
    }

    private Node quantified(CharacterSet set) {
      int least = 1;
      int most = 1;
      boolean quantified = true;
      if (take("?")) {
        least = 0;
      } else if (take("*")) {
        least = 0;
        most = Integer.MAX_VALUE;
      } else if (take("+")) {
        most = Integer.MAX_VALUE;
      } else if (take("{")) {
        least = number();
        most = !take(",") ? least : pattern.startsWith("}", at) ? Integer.MAX_VALUE : number();
        if (!take("}")) {
          throw unsupported();
        }
      } else {
        quantified = false;
      }
      boolean possessive = quantified && take("+");
      if (quantified
          && !possessive
          && at < pattern.length()
          && "?*".indexOf(pattern.charAt(at)) >= 0) {
        throw unsupported(); // reluctant
      }
      return new Repeat(set, least, most, possessive);
    }

    private int number() {
      int start = at;
      while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at < start + 6) {
        at++;
      }
      if (at == start) {
        throw unsupported();
      }
      return Integer.parseInt(pattern, start, at, 10);
    }

    /** A code point of up to six hexadecimal digits and the brace behind them. */
    private int hex() {
      int value = 0;
      int start = at;
      while (at < pattern.length() && at < start + 6) {
        int digit = Character.digit(pattern.charAt(at), 16);
        if (digit < 0) {
          break;
        }
        value = value << 4 | digit;
        at++;
      }
      if (at == start || value > Character.MAX_CODE_POINT || !take("}")) {
        throw unsupported();
      }
      return value;
    }

    /** A set, its opening bracket taken. */
    private CharacterSet set() {
      boolean negated = take("^");
      List<CharacterSet> sets = new ArrayList<>();
      while (!take("]")) {
        if (at >= pattern.length()) {
          throw unsupported();
        }
        if (take("&&[")) {
          CharacterSet both = CharacterSet.union(sets).and(set());
          sets = new ArrayList<>(List.of(both));
          continue;
        }
        int mark = at;
        int first = literal();
        if (first < 0) {
          at = mark;
          sets.add(character());
        } else if (pattern.startsWith("-", at) && !pattern.startsWith("-]", at)) {
          at++;
          int last = literal();
          if (last < first) {
            throw unsupported();
          }
          sets.add(CharacterSet.range(first, last));
        } else {
          sets.add(single(first));
        }
      }
      CharacterSet union = CharacterSet.union(sets);
      return negated ? union.not() : union;
    }

    private CharacterSet single(int c) {
      CharacterSet set = CharacterSet.range(c, c);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      return anyCase && letter
          ? CharacterSet.union(List.of(set, CharacterSet.range(c ^ 0x20, c ^ 0x20)))
          : set;
    }

    /** One character or a class of them. */
    private CharacterSet character() {
      int mark = at;
      int c = literal();
      if (c >= 0) {
        return single(c);
      }
      at = mark;
      if (take("\\s")) {
        return CharacterSet.category(CodePoints.SPACE);
      }
      if (take("\\S")) {
        return CharacterSet.category(CodePoints.SPACE).not();
      }
      if (take("\\d")) {
        return CharacterSet.category(CodePoints.DECIMAL);
      }
      int close = pattern.indexOf('}', at);
      if (take("\\p{") && close > 0) {
        String name = pattern.substring(at, close);
        at = close + 1;
        return CharacterSet.category(
            switch (name) {
              case "L" -> CodePoints.LETTER;
              case "M" -> CodePoints.MARK;
              case "N" -> CodePoints.NUMBER;
              case "Lu" -> CodePoints.UPPER;
              case "Ll" -> CodePoints.LOWER;
              case "Lt" -> CodePoints.TITLE;
              case "Lm" -> CodePoints.MODIFIER;
              case "Lo" -> CodePoints.CASELESS;
              case "Nd" -> CodePoints.DECIMAL;
              case "P" -> CodePoints.PUNCTUATION;
              case "S" -> CodePoints.SYMBOL;
              default -> throw unsupported();
            });
      }
      throw unsupported();
    }

    /** A character that stands for itself, escaped where needed, or -1. */
    private int literal() {
      if (at >= pattern.length()) {
        throw unsupported();
      }
      int c = pattern.codePointAt(at);
      at += Character.charCount(c);
      if (c != '\\') {
        return c;
      }
      if (take("x{")) {
        return hex();
      }
      if (at >= pattern.length()) {
        throw unsupported();
      }
      char escaped = pattern.charAt(at++);
      return switch (escaped) {
        case 'r' -> '\r';
        case 'n' -> '\n';
        case 't' -> '\t';
        default -> Character.isLetterOrDigit(escaped) ? -1 : escaped;
      };
    }
  }
}
