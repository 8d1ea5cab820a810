package dev.vtc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static float[] tileMax(float[] logits) {
    float[] max = new float[Math.ceilDiv(logits.length, 64)];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < logits.length; i++) {
      float x = Float.isFinite(logits[i]) ? logits[i] : Float.NaN;
      max[i / 64] = Math.max(max[i / 64], x);
    }
    return max;
  }

  /** With tiles and without them: the same list, ties (many here) in order of id. */
  @Test
  void tilesChangeNothing() {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println("tiles: -Dvtc.seed=" + seed);
    Random random = new Random(seed);
    for (int n : new int[] {1, 63, 64, 65, 1000, 4097}) {
      for (int top : new int[] {1, 5, 64, 200}) {
        for (int values : new int[] {1, 3, 50, 1 << 20}) {
          float[] logits = new float[n];
          for (int i = 0; i < n; i++) {
            logits[i] = random.nextInt(values) - values / 2;
          }
          Candidates plain = new Candidates(n, top);
          Candidates tiled = new Candidates(n, top);
          plain.selectFrom(MemorySegment.ofArray(logits));
          tiled.selectFrom(MemorySegment.ofArray(logits), MemorySegment.ofArray(tileMax(logits)));
          assertThat(tiled.topCount()).isEqualTo(plain.topCount()).isEqualTo(Math.min(n, top));
          for (int i = 0; i < plain.topCount(); i++) {
            assertThat(tiled.topId(i)).isEqualTo(plain.topId(i));
            assertThat(tiled.topLogit(i)).isEqualTo(plain.topLogit(i));
          }
        }
      }
    }
  }

  @Test
  void aLogitThatIsNoNumberIsAnError() {
    float[] logits = new float[130];
    logits[129] = Float.NaN;
    Candidates c = new Candidates(130, 4);
    assertThatThrownBy(() ->
            c.selectFrom(MemorySegment.ofArray(logits), MemorySegment.ofArray(tileMax(logits))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("token 128");
  }
}
