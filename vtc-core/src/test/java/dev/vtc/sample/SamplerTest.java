package dev.vtc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final SamplingOptions PLAIN =
      new SamplingOptions(1, 0, 1, 0, 1, 0, 0, 64, Map.of(), 1, -1);

  private static Candidates candidates(int top, float... logits) {
    Candidates c = new Candidates(logits.length, top);
    c.selectFrom(MemorySegment.ofArray(logits));
    return c;
  }

  @Test
  void theGeneratorIsJavasL64X128MixRandom() {
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, 0x6a09e667f3bcc909L, 20261122}) {
      RandomGenerator expected = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      L64X128Mix actual = new L64X128Mix(seed);
      for (int i = 0; i < 1000; i++) {
        if (i % 2 == 0) {
          assertThat(actual.nextLong()).isEqualTo(expected.nextLong());
        } else {
          assertThat(actual.nextDouble()).isEqualTo(expected.nextDouble());
        }
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked") // the types are those of the golden file
  void agreesWithThePythonReference() throws IOException {
    List<Map<String, Object>> cases =
        (List<Map<String, Object>>) TestJson.resource(SamplerTest.class, "sampling.json");
    assertThat(cases).hasSizeGreaterThan(100);
    for (int number = 0; number < cases.size(); number++) {
      Map<String, Object> c = cases.get(number);
      Map<String, Object> o = TestJson.<Map<String, Object>>get(c, "options");
      Map<String, Object> expect = TestJson.<Map<String, Object>>get(c, "expect");
      float[] logits = floats(TestJson.<List<Double>>get(c, "logits"));
      Map<Integer, Double> bias = new HashMap<>();
      TestJson.<Map<String, Double>>get(o, "bias")
          .forEach((k, v) -> bias.put(Integer.valueOf(k), v));
      SamplingOptions options =
          new SamplingOptions(
              TestJson.<Double>get(o, "temperature"),
              TestJson.<Long>get(o, "top_k").intValue(),
              TestJson.<Double>get(o, "top_p"),
              TestJson.<Double>get(o, "min_p"),
              TestJson.<Double>get(o, "repetition"),
              TestJson.<Double>get(o, "frequency"),
              TestJson.<Double>get(o, "presence"),
              TestJson.<Long>get(o, "repeat_last_n").intValue(),
              bias,
              7,
              5);
      for (int top : new int[] {1, 8, 64, 100}) {
        String what = "case " + number + " with " + top + " ranked candidates";
        Candidates candidates = candidates(top, logits);
        Sampler greedy = new Sampler(options.withTemperature(0), logits.length);
        Sampler sampler = new Sampler(options, logits.length);
        for (Long token : TestJson.<List<Long>>get(c, "history")) {
          greedy.accept(token.intValue());
          sampler.accept(token.intValue());
        }
        assertThat(greedy.sample(candidates))
            .as(what)
            .isEqualTo(TestJson.<Long>get(expect, "best").intValue());

        sampler.filter(candidates);
        sampler.drawFiltered();
        List<Long> kept = TestJson.<List<Long>>get(expect, "kept");
        List<Double> probabilities = TestJson.<List<Double>>get(expect, "probabilities");
        assertThat(sampler.keptCount()).as(what).isEqualTo(kept.size());
        for (int rank = 0; rank < kept.size(); rank++) {
          assertThat(sampler.keptId(rank)).as(what).isEqualTo(kept.get(rank).intValue());
          // 90 additions and a quotient in double: relative error below 100 · 2^-53
          double p = probabilities.get(rank);
          assertThat(sampler.keptProbability(rank))
              .as(what)
              .isCloseTo(p, within(100 * Math.ulp(p)));
        }

        int chosen = sampler.sample(candidates);
        double normalizer = TestJson.<Double>get(expect, "log_normalizer");
        assertThat(kept).as(what).contains((long) chosen);
        assertThat(sampler.chosenLogprob())
            .as(what)
            .isCloseTo(logits[chosen] - normalizer, within(1e-13));
        List<TokenLogprob> best = sampler.topLogprobs();
        assertThat(best).as(what).hasSize(Math.min(5, logits.length));
        for (TokenLogprob t : best) {
          assertThat(t.logprob()).as(what).isCloseTo(logits[t.id()] - normalizer, within(1e-13));
        }
        assertThat(best)
            .as(what)
            .isSortedAccordingTo((x, y) -> Double.compare(y.logprob(), x.logprob()));
      }
    }
  }

  private static float[] floats(List<Double> list) {
    float[] f = new float[list.size()];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) (double) list.get(i);
    }
    return f;
  }

  @Test
  void theRankedListAndAllLogitsGiveTheSameTokens() {
    long seed = 0x5eed_1234L;
    System.out.println("SamplerTest seed " + seed);
    SplittableRandom rnd = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      int size = 2 + rnd.nextInt(700);
      SamplingOptions options =
          new SamplingOptions(
              rnd.nextInt(5) == 0 ? 0 : 0.2 + 2 * rnd.nextDouble(),
              rnd.nextBoolean() ? rnd.nextInt(80) : 0,
              rnd.nextBoolean() ? 1 : 0.01 + 0.98 * rnd.nextDouble(),
              rnd.nextBoolean() ? 0 : rnd.nextDouble(),
              rnd.nextBoolean() ? 1 : 0.5 + rnd.nextDouble() * 1.5,
              rnd.nextBoolean() ? 0 : rnd.nextDouble() - 0.3,
              rnd.nextBoolean() ? 0 : rnd.nextDouble() - 0.3,
              rnd.nextInt(60) - 1,
              rnd.nextBoolean() ? Map.of() : Map.of(rnd.nextInt(size), rnd.nextDouble() * 20 - 10),
              rnd.nextLong(),
              -1);
      int[] tops = {size, 64, 1};
      Sampler[] samplers = new Sampler[tops.length];
      Candidates[] lists = new Candidates[tops.length];
      for (int v = 0; v < tops.length; v++) {
        samplers[v] = new Sampler(options, size);
        lists[v] = new Candidates(size, tops[v]);
      }
      float[] logits = new float[size];
      for (int step = 0; step < 20; step++) {
        boolean ties = rnd.nextBoolean();
        for (int i = 0; i < size; i++) {
          float l = (float) (rnd.nextDouble() * 12 - 6);
          logits[i] = ties ? Math.round(l) : l;
        }
        int expected = -1;
        for (int v = 0; v < tops.length; v++) {
          lists[v].selectFrom(MemorySegment.ofArray(logits));
          int token = samplers[v].sample(lists[v]);
          samplers[v].accept(token);
          expected = v == 0 ? token : expected;
          assertThat(token)
              .as("round %d step %d top %d %s", round, step, tops[v], options)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void drawsFollowTheProbabilities() {
    // Pearson's statistic over 8 classes: mean 7; P(chi2_7 > 40.5) < 1e-6. The seed is fixed, so
    // the result is too.
    float[] logits = {1.5f, 0.5f, -0.5f, 2, 0, 1, -1, 0.25f};
    int draws = 200_000;
    for (int topK : new int[] {0, 8, 5}) {
      for (double temperature : new double[] {0.5, 1, 2}) {
        long seed = 99L + topK;
        Sampler sampler =
            new Sampler(
                PLAIN.withTemperature(temperature).withTopK(topK).withSeed(seed), logits.length);
        Candidates c = candidates(6, logits);
        int[] counts = new int[logits.length];
        for (int i = 0; i < draws; i++) {
          counts[sampler.sample(c)]++;
        }
        double z = 0;
        float cut = topK == 5 ? 0.25f : -10;
        for (float l : logits) {
          z += l >= cut ? Math.exp(l / temperature) : 0;
        }
        double statistic = 0;
        for (int i = 0; i < logits.length; i++) {
          double expected = logits[i] >= cut ? draws * Math.exp(logits[i] / temperature) / z : 0;
          if (expected == 0) {
            assertThat(counts[i]).isZero();
          } else {
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
          }
        }
        assertThat(statistic)
            .as("seed %d, top-k %d, T %s", seed, topK, temperature)
            .isLessThan(40.5);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameTokens() {
    float[] logits = new float[1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) ((i * 7919 % 1000) / 250.0);
    }
    int[][] runs = new int[3][50];
    for (int run = 0; run < 3; run++) {
      Sampler sampler = new Sampler(PLAIN.withSeed(run == 2 ? 6 : 5), logits.length);
      Candidates c = candidates(64, logits);
      Arrays.setAll(runs[run], i -> sampler.sample(c));
    }
    assertThat(runs[1]).isEqualTo(runs[0]);
    assertThat(runs[2]).isNotEqualTo(runs[0]);
  }

  @Test
  void equalLogitsPreferTheSmallerId() {
    assertThat(new Sampler(SamplingOptions.greedy(), 5).sample(candidates(3, 1, 7, 7, 7, 2)))
        .isEqualTo(1);
    Sampler sampler = new Sampler(PLAIN.withTopK(2), 5);
    sampler.filter(candidates(3, 7, 1, 7, 7, 2));
    assertThat(sampler.keptId(0)).isEqualTo(0);
    assertThat(sampler.keptId(1)).isEqualTo(2);
    // the penalty drops token 0 to a tie with 1 and 2
    Sampler penalised =
        new Sampler(SamplingOptions.greedy().withPresencePenalty(1).withRepeatLastN(2), 3);
    penalised.accept(0);
    penalised.accept(2);
    assertThat(penalised.sample(candidates(1, 7, 6, 7))).isEqualTo(0);
  }

  @Test
  void minusInfinityForbidsAToken() {
    float no = Float.NEGATIVE_INFINITY;
    for (SamplingOptions o :
        List.of(
            PLAIN,
            PLAIN.withTopK(3),
            PLAIN.withTopP(0.9),
            PLAIN.withMinP(0.1),
            SamplingOptions.greedy())) {
      for (int top : new int[] {1, 2, 4}) {
        assertThat(new Sampler(o, 4).sample(candidates(top, no, no, -3, no))).isEqualTo(2);
        SamplingOptions biased =
            o.withLogitBias(
                Map.of(
                    0,
                    Double.NEGATIVE_INFINITY,
                    1,
                    Double.NEGATIVE_INFINITY,
                    3,
                    Double.NEGATIVE_INFINITY));
        assertThat(new Sampler(biased, 4).sample(candidates(top, 9, 8, -3, 7))).isEqualTo(2);
        assertThatThrownBy(() -> new Sampler(o, 4).sample(candidates(top, no, no, no, no)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("forbidden");
      }
    }
  }

  @Test
  void notANumberIsAnErrorAndNotAToken() {
    assertThatThrownBy(() -> candidates(2, 1, Float.NaN, 2)).hasMessageContaining("token 1 is NaN");
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Candidates c = new Candidates(3, 1); // as an engine would deliver it that does not check
      c.set(
          MemorySegment.ofArray(new float[] {1, 2, bad}),
          MemorySegment.ofArray(new int[] {2}),
          MemorySegment.ofArray(new float[] {bad}),
          1);
      for (SamplingOptions o :
          List.of(
              PLAIN,
              PLAIN.withTopK(1),
              PLAIN.withTopP(0.5),
              PLAIN.withMinP(0.1),
              SamplingOptions.greedy())) {
        assertThatThrownBy(() -> new Sampler(o, 3).sample(c))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("token 2");
      }
    }
  }

  @Test
  void onlyTheLastTokensArePenalised() {
    SamplingOptions o = SamplingOptions.greedy().withFrequencyPenalty(1).withRepeatLastN(3);
    Sampler sampler = new Sampler(o, 3);
    for (int token : new int[] {0, 0, 0, 1, 2}) {
      sampler.accept(token);
    }
    // window: 0, 1, 2, each once: 4 − 1, 3.5 − 1, 1 − 1
    assertThat(sampler.sample(candidates(1, 4, 3.5f, 1))).isEqualTo(0);
    sampler.accept(0);
    sampler.accept(0); // window: 2, 0, 0
    assertThat(sampler.sample(candidates(1, 4, 3.5f, 1))).isEqualTo(1);
    sampler.clearHistory();
    assertThat(sampler.sample(candidates(1, 4, 3.5f, 1))).isEqualTo(0);
  }

  @Test
  void samplingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int size = 5003;
    float[][] rows = new float[16][size];
    SplittableRandom rnd = new SplittableRandom(3);
    for (float[] row : rows) {
      for (int i = 0; i < size; i++) {
        row[i] = (float) (rnd.nextDouble() * 20);
      }
    }
    MemorySegment[] segments =
        Arrays.stream(rows).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
    Map<Integer, Double> bias = Map.of(3, 1.0, 77, -2.0);
    for (SamplingOptions o :
        List.of(
            SamplingOptions.greedy(),
            SamplingOptions.defaults(),
            SamplingOptions.defaults().withRepetitionPenalty(1.1).withLogitBias(bias),
            PLAIN,
            PLAIN.withTopP(0.9).withTopLogprobs(3),
            PLAIN.withMinP(0.3))) {
      Sampler sampler = new Sampler(o, size);
      Candidates c = new Candidates(size, 64);
      for (int i = 0; i < 3000; i++) { // warm: the compiler and the arrays
        c.selectFrom(segments[i % 16]);
        sampler.accept(sampler.sample(c));
      }
      long least = Long.MAX_VALUE;
      for (int attempt = 0;
          attempt < 5;
          attempt++) { // a compilation in between may allocate on this thread
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          c.selectFrom(segments[i % 16]);
          sampler.accept(sampler.sample(c));
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes for 100 tokens, %s", o).isZero();
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> PLAIN.withTemperature(-1))
        .hasMessage("The temperature is -1.0, but must be 0 or larger.");
    assertThatThrownBy(() -> PLAIN.withTemperature(Double.NaN)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> PLAIN.withTopK(-1)).hasMessageContaining("top-k is -1");
    assertThatThrownBy(() -> PLAIN.withTopP(0)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> PLAIN.withTopP(1.01)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> PLAIN.withMinP(-0.1)).hasMessageContaining("min-p");
    assertThatThrownBy(() -> PLAIN.withRepetitionPenalty(0)).hasMessageContaining("repetition");
    assertThatThrownBy(() -> PLAIN.withFrequencyPenalty(Double.NaN))
        .hasMessageContaining("frequency");
    assertThatThrownBy(() -> PLAIN.withPresencePenalty(Double.NaN))
        .hasMessageContaining("presence");
    assertThatThrownBy(() -> PLAIN.withRepeatLastN(-2)).hasMessageContaining("repeat-last-n");
    assertThatThrownBy(() -> PLAIN.withRepeatLastN(Integer.MAX_VALUE))
        .hasMessageContaining("repeat-last-n");
    assertThatThrownBy(() -> PLAIN.withTopLogprobs(65)).hasMessageContaining("log-prob");
    assertThatThrownBy(() -> PLAIN.withLogitBias(Map.of(-1, 1.0))).hasMessageContaining("bias");
    assertThatThrownBy(() -> PLAIN.withLogitBias(Map.of(1, Double.NaN)))
        .hasMessageContaining("bias");
    assertThatThrownBy(() -> new Sampler(PLAIN.withLogitBias(Map.of(9, 1.0)), 9))
        .hasMessage("A logit bias names token 9, but the vocabulary has 9 tokens.");
    assertThatThrownBy(() -> new Sampler(PLAIN, 9).sample(candidates(1, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
