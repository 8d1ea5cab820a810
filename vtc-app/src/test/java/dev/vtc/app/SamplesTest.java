package dev.vtc.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
  /** The expected values are numpy's: {@code numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], q)}. */
  @Test
  void quantilesAreThoseOfNumpy() {
    Samples s = new Samples(3, 1, 4, 1, 5, 9, 2, 6);
    assertThat(s.median()).isEqualTo(3.5);
    assertThat(s.quantile(0.25)).isEqualTo(1.75);
    assertThat(s.quantile(0.95)).isCloseTo(7.95, within());
    assertThat(s.quantile(0.99)).isCloseTo(8.79, within());
    assertThat(s.min()).isEqualTo(1);
    assertThat(s.max()).isEqualTo(9);
    assertThat(s.count()).isEqualTo(8);
    assertThat(s.map())
        .containsEntry("runs", java.util.List.of(3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0));
  }

  @Test
  void oneSampleIsEveryQuantileAndNoneIsRefused() {
    assertThat(new Samples(7).quantile(0.99)).isEqualTo(7);
    assertThatThrownBy(Samples::new).isInstanceOf(IllegalArgumentException.class);
  }

  /** The interpolation rounds three times, each by half an ulp of at most 9. */
  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(3 * Math.ulp(9.0));
  }
}
