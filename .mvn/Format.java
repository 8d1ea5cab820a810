import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The formatter of the Java sources, run by Maven with the toolchain's JDK (google-java-format
 * needs the compiler of the Java version that the sources are written in, and Maven itself may run
 * on an older one).
 *
 * <p>Arguments: {@code check} or {@code apply}, then folders. {@code check} changes nothing and
 * exits with 1 when a file is not formatted.
 */
final class Format {
  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Formatter formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
    int wrong = 0;
    for (String folder : List.of(args).subList(1, args.length)) {
      if (!Files.isDirectory(Path.of(folder))) {
        continue;
      }
      List<Path> files;
      try (Stream<Path> walk = Files.walk(Path.of(folder))) {
        files =
            walk.filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/"))
                .sorted()
                .toList();
      }
      for (Path file : files) {
        String source = Files.readString(file);
        String formatted;
        try {
          // The same steps, in the same order, as the formatter's own command line.
          formatted =
              RemoveUnusedImports.removeUnusedImports(
                  ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE));
          formatted = formatter.formatSource(formatted);
          formatted = com.google.googlejavaformat.java.StringWrapper.wrap(formatted, formatter);
        } catch (FormatterException e) {
          System.err.println(file + ": " + e.getMessage());
          wrong++;
          continue;
        }
        if (formatted.equals(source)) {
          continue;
        }
        if (apply) {
          Files.writeString(file, formatted);
          System.out.println("formatted " + file);
        } else {
          System.err.println("not formatted: " + file);
          wrong++;
        }
      }
    }
    if (wrong > 0) {
      System.err.println("Run `mvn -qN -Pformat process-sources` to format the sources.");
      System.exit(1);
    }
  }
}
