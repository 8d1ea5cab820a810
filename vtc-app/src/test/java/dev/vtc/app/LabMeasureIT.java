package dev.vtc.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.app.VtcProcess.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code vtc lab roofline} and {@code latency} as their users meet them. */
class LabMeasureIT {
  @TempDir static Path folder;
  private static String gguf = "";

  @BeforeAll
  static void models() throws IOException {
    gguf = TinyModels.gguf(folder.resolve("tiny.gguf")).toString();
  }

  private static VtcProcess vtc() {
    return new VtcProcess(folder.resolve("home"));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"roofline", "latency"})
  void helpHasExamples(String command) throws Exception {
    Result r = vtc().run("lab", command, "--help");
    assertThat(r.exit()).isZero();
    assertThat(r.out()).startsWith("Usage: vtc lab " + command).contains("Examples:", "--json");
  }

  @Test
  void rooflineWritesTablesAndPlots() throws Exception {
    Path to = folder.resolve("roofline");
    Result r =
        vtc()
            .run(
                "lab",
                "roofline",
                "-m",
                gguf,
                "-t",
                "2",
                "-r",
                "3",
                "-p",
                "20",
                "--position",
                "5",
                "--largest",
                "1",
                "-o",
                to.toString());
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("Groups of instructions", "matmul", "attend", "plain read");
    assertThat(r.out()).doesNotContain("Every instruction");
    for (String name :
        List.of(
            "report.md",
            "report.json",
            "roofline.svg",
            "roofline.png",
            "reads.svg",
            "reads.png",
            "reads.csv",
            "peaks.csv",
            "roofs.csv",
            "steps.csv",
            "groups.csv",
            "instructions.csv")) {
      assertThat(to.resolve(name)).isNotEmptyFile();
    }
    // Working sets of 16 KiB to 1 MiB, two kinds of pages, one and two threads.
    assertThat(read(to.resolve("reads.csv")).lines()).hasSize(1 + 7 * 2 * 2);
    assertThat(read(to.resolve("report.md")))
        .contains("- machine: ", "- threads: 2", "- pages of the weights: ", "- date: ")
        .contains("](roofline.svg)", "[instructions.csv]");
  }

  @Test
  void latencyAsJson() throws Exception {
    Path to = folder.resolve("latency");
    Result r =
        vtc()
            .run(
                "lab",
                "latency",
                "-m",
                gguf,
                "-t",
                "2",
                "-r",
                "2",
                "-n",
                "40",
                "--json",
                "-o",
                to.toString());
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out().lines()).hasSize(1);
    assertThat(r.out())
        .startsWith("{\"title\":\"Latency of ")
        .contains("\"complete\":true")
        .isEqualTo(read(to.resolve("report.json")));
    List<String> tokens = read(to.resolve("tokens.csv")).lines().toList();
    assertThat(tokens.getFirst()).startsWith("token,position,\"latency, ms\"").contains("waiting");
    assertThat(tokens).hasSize(41);
    assertThat(to.resolve("latency.svg")).isNotEmptyFile();
    assertThat(to.resolve("split.png")).isNotEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "latency -n 0",
        "latency -p 0",
        "latency -n 2000000000",
        "latency -c 10 -n 20",
        "roofline -p 0",
        "roofline --largest 0",
        "roofline -r 0",
        "roofline -c 10 -p 20",
        "roofline --machine abacus"
      })
  void aMistakeIsOneSentence(String line) throws Exception {
    String[] args = ("lab " + line + " -m " + gguf).split(" ", -1);
    Result r = vtc().run(args);
    assertThat(r.exit()).as(r.err()).isEqualTo(2);
    assertThat(r.err().strip().lines()).as(r.err()).hasSize(1);
    assertThat(r.err()).startsWith("vtc: ").doesNotContain("Exception");
  }

  @Test
  void whatWasMeasuredIsWrittenWhenTheUserStops() throws Exception {
    VtcProcess.assumeInterrupts();
    Path to = folder.resolve("stopped");
    Process process =
        vtc().start("lab", "latency", "-m", gguf, "-r", "1000000", "-n", "50", "-o", to.toString());
    CompletableFuture<String> out = VtcProcess.read(process.getInputStream());
    StringBuilder said = new StringBuilder();
    int c;
    // Said when the measuring begins; then it goes on for hours.
    while (said.indexOf("measuring") < 0 && (c = process.getErrorStream().read()) >= 0) {
      said.append((char) c);
    }
    Thread.sleep(1000);
    int exit = VtcProcess.interrupt(process);
    CompletableFuture<String> err = VtcProcess.read(process.getErrorStream());
    Result r = VtcProcess.finish(process, out, err);
    assertThat(r.exit()).as(r.err()).isEqualTo(exit);
    assertThat(r.err()).contains("Stopped").doesNotContain("Exception");
    assertThat(to.resolve("latency.png")).isNotEmptyFile();
    assertThat(read(to.resolve("report.json"))).contains("\"complete\":false");
    assertThat(read(to.resolve("report.md"))).contains("stopped before its end");
  }
}
