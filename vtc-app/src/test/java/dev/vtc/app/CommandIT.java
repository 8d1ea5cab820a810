package dev.vtc.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.app.VtcProcess.Result;
import dev.vtc.app.store.TestServer;
import dev.vtc.program.Numerics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as its users meet it: arguments and files in, streams and exit codes out. */
class CommandIT {
  @TempDir static Path folder;
  private static String gguf = "";
  private static String bin = "";
  private static String hf = "";

  @BeforeAll
  static void models() throws IOException {
    gguf = TinyModels.gguf(folder.resolve("tiny model.gguf")).toString();
    bin = TinyModels.llama2c(folder.resolve("tiny.bin")).toString();
    hf = TinyModels.safetensors(folder.resolve("tiny folder"), "{}").toString();
  }

  private static VtcProcess vtc() {
    return new VtcProcess(folder.resolve("home"));
  }

  /** One sentence on stderr, nothing on stdout. */
  static void assertSentence(Result r, int exit) {
    assertThat(r.exit()).as(r.err()).isEqualTo(exit);
    assertThat(r.out()).isEmpty();
    assertThat(r.err().strip().lines()).as(r.err()).hasSize(1);
    assertThat(r.err()).startsWith("vtc: ").doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(r.err().strip()).endsWith(".");
  }

  // ---- help and mistakes ----

  @Test
  void helpIsOnStdoutAndUsageWithoutACommandOnStderr() throws Exception {
    Result help = vtc().run("--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("run ", "chat ", "Examples:", "Exit codes:");
    assertThat(help.err()).isEmpty();
    Result none = vtc().run();
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).isEqualTo(help.out());
  }

  static Stream<String> commands() {
    return Subcommand.all().stream().map(Subcommand::name);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithExamples(String command) throws Exception {
    Result r = vtc().run(command, "--help");
    assertThat(r.exit()).isZero();
    assertThat(r.out()).startsWith("Usage: vtc " + command).contains("Examples:", "--debug");
    assertThat(r.err()).isEmpty();
  }

  static Stream<List<String>> mistakes() {
    return Stream.of(
        List.of("rnu", "x"),
        List.of("--frobnicate"),
        List.of("run", "--frobnicate", "x"),
        List.of("run", "-n", "many", "x"),
        List.of("run", "-n", "0", "x"),
        List.of("run", "--temperature", "-1", "x"),
        List.of("run", "--machine", "abacus", "x"),
        List.of("run", "--quantize", "Q9", "x"),
        List.of("run", "--quantize", "F16", "x"),
        List.of("run", "--ids", "1,two"),
        List.of("run", "a", "b"),
        List.of("run", ""),
        List.of("logits"),
        List.of("perplexity"),
        List.of("bench", "-r", "0"),
        List.of("lab", "layuot"),
        List.of("lab", "layout", "--formats", "q3"),
        List.of("lab", "layout", "--pages", "1g"),
        List.of("lab", "layout", "--columns", "100"),
        List.of("lab", "layout", "--size", "0"),
        List.of("lab", "paper", "-n", "1"),
        List.of("lab", "paper", "--shape", "768,2048"),
        List.of("lab", "layout", "--machine", "abacus"),
        List.of("pull", "hf:"),
        List.of("pull", "http://example.org/x.gguf"),
        List.of("pull", "--sha256", "12", "smollm2"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsOneSentenceAndExitCode2(List<String> args) throws Exception {
    assertSentence(vtc().run(args.toArray(String[]::new)), 2);
  }

  @Test
  void filesThatAreNoModelsAreOneSentenceAndExitCode1() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of(gguf));
    Path broken = Files.createDirectory(folder.resolve("a folder without weights"));
    Files.copy(Path.of(hf, "config.json"), broken.resolve("config.json"));
    Path cut =
        Files.write(folder.resolve("cut.gguf"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Path text = Files.writeString(folder.resolve("text.gguf"), "Once upon a time");
    Path empty = Files.createFile(folder.resolve("empty.gguf"));
    for (String file :
        List.of(
            cut.toString(),
            text.toString(),
            empty.toString(),
            folder.toString(),
            broken.toString(),
            "no-such.gguf")) {
      Result r = vtc().run("run", "-m", file, "x");
      assertSentence(r, 1);
      assertThat(r.err()).contains(file);
    }
    Result debug = vtc().run("run", "--debug", "-m", text.toString(), "x");
    assertThat(debug.err()).contains("\tat dev.vtc");
  }

  @Test
  void stdinThatIsNotUtf8IsRefusedWithTheOffset() throws Exception {
    Result r = vtc().stdin(new byte[] {'a', 'b', (byte) 0xff}).run("run", "-m", gguf);
    assertSentence(r, 1);
    assertThat(r.err()).contains("byte 2");
  }

  // ---- run ----

  @Test
  void theAnswerIsOnStdoutAndTheSameForAnyNumberOfThreads() throws Exception {
    Result one = vtc().run("run", "-m", gguf, "-n", "12", "-t", "1", "--seed", "5", "the");
    Result three = vtc().run("run", "-m", gguf, "-n", "12", "-t", "3", "--seed", "5", "the");
    assertThat(one.exit()).as(one.err()).isZero();
    assertThat(one.out()).isNotBlank().isEqualTo(three.out());
    assertThat(one.err()).contains("first token", "tok/s");
    Result other = vtc().run("run", "-m", gguf, "-n", "12", "--seed", "6", "the");
    assertThat(other.out()).isNotEqualTo(one.out());
  }

  /** The same weights from a GGUF file and from a Hugging Face folder: the same in each command. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run -q --temperature 0 -n 12 -m MODEL the|",
        "chat --temperature 0 -n 4 -m MODEL|the\n/quit\n",
        "logits --all --sha256 -m MODEL --ids 1,70,80,90,2|",
        "tokenize --ids -m MODEL the_end|",
        "perplexity --ctx 16 --json -m MODEL -f TEXT|",
        "quantize MODEL OUT --type Q8_0 --force -q|",
        "inspect MODEL|",
      })
  void aHuggingFaceFolderRunsAsItsGgufFile(String line) throws Exception {
    String text = Files.writeString(folder.resolve("words.txt"), "the the ".repeat(9)).toString();
    String out = folder.resolve("written.gguf").toString();
    List<String> answers = new ArrayList<>();
    for (String model : List.of(gguf, hf)) {
      String[] split = line.split("\\|", -1);
      String[] args =
          Stream.of(split[0].split(" ", -1))
              .map(a -> a.equals("MODEL") ? model : a.equals("TEXT") ? text : a)
              .map(a -> a.equals("OUT") ? out : a)
              .toArray(String[]::new);
      Result r = vtc().stdin(split[1].replace("\\n", "\n")).run(args);
      assertThat(r.exit()).as(r.err()).isZero();
      answers.add(comparable(r.out()));
    }
    assertThat(answers.get(0)).isNotBlank();
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
  }

  /** Without what is another with every model, and every run. */
  private static String comparable(String out) {
    return out.replaceAll("(?m)^(file|name|pages|huge page bytes|allocated bytes) .*$", "")
        .replaceAll("\"(model|seconds|[a-z_]+_per_s)\":[^,}]*", "");
  }

  @Test
  void oneLineEndOfStdinIsDropped() throws Exception {
    Result argument = vtc().run("run", "-q", "--raw", "-m", gguf, "-n", "8", "the end");
    Result stdin = vtc().stdin("the end\n").run("run", "-q", "--raw", "-m", gguf, "-n", "8");
    assertThat(stdin.out()).isEqualTo(argument.out());
    assertThat(stdin.err()).isEmpty();
  }

  @Test
  void aModelWithoutATokenizerRunsOnIds() throws Exception {
    Result r = vtc().run("run", "-q", "-m", bin, "--ids", "1,2,3", "-n", "5", "--temperature", "0");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out().strip()).matches("\\d+( \\d+){4}");
    assertSentence(vtc().run("run", "-m", bin, "text"), 1);
    assertSentence(vtc().run("run", "-m", bin, "--ids", "512"), 1);
  }

  @Test
  void aPromptLongerThanTheContextIsASentence() throws Exception {
    Result r = vtc().run("run", "--raw", "-m", gguf, "--ctx", "16", "x".repeat(100));
    assertSentence(r, 1);
    assertThat(r.err()).contains("100", "16");
  }

  @Test
  void jsonHasTheTextTheIdsAndTheReason() throws Exception {
    Result r =
        vtc().run("run", "--json", "--logprobs", "2", "-m", gguf, "-n", "3", "--ignore-end", "hi");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out().lines()).hasSize(1);
    assertThat(r.out())
        .contains(
            "\"text\":",
            "\"ids\":[",
            "\"finish_reason\":\"length\"",
            "\"logprob\":-",
            "\"decode_tokens_per_s\":");
  }

  @Test
  void coloursOnlyOnATerminalAndNotWithNoColor() throws Exception {
    Result plain = vtc().run("run", "-m", gguf, "-n", "2", "x");
    Result terminal = vtc().jvm("-Dvtc.tty=012").run("run", "-m", gguf, "-n", "2", "x");
    Result noColor =
        vtc().jvm("-Dvtc.tty=012").env("NO_COLOR", "1").run("run", "-m", gguf, "-n", "2", "x");
    assertThat(plain.err()).doesNotContain("\u001b");
    assertThat(terminal.err()).contains("\u001b[2m");
    assertThat(noColor.err()).doesNotContain("\u001b[2m");
  }

  @Test
  void ctrlCEndsTheAnswerInOrder() throws Exception {
    VtcProcess.assumeInterrupts();
    Process process =
        vtc().start("run", "-m", gguf, "--ctx", "100000", "--ignore-end", "--raw", "x");
    InputStream out = process.getInputStream();
    assertThat(out.read()).isNotNegative(); // the answer has begun
    CompletableFuture<String> rest = VtcProcess.read(out);
    CompletableFuture<String> err = VtcProcess.read(process.getErrorStream());
    int exit = VtcProcess.interrupt(process);
    Result r = VtcProcess.finish(process, rest, err);
    assertThat(r.exit()).as(r.err()).isEqualTo(exit);
    assertThat(r.err()).contains("stopped", "tok/s").doesNotContain("Exception");
  }

  @Test
  void endsWhenNobodyReads() throws Exception {
    Process process =
        vtc().start("run", "-m", gguf, "--ctx", "100000", "--ignore-end", "--raw", "x");
    assertThat(process.getInputStream().read()).isNotNegative();
    process.getInputStream().close();
    CompletableFuture<String> err = VtcProcess.read(process.getErrorStream());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
    assertThat(err.join()).doesNotContain("Exception");
  }

  // ---- chat ----

  @Test
  void aConversationFromAScript() throws Exception {
    Path saved = folder.resolve("saved.json");
    Result r =
        vtc()
            .stdin(
                "hello\n/stats\n/nonsense\nand \\\nmore\n/save "
                    + saved
                    + "\n/reset\n/quit\nnever\n")
            .run("chat", "-m", gguf, "-n", "4", "--system", "Be brief.");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out())
        .contains(
            "tok/s", "There is no command /nonsense", "Wrote 5 messages", "A new conversation.");
    assertThat(saved).content().contains("Be brief.", "and \\nmore").doesNotContain("never");
  }

  // ---- text, logits ----

  @Test
  void tokenizeAndDetokenizeAreInverse() throws Exception {
    String lines = "\"the <|im_end|> th\\u00e9 \\ud83d\\ude00\\n\"\n\"\"\n\" two  blanks\"\n";
    Result ids = vtc().stdin(lines).run("tokenize", "-m", gguf, "--jsonl");
    assertThat(ids.exit()).as(ids.err()).isZero();
    assertThat(ids.out().lines()).hasSize(3).allMatch(l -> l.matches("\\[[0-9,]*]"));
    Result back = vtc().stdin(ids.out()).run("detokenize", "-m", gguf, "--jsonl");
    assertThat(back.out().lines())
        .containsExactly("\"the <|im_end|> thé 😀\\n\"", "\"\"", "\" two  blanks\"");
    Result special = vtc().run("tokenize", "-m", gguf, "--special", "--ids", "<|im_end|>");
    assertThat(special.out()).isEqualTo("[2]\n");
    assertSentence(vtc().stdin("1\n").run("tokenize", "-m", gguf, "--jsonl"), 1);
    assertSentence(vtc().run("detokenize", "-m", gguf, "100000"), 1);
  }

  @Test
  void theHashOfTheLogitsDoesNotDependOnThreadsOrChunks() throws Exception {
    String ids = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
    Result first =
        vtc()
            .run("logits", "-m", bin, "--ids", ids, "--all", "--sha256", "-t", "1", "--chunk", "1");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).matches("[0-9a-f]{64}\n");
    for (String[] way : new String[][] {{"1", "64"}, {"2", "7"}, {"3", "3"}}) {
      Result r =
          vtc()
              .run(
                  "logits",
                  "-m",
                  bin,
                  "--ids",
                  ids,
                  "--all",
                  "--sha256",
                  "-t",
                  way[0],
                  "--chunk",
                  way[1]);
      assertThat(r.out()).as("threads " + way[0] + ", chunk " + way[1]).isEqualTo(first.out());
    }
    Result other = vtc().run("logits", "-m", bin, "--ids", ids + ",21", "--all", "--sha256");
    assertThat(other.out()).isNotEqualTo(first.out());
    Result top = vtc().run("logits", "-m", bin, "--ids", ids, "--top", "2");
    assertThat(top.out())
        .matches("\\{\"position\":19,\"ids\":\\[\\d+,\\d+],\"logits\":\\[[^,]+,[^,]+]}\n");
  }

  @Test
  void perplexityIsTheExponentialOfTheMeanLossOfTheSecondHalf() throws Exception {
    int ctx = 20;
    String sentence = "the quick brown fox. ";
    Path text = Files.writeString(folder.resolve("text.txt"), sentence.repeat(30));
    Result r =
        vtc()
            .run(
                "perplexity",
                "-m",
                gguf,
                "-f",
                text.toString(),
                "--ctx",
                "" + ctx,
                "--chunks",
                "1",
                "--json");
    assertThat(r.exit()).as(r.err()).isZero();
    // The same from the logits of the first chunk.
    int[] ids = numbers(vtc().run("tokenize", "-m", gguf, "--ids", sentence.repeat(2)).out(), ctx);
    String list = java.util.Arrays.toString(ids);
    String[] rows = vtc().run("logits", "-m", gguf, "--ids", list, "--all").out().split("\n", -1);
    double loss = 0;
    for (int position = ctx / 2; position < ctx - 1; position++) {
      double[] logits =
          Stream.of(rows[position].replaceAll(".*\"logits\":\\[|].*", "").split(",", -1))
              .mapToDouble(Float::parseFloat) // shortest digits that name the float
              .toArray();
      double sum = java.util.Arrays.stream(logits).map(Math::exp).sum();
      loss -= logits[ids[position + 1]] - Math.log(sum);
    }
    double expected = Math.exp(loss / (ctx - 1 - ctx / 2));
    double actual = Double.parseDouble(r.out().replaceAll(".*\"perplexity\":([^,]+),.*\\s*", "$1"));
    assertThat(actual).isCloseTo(expected, org.assertj.core.data.Percentage.withPercentage(1e-6));
    assertThat(r.out()).contains("\"scored_tokens\":" + (ctx - 1 - ctx / 2));
    assertSentence(vtc().run("perplexity", "-m", gguf, "-f", text.toString(), "--ctx", "4096"), 1);
  }

  /** The first {@code n} numbers of a JSON array. */
  private static int[] numbers(String array, int n) {
    return Stream.of(array.replaceAll("[\\[\\]\\s]", "").split(",", -1))
        .limit(n)
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  @Test
  void inspectAndBenchShowTheModel() throws Exception {
    Result r = vtc().run("inspect", gguf, "--tensors");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("Tiny", "llama", "blk.1.ffn_down.weight", "64 x 172");
    Result program = vtc().run("inspect", gguf, "--program");
    assertThat(program.out()).contains("matmul", "total");
    Result bench = vtc().run("bench", "-m", hf, "-p", "8", "-n", "4", "-r", "2", "--json");
    assertThat(bench.exit()).as(bench.err()).isZero();
    assertThat(bench.out())
        .contains("\"decode_tokens_per_s\":{\"median\":", "\"read_ceiling_bytes_per_s\"");
  }

  /** From the folder, and from the GGUF file made of it, whose numbers are f32. */
  @Test
  void inspectShowsWhatAModelSaysOfGenerating() throws Exception {
    String settings =
        "{\"temperature\": 0.6, \"repetition_penalty\": 1.1, \"eos_token_id\": [2, 37]}";
    String model = TinyModels.safetensors(folder.resolve("settings"), settings).toString();
    String file = folder.resolve("settings.gguf").toString();
    assertThat(vtc().run("quantize", model, file, "--type", "F32").exit()).isZero();
    for (String m : List.of(model, file)) {
      Result r = vtc().run("inspect", m);
      assertThat(r.out())
          .containsPattern("(?m)^temperature +0.6$")
          .containsPattern("(?m)^repeat penalty +1.1$")
          .containsPattern("(?m)^repeat last n +-1$")
          .containsPattern("(?m)^end tokens +<.endoftext.>, <.im_end.>, \"$");
      Result json = vtc().run("inspect", m, "--json");
      assertThat(json.out())
          .contains(
              "\"temperature\":0.6,", "\"end_tokens\":[\"<|endoftext|>\",\"<|im_end|>\",\"\\\"\"]");
      Result metadata = vtc().run("inspect", m, "--metadata");
      assertThat(metadata.out()).containsPattern("(?m)general.sampling.temp = 0.6$");
    }
    String greedy =
        TinyModels.safetensors(folder.resolve("greedy"), "{\"do_sample\": false}").toString();
    Result best = vtc().run("run", "-q", "-m", greedy, "-n", "12", "--seed", "1", "the");
    Result again = vtc().run("run", "-q", "-m", greedy, "-n", "12", "--seed", "2", "the");
    assertThat(best.out()).isNotBlank().isEqualTo(again.out());
  }

  @Test
  void aFolderQuantizedWhilePackingRunsAsTheFileThatQuantizeWrites() throws Exception {
    String file = folder.resolve("small.gguf").toString();
    for (String[] type : new String[][] {{"Q8", "Q8_0"}, {"q4", "Q4_0"}, {"Q5_K", "Q5_K"}}) {
      Result q = vtc().run("quantize", hf, file, "--type", type[1], "--force");
      assertThat(q.exit()).as(q.err()).isZero();
      assertThat(q.out())
          .contains(
              "blk.0.ffn_down.weight: F16 instead of "
                  + type[1]
                  + ", whose blocks of "
                  + (type[0].endsWith("K") ? 256 : 32)
                  + " do not divide rows of 172\n");
      String[] ids = {"logits", "--all", "--sha256", "--ids", "1,70,80,90,2", "-m"};
      Result expected = vtc().run(with(ids, file));
      Result actual = vtc().run(with(ids, hf, "--quantize", type[0]));
      assertThat(actual.exit()).as(actual.err()).isZero();
      assertThat(actual.out()).isEqualTo(expected.out());
      assertThat(vtc().run(with(ids, hf)).out()).isNotEqualTo(actual.out());
      Result inspect = vtc().run("inspect", hf, "--quantize", type[0]);
      assertThat(inspect.out())
          .containsPattern("(?m)^quantized +" + type[1] + " while packing$")
          .contains("formats");
    }
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void quantizingWritesAFileThatRuns() throws Exception {
    Path to = folder.resolve("quantized Q8_0.gguf");
    Result r = vtc().run("quantize", gguf, to.toString(), "--type", "q8_0");
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains(to + ": ").contains("Q8_0").contains("F32");
    assertThat(vtc().run("run", "-m", to.toString(), "-n", "4", "the").exit()).isZero();
    Result again = vtc().run("quantize", gguf, to.toString(), "--type", "Q4_K");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("is there already").contains("--force");
    Result forced = vtc().run("quantize", gguf, to.toString(), "--type", "Q4_K", "--force", "-q");
    assertThat(forced.exit()).as(forced.err()).isZero();
    assertThat(forced.err()).isEmpty();
    Result itself = vtc().run("quantize", gguf, gguf, "--type", "F16", "--force");
    assertThat(itself.exit()).isEqualTo(2);
    Result unknown = vtc().run("quantize", gguf, to.toString(), "--type", "Q9");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("Q9").contains("Q5_K");
  }

  @Test
  void versionSaysWhatRuns() throws Exception {
    Result r = vtc().run("--version");
    assertThat(r.out())
        .startsWith("vtc ")
        .contains("numerics " + Numerics.VERSION, "machine ", "cpu ", "java 25");
    Result forced = vtc().env("VTC_MACHINE", "abacus").run("--version");
    assertThat(forced.exit()).isNotZero();
    assertThat(forced.err()).contains("abacus");
  }

  // ---- the Java API ----

  @Test
  void theExampleRuns() throws Exception {
    Path launcher = Path.of(System.getProperty("vtc.launcher"));
    Path example = launcher.resolveSibling("examples").resolve("Ask.java");
    Process process =
        new ProcessBuilder(
                VtcProcess.java().toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("vtc.jar"),
                example.toString(),
                gguf,
                "hello")
            .start();
    CompletableFuture<String> out = VtcProcess.read(process.getInputStream());
    Result r = VtcProcess.finish(process, out, VtcProcess.read(process.getErrorStream()));
    assertThat(r.exit()).as(r.err()).isZero();
    assertThat(r.out()).contains("tokens per second");
  }

  // ---- store ----

  @ParameterizedTest
  @ValueSource(strings = {"pull", "run"})
  void offlineFetchesNothing(String command) throws Exception {
    String[] args =
        command.equals("pull")
            ? new String[] {"pull", "--offline", "smollm2"}
            : new String[] {"run", "--offline", "x"};
    Result r = new VtcProcess(folder.resolve("empty home")).run(args);
    assertSentence(r, 1);
    assertThat(r.err()).contains("--offline");
  }

  @Test
  void twoProcessesFetchAModelOnce() throws Exception {
    try (TestServer server = new TestServer()) {
      TestServer.Resource resource = server.put("/tiny.gguf", Files.readAllBytes(Path.of(gguf)));
      resource.delay = 3000;
      VtcProcess two = new VtcProcess(folder.resolve("shared home"));
      String uri = server.uri("/tiny.gguf").toString();
      Process first = two.start("pull", uri);
      Process second = two.start("pull", uri);
      for (Process p : List.of(first, second)) {
        Result r =
            VtcProcess.finish(
                p, VtcProcess.read(p.getInputStream()), VtcProcess.read(p.getErrorStream()));
        assertThat(r.exit()).as(r.err()).isZero();
      }
      assertThat(server.asked).hasSize(1);
      Result run = two.run("run", "-q", "-m", uri, "-n", "3", "x");
      assertThat(run.exit()).as(run.err()).isZero();
      // What is here already is opened without a word about the network, which takes 200 ms.
      Path classes = folder.resolve("classes of a run");
      Result again =
          new VtcProcess(folder.resolve("shared home"))
              .jvm("-Xlog:class+load:file=" + classes)
              .run("run", "-q", "-m", uri, "-n", "3", "x");
      assertThat(again.out()).isEqualTo(run.out());
      assertThat(Files.readString(classes))
          .contains("dev.vtc.app.store.Puller ")
          .doesNotContain("jdk.internal.net.http", "sun.security.ssl");
      Result packed = two.run("run", "-q", "-m", uri, "--quantize", "Q8", "-n", "3", "x");
      assertSentence(packed, 1);
      assertThat(packed.err()).contains("vtc pull --keep " + uri);
      Result list = two.run("list", "--json");
      assertThat(list.out()).contains("\"name\":\"" + uri + "\"", "\"present\":true");
      assertThat(two.run("rm", uri).exit()).isZero();
      assertThat(two.run("list").out()).isEmpty();
    }
  }

  @Test
  void aKilledPullIsContinued() throws Exception {
    byte[] body = Files.readAllBytes(Path.of(gguf));
    try (TestServer server = new TestServer()) {
      TestServer.Resource resource = server.put("/tiny.gguf", body);
      resource.cutAfter = body.length / 2;
      resource.cuts.set(1);
      resource.hang = true;
      Path home = folder.resolve("killed home");
      VtcProcess vtc = new VtcProcess(home);
      String uri = server.uri("/tiny.gguf").toString();
      Process process = vtc.start("pull", uri);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (partBytes(home) < body.length / 2 && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      process.destroyForcibly().waitFor();
      assertThat(vtc.run("list").out()).contains("broken off");
      Result again = vtc.run("pull", uri);
      assertThat(again.exit()).as(again.err()).isZero();
      assertThat(server.asked.getLast().range()).isEqualTo("bytes=" + body.length / 2 + "-");
    }
  }

  private static long partBytes(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(f -> f.toString().endsWith(".part"))
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }
}
