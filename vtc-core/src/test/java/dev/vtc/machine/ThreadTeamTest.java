package dev.vtc.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadTeamTest {
  @Test
  void everyThreadRunsEveryTaskOnce() {
    // More threads than most machines have cores.
    try (ThreadTeam team = new ThreadTeam(9)) {
      assertThat(team.threads()).isEqualTo(9);
      AtomicIntegerArray runs = new AtomicIntegerArray(9);
      for (int i = 0; i < 50; i++) {
        team.run(runs::incrementAndGet);
      }
      for (int t = 0; t < 9; t++) {
        assertThat(runs.get(t)).isEqualTo(50);
      }
    }
  }

  @Test
  void aFailureIsThrownAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      for (int failing = 0; failing < 3; failing++) {
        int f = failing;
        assertThatThrownBy(() ->
                team.run(t -> {
                  if (t == f) {
                    throw new IllegalArgumentException("thread " + t);
                  }
                }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("thread " + failing);
        AtomicInteger after = new AtomicInteger();
        team.run(t -> after.incrementAndGet());
        assertThat(after).hasValue(3);
      }
    }
  }

  @Test
  void aClosedTeamRefuses() {
    ThreadTeam team = new ThreadTeam(2);
    team.close();
    assertThatThrownBy(() -> team.run(t -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new ThreadTeam(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
