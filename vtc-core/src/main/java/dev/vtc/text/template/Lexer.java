package dev.vtc.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens, with Jinja's rules of white space: {@code trim_blocks} (the newline
 * after a block or comment tag goes), {@code lstrip_blocks} (blanks before a block or comment tag
 * that begins a line go), {@code -} and {@code +} in tags, and one newline at the end of the source
 * goes.
 */
final class Lexer {
  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  /**
   * @param text the characters; of a string its value
   * @param at offset in the source
   */
  record Token(Kind kind, String text, int at) {
    boolean isName(String name) {
      return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
      return kind == Kind.OPERATOR && text.equals(operator);
    }

    String describe() {
      return switch (kind) {
        case DATA -> "text";
        case VARIABLE_BEGIN -> "'{{'";
        case VARIABLE_END -> "'}}'";
        case BLOCK_BEGIN -> "'{%'";
        case BLOCK_END -> "'%}'";
        case STRING -> "a string";
        case END -> "the end of the template";
        default -> "'" + text + "'";
      };
    }
  }

  private static final String[] OPERATORS = {
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";"
  };

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int pos;

  private Lexer(String source) {
    this.source = source;
  }

  /** Newlines as Jinja sees them: all are one line feed, and one at the end is dropped. */
  static String normalize(String source) {
    String s = source.indexOf('\r') < 0 ? source : source.replace("\r\n", "\n").replace('\r', '\n');
    return s.endsWith("\n") ? s.substring(0, s.length() - 1) : s;
  }

  /**
   * @param source normalized
   */
  static List<Token> tokenize(String source) {
    Lexer lexer = new Lexer(source);
    lexer.root();
    return lexer.tokens;
  }

  private void root() {
    while (pos < source.length()) {
      int tag = nextTag(pos);
      if (tag < 0) {
        add(Kind.DATA, source.substring(pos), pos);
        pos = source.length();
        break;
      }
      char type = source.charAt(tag + 1);
      data(tag, type != '{');
      int start = tag;
      pos = tag + 2;
      if (peek('-') || peek('+')) {
        pos++;
      }
      if (type == '#') {
        comment(start);
      } else if (type == '%') {
        if (!raw(start)) {
          add(Kind.BLOCK_BEGIN, "", start);
          code('%', Kind.BLOCK_END);
        }
      } else {
        add(Kind.VARIABLE_BEGIN, "", start);
        code('}', Kind.VARIABLE_END);
      }
    }
    add(Kind.END, "", source.length());
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from);
        i >= 0 && i + 1 < source.length();
        i = source.indexOf('{', i + 1)) {
      char c = source.charAt(i + 1);
      if (c == '{' || c == '%' || c == '#') {
        return i;
      }
    }
    return -1;
  }

  /** Text from {@code pos} to a tag, stripped as the tag says. */
  private void data(int tag, boolean stripsBlanks) {
    int end = tag;
    char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    if (sign == '-') {
      while (end > pos && Chars.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && stripsBlanks) {
      int lineStart =
          tag; // not by lastIndexOf, which would look before pos: quadratic in a long line
      while (lineStart > pos && source.charAt(lineStart - 1) != '\n') {
        lineStart--;
      }
      boolean atLineStart = lineStart > pos || pos == 0 || source.charAt(pos - 1) == '\n';
      if (atLineStart && Chars.isBlank(source, lineStart, tag)) {
        end = lineStart;
      }
    }
    if (end > pos) {
      add(Kind.DATA, source.substring(pos, end), pos);
    }
  }

  private void comment(int start) {
    int end = source.indexOf("#}", pos);
    if (end < 0) {
      throw TemplateException.at(source, start, "this comment is not closed by '#}'");
    }
    // '-' and '+' belong to the end tag; "{#-#}" has only one sign, which was taken by the begin
    // tag
    char sign = end > pos ? source.charAt(end - 1) : ' ';
    pos = end + 2;
    afterBlock(sign);
  }

  private void afterBlock(char sign) {
    if (sign == '-') {
      skipSpace();
    } else if (sign != '+' && peek('\n')) {
      pos++;
    }
  }

  /** A raw block whole, if one begins here. */
  private boolean raw(int start) {
    int i = skipWord(pos, "raw");
    if (i < 0) {
      return false;
    }
    boolean strip = i < source.length() && source.charAt(i) == '-';
    i += strip ? 1 : 0;
    if (!source.startsWith("%}", i)) {
      return false;
    }
    pos = i + 2;
    if (strip) {
      skipSpace();
    }
    for (int tag = source.indexOf("{%", pos); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
      int j = tag + 2;
      if (j < source.length() && (source.charAt(j) == '-' || source.charAt(j) == '+')) {
        j++;
      }
      j = skipWord(j, "endraw");
      if (j < 0) {
        continue;
      }
      char sign = j < source.length() ? source.charAt(j) : ' ';
      j += sign == '-' || sign == '+' ? 1 : 0;
      if (source.startsWith("%}", j)) {
        data(tag, true);
        pos = j + 2;
        afterBlock(sign);
        return true;
      }
    }
    throw TemplateException.at(source, start, "this raw block is not closed by '{% endraw %}'");
  }

  /** After a word and the space around it, or −1 if another word stands there. */
  private int skipWord(int from, String word) {
    int i = Chars.skipSpace(source, from);
    return source.startsWith(word, i) ? Chars.skipSpace(source, i + word.length()) : -1;
  }

  /** The inside of a tag up to and with its end. */
  private void code(char endChar, Kind end) {
    ArrayDeque<Character> open = new ArrayDeque<>();
    while (true) {
      skipSpace();
      if (pos >= source.length()) {
        return; // the parser meets the end and says what is missing
      }
      if (open.isEmpty() && tagEnd(endChar, end)) {
        return;
      }
      char c = source.charAt(pos);
      if (c >= '0' && c <= '9') {
        number();
      } else if (Chars.isWord(source.codePointAt(pos))) {
        name();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        operator(open);
      }
    }
  }

  private boolean tagEnd(char endChar, Kind end) {
    int i = pos;
    char sign = source.charAt(i);
    if (sign == '-' || (sign == '+' && end == Kind.BLOCK_END)) {
      i++;
    }
    if (!(i + 1 < source.length() && source.charAt(i) == endChar && source.charAt(i + 1) == '}')) {
      return false;
    }
    add(end, "", pos);
    pos = i + 2;
    if (end == Kind.BLOCK_END || sign == '-') {
      afterBlock(sign);
    }
    return true;
  }

  private void name() {
    int start = pos;
    while (pos < source.length() && Chars.isWord(source.codePointAt(pos))) {
      pos += Character.charCount(source.codePointAt(pos));
    }
    add(Kind.NAME, source.substring(start, pos), start);
  }

  private void number() {
    int start = pos;
    char next = pos + 1 < source.length() ? Character.toLowerCase(source.charAt(pos + 1)) : ' ';
    if (source.charAt(pos) == '0' && (next == 'x' || next == 'o' || next == 'b')) {
      pos += 2;
      while (pos < source.length()
          && (Character.digit(source.charAt(pos), 16) >= 0 || source.charAt(pos) == '_')) {
        pos++;
      }
      add(Kind.INTEGER, source.substring(start, pos).replace("_", ""), start);
      return;
    }
    digits();
    boolean isFloat = false;
    if (start == 0 || source.charAt(start - 1) != '.') { // x.0.1 is two subscripts
      if (peek('.') && isDigit(pos + 1)) {
        pos++;
        digits();
        isFloat = true;
      }
      if (peek('e') || peek('E')) {
        int sign = pos + 1 < source.length() && "+-".indexOf(source.charAt(pos + 1)) >= 0 ? 1 : 0;
        if (isDigit(pos + 1 + sign)) {
          pos += 1 + sign;
          digits();
          isFloat = true;
        }
      }
    }
    add(isFloat ? Kind.FLOAT : Kind.INTEGER, source.substring(start, pos).replace("_", ""), start);
  }

  private void digits() {
    while (isDigit(pos) || (peek('_') && isDigit(pos + 1))) {
      pos++;
    }
  }

  private boolean isDigit(int at) {
    return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
  }

  private void string(char quote) {
    int start = pos++;
    StringBuilder value = new StringBuilder();
    while (true) {
      if (pos >= source.length()) {
        throw TemplateException.at(source, start, "this string is not closed by " + quote);
      }
      char c = source.charAt(pos++);
      if (c == quote) {
        break;
      }
      if (c == '\\' && pos < source.length()) {
        escape(value, start);
      } else {
        value.append(c);
      }
    }
    add(Kind.STRING, value.toString(), start);
  }

  /** Python's escapes ("unicode_escape"); an unknown one stays as it is. */
  private void escape(StringBuilder value, int start) {
    char c = source.charAt(pos++);
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> value.append(c);
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case 'x' -> hex(value, 2, start);
      case 'u' -> hex(value, 4, start);
      case 'U' -> hex(value, 8, start);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        int code = c - '0';
        for (int i = 0; i < 2 && pos < source.length(); i++) {
          int digit = Character.digit(source.charAt(pos), 8);
          if (digit < 0) {
            break;
          }
          code = 8 * code + digit;
          pos++;
        }
        value.append((char) code);
      }
      default -> value.append('\\').append(c);
    }
  }

  private void hex(StringBuilder value, int digits, int start) {
    int code = 0;
    for (int i = 0; i < digits; i++) {
      int digit = pos < source.length() ? Character.digit(source.charAt(pos), 16) : -1;
      if (digit < 0 || code > 0x10ffff >> 4) {
        throw TemplateException.at(source, start, "this string has a malformed hexadecimal escape");
      }
      code = 16 * code + digit;
      pos++;
    }
    value.appendCodePoint(code);
  }

  private void operator(ArrayDeque<Character> open) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, pos)) {
        char c = operator.charAt(0);
        switch (c) {
          case '(' -> open.push(')');
          case '[' -> open.push(']');
          case '{' -> open.push('}');
          case ')', ']', '}' -> {
            if (open.isEmpty() || open.pop() != c) {
              throw TemplateException.at(source, pos, "this '" + c + "' closes nothing");
            }
          }
          default -> {}
        }
        add(Kind.OPERATOR, operator, pos);
        pos += operator.length();
        return;
      }
    }
    throw TemplateException.at(
        source,
        pos,
        "the character '" + Character.toString(source.codePointAt(pos)) + "' is unexpected here");
  }

  private void add(Kind kind, String text, int at) {
    tokens.add(new Token(kind, text, at));
  }

  private boolean peek(char c) {
    return pos < source.length() && source.charAt(pos) == c;
  }

  private void skipSpace() {
    pos = Chars.skipSpace(source, pos);
  }
}
