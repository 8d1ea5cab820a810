package dev.vtc.app;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * The three streams of the process and what is known of them. Text leaves in UTF-8 whatever the
 * locale: a model's answer must not lose characters because of {@code LANG=C}.
 *
 * @param out where results go, buffered: flush after each piece that should be seen at once
 * @param err where progress, timings and errors go
 * @param inTty whether stdin is a terminal; likewise {@code outTty} and {@code errTty}
 * @param color whether escape sequences may be written to {@code err}
 * @param outColor whether escape sequences may be written to {@code out}
 * @param unicode whether the terminal shows more than ASCII
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inTty,
    boolean outTty,
    boolean errTty,
    boolean color,
    boolean outColor,
    boolean unicode) {

  /** The process's own streams. */
  public static Terminal system(Map<String, String> env) {
    // The launcher knows which streams are terminals; without it the JDK only knows about stdin and
    // stdout together.
    String tty = System.getProperty("vtc.tty");
    if (tty == null) {
      tty = hasConsole() ? "012" : "";
    }
    boolean outTty = tty.contains("1");
    boolean errTty = tty.contains("2");
    boolean plain = !env.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(env.get("TERM"));
    String locale = firstSet(env, "LC_ALL", "LC_CTYPE", "LANG").toLowerCase(Locale.ROOT);
    return new Terminal(
        System.in,
        stream(FileDescriptor.out, 8192),
        stream(FileDescriptor.err, 1024),
        tty.contains("0"),
        outTty,
        errTty,
        errTty && !plain,
        outTty && !plain,
        locale.contains("utf-8") || locale.contains("utf8"));
  }

  // The check says that System.console() is never null since Java 22; on 25 it is, without a
  // terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static PrintStream stream(FileDescriptor fd, int buffer) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(fd), buffer), true, StandardCharsets.UTF_8);
  }

  private static String firstSet(Map<String, String> env, String... names) {
    for (String name : names) {
      String value = env.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /**
   * All of stdin as text.
   *
   * @param what what is read, for messages: "The prompt on stdin"
   * @throws UserError when it is not valid UTF-8, with the offset of the first wrong byte
   */
  public String readAll(String what) throws IOException {
    return decode(in.readAllBytes(), what);
  }

  /**
   * Strict UTF-8 decoding; a byte order mark is dropped.
   *
   * @throws UserError when {@code bytes} are not valid UTF-8, with the offset of the first wrong
   *     byte
   */
  public static String decode(byte[] bytes, String what) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(buffer)
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UserError(
          what
              + " is not valid UTF-8 (byte "
              + buffer.position()
              + "); convert it first, for example with iconv -f ISO-8859-1 -t UTF-8.",
          e);
    }
  }

  /**
   * {@code text} without control characters other than line feed and tab where stdout is a
   * terminal, so that a model cannot send escape sequences to it; elsewhere as it is.
   */
  public String printable(String text) {
    if (!outTty) {
      return text;
    }
    StringBuilder s = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
      if (control && s == null) {
        s = new StringBuilder(text.substring(0, i));
      }
      if (s != null) {
        s.append(control ? '\uFFFD' : c);
      }
    }
    return s == null ? text : s.toString();
  }

  /** A sentence to the user, on stderr. */
  public void say(String sentence) {
    err.println("vtc: " + sentence);
    err.flush();
  }

  /**
   * {@code text} in an ANSI style (such as "1" for bold, "2" for dim) where stderr shows styles.
   */
  public String style(String ansi, String text) {
    return color ? "\u001b[" + ansi + "m" + text + "\u001b[0m" : text;
  }
}
