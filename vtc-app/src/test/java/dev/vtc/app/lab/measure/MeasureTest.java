package dev.vtc.app.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.Token;
import dev.vtc.app.TinyModels;
import dev.vtc.machine.lanes.LaneMachine;
import dev.vtc.machine.lanes.PlainProducts.Kind;
import dev.vtc.program.Program;
import dev.vtc.sample.SamplingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lab measures is what it says, on a model of a few kilobytes. */
class MeasureTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  private Model open(int threads) throws IOException {
    return Model.open(
        TinyModels.gguf(folder.resolve("tiny.gguf")),
        ModelOptions.defaults()
            .withThreads(threads)
            .withContext(300)
            .withCache(folder.resolve("cache")));
  }

  /** Steps without the engine, measured or not, choose the tokens that a session chooses. */
  @Test
  void tokensAreThoseOfASession() throws IOException {
    try (Model model = open(2);
        MeasuredModel measured = new MeasuredModel(model, 3, 300)) {
      int[] prompt = StepTimes.ids(measured, 3);
      List<Integer> expected = new ArrayList<>();
      GenerationOptions options =
          GenerationOptions.defaults()
              .withMaxTokens(30)
              .withSampling(SamplingOptions.greedy())
              .withIgnoreEnd(true);
      try (Session session = model.newSession();
          Generation generation = session.generate(prompt, options)) {
        for (Token token : generation) {
          if (token.id() >= 0) { // not text that was held back
            expected.add(token.id());
          }
        }
      }
      assertThat(expected).hasSize(30);
      for (boolean measure : new boolean[] {false, true}) {
        List<Integer> actual = new ArrayList<>();
        var _ = measured.run(measure, prompt, 0);
        for (int i = 0; i < 30; i++) {
          actual.add(measured.best(measure));
          var _ = measured.run(measure, new int[] {actual.getLast()}, 3 + i);
        }
        assertThat(actual).isEqualTo(expected);
      }
    }
  }

  @Test
  void latencyCountsEveryTokenAndSplitsItsTime() throws IOException {
    try (Model model = open(2);
        MeasuredModel measured = new MeasuredModel(model, 5, 300)) {
      Latency latency = new Latency(measured, 5, 40);
      assertThat(latency.summary().rows()).isEmpty();
      assertThat(latency.parts().rows()).isEmpty();
      assertThat(latency.tokens().rows()).isEmpty();
      int[] told = {0};
      for (int r = 0; r < 3; r++) {
        latency.run(() -> true, () -> told[0]++);
        latency.split(() -> true, () -> told[0]++);
      }
      assertThat(told[0]).isEqualTo(2 * 3 * 40);
      assertThat(latency.summary().rows().getFirst().getFirst()).isEqualTo(3 * 40);
      assertThat(latency.tokens().rows()).hasSize(40);
      List<?> first = latency.tokens().rows().getFirst();
      assertThat(first.subList(0, 2)).isEqualTo(List.of(0, 4));
      double share = 0;
      for (List<?> row : latency.parts().rows()) {
        assertThat((Double) row.get(1)).as("%s", row).isNotNegative();
        share += (Double) row.get(2);
      }
      assertThat(share).isCloseTo(100, within(1e-9)); // rounding of doubles alone
      assertThat(latency.plot("l").series()).hasSize(2);
      assertThat(latency.splitPlot("s").series()).hasSize(5);
    }
  }

  /** What was begun counts only if there is nothing else. */
  @Test
  void aStoppedRunCountsIfItIsTheFirst() throws IOException {
    try (Model model = open(1);
        MeasuredModel measured = new MeasuredModel(model, 1, 300)) {
      Latency latency = new Latency(measured, 1, 10);
      int[] left = {4};
      latency.run(() -> left[0]-- > 0, () -> {});
      assertThat(latency.tokens().rows()).hasSize(4);
      latency.run(() -> false, () -> {});
      left[0] = 3;
      latency.run(() -> left[0]-- > 0, () -> {});
      assertThat(latency.summary().rows().getFirst().getFirst()).isEqualTo(4);
    }
  }

  /** Bytes and operations are those that the listing adds up, by another way. */
  @Test
  void whatIsPlacedAddsUpToTheListing() throws IOException {
    try (Model model = open(2);
        MeasuredModel measured = new MeasuredModel(model, 20, 300)) {
      Program program = measured.program();
      for (int[] shape : new int[][] {{1, 17}, {20, 0}}) {
        StepTimes times = StepTimes.measure(measured, shape[0], shape[1], 5, () -> true, () -> {});
        assertThat(Objects.requireNonNull(times).steps()).isEqualTo(5);
        Roofs roofs = new Roofs(10e9, 1e12, 1e11, Map.of());
        List<Placed> placed = Placed.of("decode", program, times, roofs);
        List<Placed> groups = Placed.grouped(placed);
        assertThat(placed).hasSameSizeAs(program.instructions());
        assertThat(groups.size()).isLessThan(placed.size());
        String[] total =
            program
                .listing(shape[0], shape[1])
                .lines()
                .filter(l -> l.contains(" total "))
                .findFirst()
                .orElseThrow()
                .strip()
                .split("\\s+", -1);
        for (List<Placed> list : List.of(placed, groups)) {
          assertThat(list.stream().mapToLong(Placed::bytes).sum()).isEqualTo(number(total[1]));
          assertThat(list.stream().mapToLong(Placed::operations).sum()).isEqualTo(number(total[2]));
          assertThat(list.stream().mapToInt(Placed::count).sum()).isEqualTo(placed.size());
        }
        for (Placed p : placed) {
          assertThat(p.nanos()).as(p.instruction()).isPositive();
          assertThat(p.waiting()).as(p.instruction()).isBetween(0.0, p.nanos());
        }
      }
      assertThat(StepTimes.measure(measured, 1, 0, 5, () -> false, () -> {})).isNull();
    }
  }

  private static long number(String text) {
    return Long.parseLong(text.replaceAll("\\D", ""));
  }

  @Test
  void theRoofIsTheNearerOfBytesAndOperations() {
    Roofs roofs = new Roofs(10e9, 1e12, 1e11, Map.of());
    assertThat(roofs.nanos(1000, 1, true)).isEqualTo(100.0); // 10 bytes a nanosecond
    assertThat(roofs.nanos(1000, 200_000, true)).isEqualTo(200.0); // 1000 operations
    assertThat(roofs.nanos(1000, 200_000, false)).isEqualTo(2000.0); // 100 operations
  }

  @Test
  void levelsAreReadWhereTheWorkingSetLies() {
    Map<Integer, Long> caches = Map.of(1, 48 * KIB, 2, 2 * MIB, 3, 32 * MIB);
    List<Ceilings.Reading> readings = new ArrayList<>();
    for (long size = 16 * KIB; size <= 256 * MIB; size *= 2) {
      double rate = size <= 24 * KIB ? 400e9 : size <= MIB ? 200e9 : size <= 8 * MIB ? 60e9 : 20e9;
      readings.add(new Ceilings.Reading(2, true, size, -1, rate, false));
      readings.add(new Ceilings.Reading(2, false, size, 0, 2 * rate, false));
      readings.add(new Ceilings.Reading(1, true, size, -1, 3 * rate, false));
    }
    List<Ceilings.Peak> peaks =
        List.of(new Ceilings.Peak(Kind.INT8, 2, 3e12), new Ceilings.Peak(Kind.F32, 2, 4e11));
    Roofs roofs = Roofs.of(2, 19e9, readings, peaks, new java.util.TreeMap<>(caches));
    assertThat(roofs.levels())
        .containsExactlyEntriesOf(
            new java.util.TreeMap<>(Map.of("L1", 400e9, "L2", 200e9, "L3", 60e9)));
    assertThat(roofs.int8()).isEqualTo(3e12);
    assertThat(roofs.f32()).isEqualTo(4e11);
    assertThatThrownBy(() -> Roofs.of(3, 19e9, readings, peaks, caches))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Roofline.readingPlot(readings).series()).hasSize(3);
  }

  @Test
  void sizesOfCachesAreRead() {
    assertThat(Caches.bytes("48K")).isEqualTo(48 * KIB);
    assertThat(Caches.bytes("2M")).isEqualTo(2 * MIB);
    assertThat(Caches.bytes("512")).isEqualTo(512);
    assertThatThrownBy(() -> Caches.bytes("")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void threadsAndWorkingSets() {
    assertThat(Ceilings.threadCounts(1)).containsExactly(1);
    assertThat(Ceilings.threadCounts(2)).containsExactly(1, 2);
    assertThat(Ceilings.threadCounts(6)).containsExactly(1, 2, 4, 6);
    assertThat(Ceilings.workingSets(64 * KIB, 1)).containsExactly(16 * KIB, 32 * KIB, 64 * KIB);
  }

  /** The measuring itself, for an instant. */
  @Test
  void ceilingsAreMeasured() throws IOException {
    try (Model model = open(1)) {
      assumeTrue(
          MeasuredModel.machine(model.machine()) instanceof LaneMachine,
          "no machine code is emitted for this CPU");
      LaneMachine machine = (LaneMachine) MeasuredModel.machine(model.machine());
      try (Ceilings ceilings = new Ceilings(machine, 100_000)) {
        List<Long> sizes = List.of(16 * KIB, 256 * KIB);
        for (boolean huge : new boolean[] {false, true}) {
          List<Ceilings.Reading> readings = ceilings.read(huge, 2, sizes, () -> true, () -> {});
          assertThat(readings).hasSize(4);
          for (Ceilings.Reading r : readings) {
            // From a kilobyte to a hundred terabytes a second.
            assertThat(r.bytesPerSecond()).isBetween(1e3, 1e14);
            assertThat(r.hugePages()).isEqualTo(huge);
            if (!huge) {
              assertThat(r.hugeBytes()).isLessThanOrEqualTo(0);
            }
          }
        }
        assertThat(ceilings.read(true, 2, sizes, () -> false, () -> {})).isEmpty();
        for (Kind kind : Kind.values()) {
          assertThat(ceilings.peak(kind, 2).operationsPerSecond()).isBetween(1e6, 1e15);
        }
      }
    }
  }
}
