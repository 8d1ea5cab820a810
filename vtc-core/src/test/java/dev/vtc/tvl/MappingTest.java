package dev.vtc.tvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingTest {
  private static final int BYTES = (70 << 20) + 12_345;

  @TempDir Path folder;

  private Path file(Random random) throws IOException {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Files.write(folder.resolve("data"), bytes);
  }

  private static void linuxOnly() {
    assumeTrue(LinuxMemory.AVAILABLE, "Huge pages are asked for on Linux only.");
  }

  @Test
  void everyWayHasTheSameBytes() throws IOException {
    Path file = file(TestTensors.seeded("mapping"));
    try (Mapping plain = Mapping.ofFile(file, BYTES, Pages.FILE)) {
      assertThat(plain.pages()).isEqualTo(Pages.FILE);
      for (Pages pages : Pages.values()) {
        try (Mapping m = Mapping.ofFile(file, BYTES, pages)) {
          assertThat(m.bytes().byteSize()).isEqualTo(BYTES);
          assertThat(m.bytes().mismatch(plain.bytes())).isEqualTo(-1);
          if (LinuxMemory.AVAILABLE && pages != Pages.FILE) {
            assertThat(m.bytes().address() % LinuxMemory.HUGE_PAGE).isZero();
            assertThat(m.hugeBytes()).isBetween(0L, m.residentBytes());
            System.out.println(pages + ": " + m.hugeBytes() + " of " + BYTES + " in huge pages");
          }
        }
      }
    }
  }

  @Test
  void anonymousMemoryIsZeroAndAligned() throws IOException {
    try (Mapping m = Mapping.anonymous(5_000_001)) {
      assertThat(m.bytes().byteSize()).isEqualTo(5_000_001);
      assertThat(m.bytes().address() % LinuxMemory.HUGE_PAGE).isZero();
      assertThat(m.bytes().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      m.bytes().fill((byte) 1);
    }
  }

  /** Bytes stay where they are, and right, for a thread that reads while they are moved. */
  @Test
  void copyingInPlaceDisturbsNoReader() throws Exception {
    linuxOnly();
    Path file = file(TestTensors.seeded("copy in place"));
    byte[] expected = Files.readAllBytes(file);
    try (Mapping m = Mapping.ofFile(file, BYTES, Pages.HUGE_FILE)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger rounds = new AtomicInteger();
      AtomicInteger wrong = new AtomicInteger();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                MemorySegment right = MemorySegment.ofArray(expected);
                while (!stop.get()) {
                  if (m.bytes().mismatch(right) != -1) {
                    wrong.incrementAndGet();
                  }
                  rounds.incrementAndGet();
                }
              });
      long room = Math.ceilDiv(BYTES, LinuxMemory.HUGE_PAGE) * LinuxMemory.HUGE_PAGE;
      m.copyInPlace(m.bytes().address(), room);
      int before = rounds.get();
      while (rounds.get() < before + 2) {
        Thread.onSpinWait();
      }
      stop.set(true);
      reader.join();
      assertThat(wrong.get()).isZero();
      assertThat(m.pages()).isEqualTo(Pages.ANON);
      assertThat(m.residentBytes()).isGreaterThanOrEqualTo(BYTES);
      m.improve(); // nothing left to do
    }
  }

  @Test
  void improvingKeepsTheBytes() throws IOException {
    linuxOnly();
    Path file = file(TestTensors.seeded("improve"));
    try (Mapping m = Mapping.ofFile(file, BYTES, Pages.HUGE_FILE);
        Mapping plain = Mapping.ofFile(file, BYTES, Pages.FILE)) {
      m.improve();
      assertThat(m.bytes().mismatch(plain.bytes())).isEqualTo(-1);
      System.out.println("improved: " + m.pages() + ", " + m.hugeBytes() + " in huge pages");
      plain.improve();
      assertThat(plain.bytes().mismatch(m.bytes())).isEqualTo(-1);
    }
  }

  /** What a closed mapping took is given back: a thousand of them fit where ten would. */
  @Test
  void closingGivesTheAddressSpaceBack() throws IOException {
    linuxOnly();
    Path file = Files.write(folder.resolve("small"), new byte[5000]);
    long before = lines();
    for (int i = 0; i < 1000; i++) {
      Mapping.ofFile(file, 5000, Pages.HUGE_FILE).close();
      Mapping.anonymous(5000).close();
    }
    assertThat(lines()).isLessThan(before + 200);
  }

  private static long lines() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).size();
  }
}
