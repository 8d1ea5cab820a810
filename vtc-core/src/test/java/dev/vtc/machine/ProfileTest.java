package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.kv.SequencePages;
import dev.vtc.program.Instruction;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;
import dev.vtc.tensor.DType;
import dev.vtc.testing.Replay;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyArchitecture;
import dev.vtc.testing.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that are measured, on every machine. */
public class ProfileTest {
  private static final Limits LIMITS = new Limits(64, 64, 1, 600);

  /** On an emulated CPU, some hundred times slower, a third of it all. */
  private static final boolean BRIEF = Boolean.getBoolean("vtc.brief");

  private static final int[] THREADS = BRIEF ? new int[] {1, 2} : new int[] {1, 2, 3};

  /**
   * Clocks are compared over 60 ms, and read at either end within a fraction of a microsecond; a
   * thread that is descheduled just between two readings, twenty times in a row, is not expected.
   */
  private static final double CLOCKS = 1.001;

  /**
   * Of the wall time of a step on one thread, what must lie between the first and the last reading
   * of the clock, in the step that was disturbed least: all but the native calls and the way there,
   * a microsecond or two, where a step of 64 tokens takes a hundred times as long. Of several
   * threads the caller waits for the others to wake up and to leave, which takes what it takes.
   */
  private static final double SHARE = 0.5;

  @TempDir Path folder;

  private Path blocks() {
    return TinyModel.of(TinyModel.BLOCKS, 3).write(folder.resolve("blocks"));
  }

  @Test
  void resultsAreTheSameToTheLastBit() {
    List<Path> all =
        List.of(
            blocks(),
            TinyModel.of(TinyModel.ODD_DENSE, 4).write(folder.resolve("dense")),
            Objects.requireNonNull(TinyArchitecture.all().get("qwen3moe"))
                .write(folder.resolve("moe"), DType.F16));
    for (Path file : BRIEF ? all.subList(0, 1) : all) {
      try (Rig.Loaded model = Rig.load(file, KvType.F16)) {
        Program program = model.program();
        int[] prompt = Replay.prompt(8, 70, program.vocabulary());
        for (Machine machine : Rig.machines("measured " + file.getFileName())) {
          for (int threads : THREADS) {
            try (Rig plain = new Rig(model, machine, threads, LIMITS);
                Rig measured = rig(model, machine, new Profile(program, threads))) {
              for (int chunk : new int[] {1, 64}) {
                assertThat(Replay.hash(measured, prompt, chunk, 0))
                    .as("%s, %d threads, chunks of %d", machine.name(), threads, chunk)
                    .isEqualTo(Replay.hash(plain, prompt, chunk, 0));
              }
            }
          }
        }
      }
    }
  }

  private static Rig rig(Rig.Loaded model, Machine machine, Profile profile) {
    return new Rig(model.weights(), model.program(), machine, profile.threads(), LIMITS, profile);
  }

  /** Steps of so many tokens, each from position 0; the action hears what {@code run} took. */
  private static void steps(
      Rig rig, int vocabulary, int count, int tokens, int wantedFrom, LongConsumer nanos) {
    int[] prompt = Replay.prompt(9, tokens, vocabulary);
    Step step = new Step(LIMITS);
    try (SequencePages pages = new SequencePages(rig.pool())) {
      pages.reserve(0, tokens);
      step.add(prompt, 0, tokens, 0, pages, wantedFrom);
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        rig.executable().run(step);
        nanos.accept(System.nanoTime() - start);
      }
    }
  }

  @Test
  void timesAddUpToTheStep() {
    int count = 30;
    try (Rig.Loaded model = Rig.load(blocks(), KvType.F16)) {
      Program program = model.program();
      for (Machine machine : Rig.machines("times")) {
        for (int threads : THREADS) {
          Profile profile = new Profile(program, threads);
          try (Rig rig = rig(model, machine, profile)) {
            double[] best = {0};
            steps(
                rig,
                program.vocabulary(),
                count,
                64,
                0,
                wall -> {
                  best[0] = Math.max(best[0], withinTheStep(profile, wall, machine) / wall);
                  everyInstructionIsClaimed(profile, machine);
                  profile.clear();
                });
            if (threads == 1) {
              assertThat(best[0]).as(machine.name()).isGreaterThan(SHARE);
            }
          }
        }
      }
    }
  }

  /** The time of thread 0. */
  private static double withinTheStep(Profile profile, long wall, Machine machine) {
    for (int t = 0; t < profile.threads(); t++) {
      assertThat(sum(profile, t))
          .as("%s, thread %d of %d", machine.name(), t, profile.threads())
          .isGreaterThan(0)
          .isLessThan(wall * CLOCKS);
    }
    return sum(profile, 0);
  }

  private static double sum(Profile profile, int thread) {
    double sum = 0;
    for (int i = 0; i < profile.program().instructions().size(); i++) {
      assertThat(profile.workNanos(thread, i)).isNotNegative();
      assertThat(profile.waitNanos(thread, i)).isNotNegative();
      sum += profile.workNanos(thread, i) + profile.waitNanos(thread, i);
    }
    return sum;
  }

  private static void everyInstructionIsClaimed(Profile profile, Machine machine) {
    for (int i = 0; i < profile.program().instructions().size(); i++) {
      long claims = 0;
      double work = 0;
      for (int t = 0; t < profile.threads(); t++) {
        claims += profile.claims(t, i);
        work += profile.workNanos(t, i);
      }
      Instruction instruction = profile.program().instructions().get(i);
      assertThat(claims).as("%s: %s", machine.name(), instruction).isPositive();
      assertThat(work).as("%s: %s", machine.name(), instruction).isPositive();
    }
  }

  /** No token's logits are wanted: what makes them has no units, and everything else has. */
  @Test
  void whatHasNoUnitsIsNotClaimed() {
    try (Rig.Loaded model = Rig.load(blocks(), KvType.F16)) {
      Program program = model.program();
      int all = program.instructions().size();
      for (Machine machine : Rig.machines("claims")) {
        Profile profile = new Profile(program, 2);
        try (Rig rig = rig(model, machine, profile)) {
          steps(rig, program.vocabulary(), 1, 5, 5, _ -> {});
          for (int i = 0; i < all; i++) {
            Instruction instruction = program.instructions().get(i);
            boolean wanted =
                instruction.writes().stream()
                    .allMatch(b -> b.rows() == dev.vtc.program.Buffer.Rows.WANTED);
            boolean claimed = profile.claims(0, i) + profile.claims(1, i) > 0;
            assertThat(claimed).as("%s: %s", machine.name(), instruction).isEqualTo(!wanted);
          }
          profile.clear();
          assertThat(sum(profile, 0)).isZero();
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Path other = TinyModel.of(TinyModel.ODD_DENSE, 4).write(folder.resolve("dense"));
    try (Rig.Loaded model = Rig.load(blocks(), KvType.F16);
        Rig.Loaded another = Rig.load(other, KvType.F16);
        ThreadTeam team = new ThreadTeam(2)) {
      for (Machine machine : Rig.machines("refusals")) {
        assertThatThrownBy(() -> compile(model, machine, team, new Profile(another.program(), 2)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("A profile of another program.");
        assertThatThrownBy(() -> compile(model, machine, team, new Profile(model.program(), 3)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("A profile of 3 threads in an executable of 2.");
        Profile profile = new Profile(model.program(), 2);
        assertThatThrownBy(() -> profile.workNanos(0, 0)).isInstanceOf(IllegalStateException.class);
        compile(model, machine, team, profile);
        assertThatThrownBy(() -> compile(model, machine, team, profile))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("Another executable writes to this profile.");
      }
      assertThatThrownBy(() -> new Profile(model.program(), 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void compile(Rig.Loaded model, Machine machine, ThreadTeam team, Profile profile) {
    machine.compile(model.program(), model.weights(), LIMITS, team, profile).close();
  }
}
