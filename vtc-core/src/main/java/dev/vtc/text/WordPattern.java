package dev.vtc.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that cuts text into words: what matches is a word, and so is what lies between.
 *
 * <p>The patterns come as regular expressions with models. This small matcher works on UTF-8, knows
 * categories as {@link CodePoints} does, and only single characters repeat: the stack that it takes
 * is bounded by the pattern's size, which is bounded. Of a long run of one set it notes where it
 * ends and from where on nothing that follows can match, so that it goes back over a run once and
 * not once for each word. What is left is bounded in steps.
 *
 * <p>Syntax: alternatives {@code a|b}, groups {@code (?:…)}, case-insensitive (ASCII) groups {@code
 * (?i:…)}, look-ahead {@code (?=…)} and {@code (?!…)}, sets {@code [a-z\p{L}&&[^x]]}, the escapes
 * {@code \s \S \d \p{…} \r \n \t \x{…}}, and the greedy quantifiers {@code ? * + {m} {m,} {m,n}},
 * which a further {@code +} makes possessive; a group takes {@code ?} only. Alternatives and
 * quantifiers try in Perl's order.
 */
final class WordPattern implements Splitter {
  /** The longest pattern, in UTF-16 units. */
  private static final int MAX_LENGTH = 1 << 14;

  /** Most parts of a pattern, each of which takes one or two frames of the stack. */
  private static final int MAX_NODES = 500;

  /** How deep groups and sets may be nested. */
  private static final int MAX_NESTING = 32;

  /** Runs of fewer bytes are looked at again, which is cheaper than notes. */
  private static final int LONG_RUN = 8;

  /** Steps that any text may take, and more for each of its bytes. */
  private static final long STEPS = 1_000_000;

  private static final long STEPS_PER_BYTE = 1000;

  /** A part of the pattern that is followed by the next part. */
  private abstract static class Node {
    @Nullable Node next;

    /** End of the match of this and all that follows, or -1; the same whenever it is asked. */
    abstract int match(Search search, int at);

    final int rest(Search search, int at) {
      return next == null ? at : next.match(search, at);
    }
  }

  /** A long run of a {@link Repeat}'s characters. */
  private static final class Run {
    /** End of the piece of text in which the run is, or -1. */
    private int piece = -1;

    private int start;
    private int end;

    /** Nothing that follows matches at a place in [failing, end]. */
    private int failing;
  }

  /** One text, and the notes about it. */
  private final class Search implements Splitter {
    private final Run[] runs = new Run[repeats];
    private final long most;
    private long steps;
    private byte[] utf8 = {};
    private int end;

    Search(int bytes) {
      most = STEPS + STEPS_PER_BYTE * bytes;
      Arrays.setAll(runs, _ -> new Run());
    }

    @Override
    public int next(byte[] text, int start, int at, int stop) {
      utf8 = text;
      end = stop;
      int match = root.match(this, at);
      if (match > at) {
        return match;
      }
      int place = at;
      do {
        place += CodePoints.length(utf8[place]);
      } while (place < end && root.match(this, place) <= place);
      return place;
    }

    void count(int more) {
      steps += more;
      if (steps > most) {
        throw new IllegalArgumentException(
            "The pre-tokenizer pattern "
                + shown
                + " takes more than "
                + most
                + " steps in a text, which no model's pattern should: use a GGUF file of the"
                + " model.");
      }
    }
  }

  private static final class Repeat extends Node {
    private final int number;
    private final CharacterSet set;
    private final int least;
    private final int most;
    private final boolean possessive;

    Repeat(int number, CharacterSet set, int least, int most, boolean possessive) {
      this.number = number;
      this.set = set;
      this.least = least;
      this.most = most;
      this.possessive = possessive;
    }

    @Override
    int match(Search search, int at) {
      byte[] utf8 = search.utf8;
      int end = search.end;
      Run run = search.runs[number];
      boolean noted = run.piece == end;
      int stop = at;
      int count = 0;
      int floor = least == 0 ? at : -1;
      while (count < most && stop < end && set.contains(CodePoints.at(utf8, stop))) {
        if (noted && floor >= 0 && stop >= run.start && stop < run.end) {
          stop = run.end;
          break;
        }
        stop += CodePoints.length(utf8[stop]);
        if (++count == least) {
          floor = stop;
        }
      }
      search.count(count + 1);
      if (floor < 0 || next == null) {
        return floor < 0 ? -1 : stop;
      }
      noted &= stop == run.end;
      if (!noted && most == Integer.MAX_VALUE && stop - at >= LONG_RUN) {
        noted = true;
        run.piece = end;
        run.start = at;
        run.end = stop;
        run.failing = stop + 1;
      } else if (noted && at < run.start) {
        run.start = at;
      }
      if (noted && run.failing <= stop) {
        if (possessive || run.failing <= floor) {
          return -1;
        }
        stop = CodePoints.before(utf8, run.failing);
      }
      while (true) {
        int match = next.match(search, stop);
        if (match >= 0) {
          return match;
        }
        if (noted) {
          run.failing = stop;
        }
        if (stop == floor || possessive) {
          return -1;
        }
        stop = CodePoints.before(utf8, stop);
        search.count(1);
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
    int match(Search search, int at) {
      search.count(1);
      for (Node alternative : alternatives) {
        int match = alternative.match(search, at);
        if (match >= 0) {
          return match;
        }
      }
      return optional ? rest(search, at) : -1;
    }
  }

  /** The end of an alternative: goes on behind the choice. */
  private static final class Join extends Node {
    private @Nullable Choice choice;

    @Override
    int match(Search search, int at) {
      return choice == null ? at : choice.rest(search, at);
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
    int match(Search search, int at) {
      return pattern.match(search, at) >= 0 == wanted ? rest(search, at) : -1;
    }
  }

  private final Node root;
  private final int repeats;

  /** The pattern for messages. */
  private final String shown;

  /**
   * @throws IllegalArgumentException if the pattern has something that this class does not know, or
   *     is larger than any model's
   */
  WordPattern(String pattern) {
    Parser parser = new Parser(pattern);
    root = parser.parse();
    repeats = parser.repeats;
    shown = parser.shown;
  }

  @Override
  public Splitter forText(int bytes) {
    return new Search(bytes);
  }

  @Override
  public int next(byte[] utf8, int start, int at, int end) {
    return forText(end - at).next(utf8, start, at, end);
  }

  private static final class Parser {
    private final String pattern;
    private final String shown;
    private int at;
    private int depth;
    private int nodes;
    private int repeats;
    private boolean anyCase;

    Parser(String pattern) {
      this.pattern = pattern;
      shown = pattern.length() > 200 ? pattern.substring(0, 200) + "…" : pattern;
    }

    Node parse() {
      if (pattern.length() > MAX_LENGTH) {
        throw error("has " + pattern.length() + " characters, more than " + MAX_LENGTH + ".");
      }
      Node node = choice(false);
      if (at < pattern.length()) {
        throw unsupported();
      }
      return node;
    }

    private IllegalArgumentException unsupported() {
      return error("is not supported from place " + at + " on.");
    }

    private IllegalArgumentException error(String what) {
      return new IllegalArgumentException("The pre-tokenizer pattern " + shown + " " + what);
    }

    private void deeper() {
      if (++depth > MAX_NESTING) {
        throw error("nests groups and sets more than " + MAX_NESTING + " deep.");
      }
    }

    private <N extends Node> N counted(N node) {
      if (++nodes > MAX_NODES) {
        throw error("has more than " + MAX_NODES + " parts.");
      }
      return node;
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
      deeper();
      do {
        Join join = counted(new Join());
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
      depth--;
      Choice choice = counted(new Choice(alternatives, optional));
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
        return counted(new LookAhead(ahead, wanted));
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
      return counted(new Repeat(repeats++, set, least, most, possessive));
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
      int outer = depth;
      deeper();
      List<CharacterSet> sets = new ArrayList<>();
      while (!take("]")) {
        if (at >= pattern.length()) {
          throw unsupported();
        }
        if (take("&&[")) {
          deeper();
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
      depth = outer;
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
        return CharacterSet.NO_SPACE;
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
