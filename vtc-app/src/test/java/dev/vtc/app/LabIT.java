package dev.vtc.app;

import static dev.vtc.app.CommandIT.assertSentence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.app.VtcProcess.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vtc lab} and those of its commands that need no model, as users meet them. */
class LabIT {
  @TempDir static Path folder;
  private static String gguf = "";
  private static String bin = "";

  @BeforeAll
  static void models() throws IOException {
    gguf = TinyModels.gguf(folder.resolve("tiny model.gguf")).toString();
    bin = TinyModels.llama2c(folder.resolve("tiny.bin")).toString();
  }

  private static VtcProcess vtc() {
    return new VtcProcess(folder.resolve("home"));
  }

  @Test
  void theLabListsItsCommandsAndEachHasHelp() throws Exception {
    Result none = vtc().run("lab");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.out()).isEmpty();
    Result help = vtc().run("lab", "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).isEqualTo(none.err()).startsWith("Usage: vtc lab");
    assertThat(vtc().run("help", "lab").out()).isEqualTo(help.out());
    assertThat(Subcommand.lab()).isNotEmpty();
    for (Subcommand s : Subcommand.lab()) {
      assertThat(help.out()).contains("  " + s.name() + " ");
      Result r = vtc().run("lab", s.name(), "--help");
      assertThat(r.exit()).isZero();
      assertThat(r.out()).startsWith("Usage: vtc lab " + s.name()).contains("Examples:", "-o");
      assertThat(vtc().run("help", "lab", s.name()).out()).isEqualTo(r.out());
    }
  }

  @Test
  void layoutsAreComparedAndTheReportIsWritten() throws Exception {
    Path to = folder.resolve("a/layout report");
    Result r =
        vtc()
            .run(
                "lab",
                "layout",
                "--size",
                "1",
                "--columns",
                "192",
                "-r",
                "1",
                "-t",
                "2",
                "-o",
                to.toString());
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("row-major scalar", "TVL SIMD", "of the plain read");
    assertThat(r.err()).contains("The report is " + to.resolve("report.md"));
    for (String file :
        List.of("report.json", "addresses.csv", "timings.csv", "loads.svg", "share-2m.png")) {
      assertThat(to.resolve(file)).as(r.err()).isNotEmptyFile();
    }
    assertThat(to.resolve("report.md")).content().contains("- machine: ", "](share-4k.svg)");
    // Every format, both sizes of page, four variants.
    assertThat(Files.readAllLines(to.resolve("timings.csv"))).hasSize(1 + 4 * 2 * 4);
    Result file = vtc().run("lab", "layout", "-o", gguf);
    assertSentence(file, 1);
    assertThat(file.err()).contains("-o");
  }

  @Test
  void thePapersExperimentsRunOnRandomWeightsAndLeaveNone() throws Exception {
    Path home = folder.resolve("paper home");
    Path to = folder.resolve("paper");
    Result r =
        new VtcProcess(home)
            .run("lab", "paper", "--shape", "128,256,2,4,512", "-n", "8", "-r", "2", "-o", "" + to);
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out())
        .contains("61.3", "298.7", "24.0", "VTC, whole decoding", "row-major scalar, products");
    assertThat(Files.readAllLines(to.resolve("comparison.csv"))).hasSize(1 + 3 + 5);
    assertThat(to.resolve("tokens-per-second.svg")).isNotEmptyFile();
    assertThat(to.resolve("report.md")).content().contains("- pages: ", "2 layers of 128");
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void thePapersExperimentsRunOnACheckpointWhoseWidthsHaveNoBaselines() throws Exception {
    Path to = folder.resolve("paper of a checkpoint");
    Result r = vtc().run("lab", "paper", "--checkpoint", bin, "-n", "4", "-r", "1", "-o", "" + to);
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("VTC, whole decoding").doesNotContain("row-major scalar");
    assertThat(to.resolve("report.md")).content().contains("- baselines: none", "tiny.bin");
    assertThat(Path.of(bin)).exists();
    Result none = vtc().run("lab", "paper", "--checkpoint", "no-such.bin");
    assertSentence(none, 1);
  }

  @Test
  void aStoppedMeasurementWritesWhatItHas() throws Exception {
    VtcProcess.assumeInterrupts();
    Path to = folder.resolve("stopped");
    Process process = vtc().start("lab", "layout", "--size", "32", "-r", "50", "-o", to.toString());
    CompletableFuture<String> out = VtcProcess.read(process.getInputStream());
    InputStream err = process.getErrorStream();
    assertThat(err.read()).isNotNegative(); // the measurement has begun
    CompletableFuture<String> rest = VtcProcess.read(err);
    int exit = VtcProcess.interrupt(process);
    Result r = VtcProcess.finish(process, out, rest);
    assertThat(r.exit()).as(r.err()).isEqualTo(exit);
    assertThat(r.err()).contains("Stopped; what was measured is in ").doesNotContain("Exception");
    assertThat(to.resolve("report.md")).content().contains("stopped before its end");
    assertThat(to.resolve("addresses.csv")).isNotEmptyFile();
  }
}
