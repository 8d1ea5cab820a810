package dev.vtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vtc.testing.RunTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fuzz target for three seconds, or for {@code VTC_FUZZ} (as in {@code VTC_FUZZ=10m}): first
 * its seeds, which lie beside it as {@code CLASSInputs/METHOD} and have an input for everything
 * that was ever found, then what Jazzer makes of them. A target has a JVM of its own, since Jazzer
 * runs one at a time, and since what it instruments would slow the other tests.
 *
 * <p>What it learns stays in {@code target/fuzz}, and an input that fails is written there.
 */
class FuzzingTest {
  private static final List<String> CLASSES =
      List.of("dev.vtc.format.FormatFuzz", "dev.vtc.text.template.TemplateFuzz");

  static Stream<String> targets() throws ClassNotFoundException {
    Stream.Builder<String> targets = Stream.builder();
    for (String name : CLASSES) {
      Arrays.stream(Class.forName(name).getDeclaredMethods())
          .filter(m -> m.isAnnotationPresent(FuzzTest.class))
          .map(m -> name + "#" + m.getName())
          .sorted()
          .forEach(targets);
    }
    return targets.build();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void target(String target) throws IOException, InterruptedException {
    String time = Objects.requireNonNullElse(System.getenv("VTC_FUZZ"), "3s");
    Path folder = Files.createDirectories(Path.of("target", "fuzz"));
    Path log = folder.resolve(target.substring(target.lastIndexOf('.') + 1) + ".log");
    String classPath = System.getProperty("surefire.test.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-Djazzer.max_duration=" + time,
                "-cp",
                classPath == null ? System.getProperty("java.class.path") : classPath,
                RunTests.class.getName(),
                target + "(byte[])")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAZZER_FUZZ", "1");
    int exit = builder.start().waitFor();
    String output = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(exit).as("%s; its output, also in %s:%n%s", target, log, tail(output)).isZero();
    // It did run: libFuzzer says how many inputs it tried.
    Matcher done = Pattern.compile("(?m)^#(\\d+)\\s+DONE").matcher(output);
    assertThat(done.find()).as(output).isTrue();
    System.out.println("FuzzingTest: " + target + ", " + time + ": " + done.group(1) + " inputs");
    assertThat(Long.parseLong(done.group(1))).isGreaterThan(10);
  }

  private static String tail(String output) {
    return output.substring(Math.max(0, output.length() - 8000));
  }
}
