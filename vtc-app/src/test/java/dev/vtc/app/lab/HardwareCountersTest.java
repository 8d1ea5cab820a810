package dev.vtc.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HardwareCountersTest {
  /**
   * Lines that perf 6.1 wrote: in a virtual machine without counters, and numbers in their place.
   */
  @Test
  void readsWhatPerfWrites() {
    assertThat(
            HardwareCounters.parsed(
                List.of(
                    "<not supported>,,cache-misses,0,100.00,,",
                    "<not counted>,,page-faults,0,100.00,,",
                    "")))
        .isEmpty();
    assertThat(
            HardwareCounters.parsed(
                List.of(
                    "103,,page-faults,1149981,100.00,,",
                    "12345678901,,cache-misses:u,1149981,75.00,,",
                    "# started on Thu")))
        .isEqualTo(Map.of("page-faults", 103L, "cache-misses", 12345678901L));
  }

  @Test
  void countsTheWorkOfThisProcess() throws Exception {
    int pages = 3000;
    Map<String, Long> counts;
    try {
      counts =
          HardwareCounters.counts(
              List.of("page-faults"),
              () -> {
                try (Arena arena = Arena.ofConfined()) {
                  var _ = arena.allocate(4096L * pages); // filled with zeros
                }
              });
    } catch (IOException e) {
      assumeTrue(false, "perf cannot be started: " + e.getMessage());
      return;
    }
    assumeTrue(!counts.isEmpty(), "perf may not count here, not even page faults");
    // A page may be larger than 4 KiB: then there are fewer faults, but some.
    assertThat(counts.get("page-faults")).isPositive();
  }

  @Test
  void whatDoesNotWorkIsSaidInASentence() throws Exception {
    HardwareCounters counters = new HardwareCounters();
    if (counters.work()) {
      assertThat(counters.problem()).isEmpty();
      assertThat(counters.count(() -> {})).containsKeys(HardwareCounters.CACHE_MISSES);
    } else {
      assertThat(counters.problem()).contains("perf").endsWith(".");
    }
  }
}
