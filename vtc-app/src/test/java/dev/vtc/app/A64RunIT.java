package dev.vtc.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.app.VtcProcess.Result;
import dev.vtc.asm.emulation.Emulation;
import dev.vtc.asm.emulation.Emulation.Cpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole program on emulated AArch64 CPUs: arguments and files in, the same answer out. */
class A64RunIT {
  private static final String[] RUN = {"-n", "12", "-t", "2", "--seed", "5", "the"};

  @TempDir static Path folder;
  private static String gguf = "";
  private static String bin = "";

  @BeforeAll
  static void models() throws IOException {
    gguf = TinyModels.gguf(folder.resolve("tiny model.gguf")).toString();
    bin = TinyModels.llama2c(folder.resolve("tiny.bin")).toString();
  }

  @BeforeEach
  void emulation() {
    Emulation.assume();
  }

  private static VtcProcess here() {
    return new VtcProcess(folder.resolve("home"));
  }

  /** Another home, so that the weights are packed there, too. */
  private static VtcProcess there(Cpu cpu) {
    return new VtcProcess(folder.resolve("home of " + cpu)).java(Emulation.java(cpu, List.of()));
  }

  private static Result ran(VtcProcess vtc, String... args)
      throws IOException, InterruptedException {
    Result r = vtc.run(args);
    assertThat(r.exit()).as(r.err()).isZero();
    return r;
  }

  private static String[] run(String model) {
    String[] args = new String[3 + RUN.length];
    List.of("run", "-m", model).toArray(args);
    System.arraycopy(RUN, 0, args, 3, RUN.length);
    return args;
  }

  /** Which machine each CPU gets unasked stands in what {@code vtc --version} says. */
  @ParameterizedTest
  @CsvSource({"NEON, a64-neon", "DOTPROD, a64-dotprod", "I8MM, a64-i8mm"})
  void theAnswerIsThatOfX64(Cpu cpu, String machine) throws Exception {
    String expected = ran(here(), run(gguf)).out();
    Result actual = ran(there(cpu), run(gguf));
    assertThat(actual.out()).isNotBlank().isEqualTo(expected);
    assertThat(actual.err()).contains("tok/s");
    String[] logits = {"logits", "-m", bin, "--ids", "1,2,3", "--sha256"};
    assertThat(ran(there(cpu), logits).out()).isEqualTo(ran(here(), logits).out());
    assertThat(ran(there(cpu), "--version").out()).contains(machine);
  }

  /** The command itself checks every variant's results against those of the engine's kernel. */
  @ParameterizedTest
  @EnumSource(Cpu.class)
  void layoutsAgree(Cpu cpu) throws Exception {
    Path to = folder.resolve("layouts of " + cpu);
    Result r =
        ran(
            there(cpu),
            "lab",
            "layout",
            "--size",
            "1",
            "--columns",
            "192",
            "-r",
            "1",
            "-t",
            "1",
            "--pages",
            "4k",
            "-o",
            to.toString());
    assertThat(r.err()).contains("The report is ");
    assertThat(Files.readAllLines(to.resolve("timings.csv"))).hasSize(1 + 4 * 4);
  }

  @Test
  void aTuningThatThereIsNotIsRefusedInASentence() throws Exception {
    Result r = there(Cpu.NEON).env("VTC_TUNING", "pentium").run(run(gguf));
    assertThat(r.exit()).isNotZero();
    assertThat(r.err()).contains("vtc: There is no tuning named pentium").doesNotContain("\tat ");
    assertThat(r.out()).isEmpty();
  }

  @Test
  void aMachineThatTheCpuLacksIsRefusedInASentence() throws Exception {
    Result r = there(Cpu.NEON).env("VTC_MACHINE", "a64-i8mm").run(run(gguf));
    assertThat(r.exit()).isNotZero();
    assertThat(r.err())
        .contains("vtc: This CPU does not support the machine a64-i8mm: it has ")
        .doesNotContain("\tat ");
    assertThat(r.out()).isEmpty();
  }
}
