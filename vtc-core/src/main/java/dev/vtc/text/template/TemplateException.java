package dev.vtc.text.template;

/**
 * A template that is malformed, fails, or exceeds a bound. The message begins with the place: line
 * and column.
 */
public final class TemplateException extends RuntimeException {
  private final int line;
  private final int column;

  TemplateException(String problem, int line, int column) {
    super("Chat template, line " + line + ", column " + column + ": " + problem);
    this.line = line;
    this.column = column;
  }

  /** An error at an offset of a source, in UTF-16 code units. */
  static TemplateException at(String source, int offset, String problem) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(offset, source.length());
    for (int i = 0; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new TemplateException(problem, line, end - lineStart + 1);
  }

  /** Line in the template, from 1. */
  public int line() {
    return line;
  }

  /** Column in the template in UTF-16 code units, from 1. */
  public int column() {
    return column;
  }
}
