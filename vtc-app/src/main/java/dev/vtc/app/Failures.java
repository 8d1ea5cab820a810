package dev.vtc.app;

import dev.vtc.text.template.TemplateException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Turns what was thrown into one sentence for a person. */
final class Failures {
  private Failures() {}

  static int report(Throwable e, boolean debug, Terminal terminal) {
    terminal.out().flush();
    terminal.say(terminal.style("31", sentence(e)));
    if (debug) {
      e.printStackTrace(terminal.err());
      terminal.err().flush();
    }
    return e instanceof UserError u ? u.exitCode() : ExitCode.FAILURE;
  }

  static String sentence(Throwable e) {
    String message = e.getMessage() == null ? "" : e.getMessage().strip();
    return switch (e) {
      case UserError _ -> message;
      case NoSuchFileException f -> "The file " + f.getFile() + " does not exist.";
      case AccessDeniedException f -> "The file " + f.getFile() + " may not be read or written.";
      case FileSystemException f when isFull(f) -> full(String.valueOf(f.getFile()));
      case FileSystemException f ->
          f.getFile()
              + ": "
              + (f.getReason() == null ? "the operation failed" : f.getReason())
              + ".";
      case IOException f when isFull(f) -> full("the folder");
      case IOException _,
          IllegalArgumentException _,
          IllegalStateException _,
          UnsupportedOperationException _,
          TemplateException _
          when !message.isEmpty() ->
          message.endsWith(".") || message.endsWith("?") ? message : message + ".";
      case OutOfMemoryError _ ->
          "Memory ran out ("
              + message
              + "); use a smaller context with --ctx, or give the JVM more with"
              + " VTC_JAVA_OPTS=-Xmx4g.";
      case StackOverflowError _ -> "The input is nested too deeply.";
      default ->
          "An error in VTC itself: "
              + e.getClass().getSimpleName()
              + (message.isEmpty() ? "" : ": " + message)
              + "; please report it with what --debug prints.";
    };
  }

  private static boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("disk quota exceeded");
  }

  private static String full(String file) {
    return "The disk is full while writing "
        + file
        + "; make room, or set VTC_HOME to another disk.";
  }
}
