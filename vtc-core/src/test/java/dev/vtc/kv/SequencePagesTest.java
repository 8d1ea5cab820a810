package dev.vtc.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Which pages a sequence has, and what is in them, against positions counted one by one. Every
 * position is stamped with a number of its own, and sequences take the pages that others give back:
 * a page that was given back too early has another's numbers.
 */
class SequencePagesTest {
  private static final int PAGE = KvLayout.PAGE_POSITIONS;
  private static final int SLACK = SequencePages.SLACK;

  /** Seven layers in five groups. */
  private static final KvLayout LAYOUT =
      new KvLayout(List.of(0, 5, 300, 5, 0, 1, 700), 1, 4, KvType.F16);

  private static final class Sequence implements AutoCloseable {
    final Random random;
    final SequencePages pages;
    final List<Integer> stamps = new ArrayList<>();
    int kept;

    Sequence(Random random, PagePool pool) {
      this.random = random;
      pages = new SequencePages(pool);
    }

    int length() {
      return stamps.size();
    }

    void grow(int n) {
      int from = length();
      pages.reserve(from, from + n);
      holdsWhatIsNeededAndNoMore(from);
      for (int p = from; p < from + n; p++) {
        stamps.add(random.nextInt());
        for (int g = 0; g < LAYOUT.groups(); g++) {
          pages
              .page(g, p / PAGE)
              .setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, p % PAGE, stamps.get(p));
        }
      }
    }

    void keep(int position) {
      kept = position;
      pages.keep(position);
    }

    boolean has(int group, int page) {
      try {
        return pages.page(group, page).byteSize() > 0;
      } catch (IllegalStateException e) {
        return false;
      }
    }

    int truncate(int position) {
      // The largest position from which the sequence can go on, looked for one by one.
      int expected = position;
      while (!canGoOn(expected)) {
        expected--;
      }
      assertThat(pages.truncate(position)).as("truncated to %s", position).isEqualTo(expected);
      stamps.subList(expected, length()).clear();
      assertThat(pages.size()).isEqualTo(Math.ceilDiv(expected, PAGE));
      return expected;
    }

    private boolean canGoOn(int position) {
      for (int g = 0; g < LAYOUT.groups(); g++) {
        for (int i = first(g, position) / PAGE; i * PAGE < position; i++) {
          if (!has(g, i)) {
            return false;
          }
        }
      }
      return true;
    }

    private static int first(int group, int position) {
      int window = LAYOUT.window(group);
      return window == 0 ? 0 : Math.max(0, position - window + 1);
    }

    /** Every position that the next token looks at has its stamp. */
    void seesItsOwn() {
      for (int g = 0; g < LAYOUT.groups(); g++) {
        for (int p = first(g, length()); p < length(); p++) {
          MemorySegment page = pages.page(g, p / PAGE);
          int stamp = page.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, p % PAGE);
          if (stamp != stamps.get(p)) {
            throw new AssertionError("group " + g + ", position " + p + " of " + length());
          }
        }
      }
    }

    private void holdsWhatIsNeededAndNoMore(int from) {
      for (int g = 0; g < LAYOUT.groups(); g++) {
        boolean[] needed = new boolean[pages.size()];
        for (int i = first(g, Math.max(0, from - SLACK)) / PAGE; i < pages.size(); i++) {
          needed[i] = true;
        }
        for (int p = first(g, Math.max(0, kept - SLACK));
            p < kept && p / PAGE < pages.size();
            p++) {
          needed[p / PAGE] = true;
        }
        for (int i = 0; i < pages.size(); i++) {
          boolean has = has(g, i);
          assertThat(!has || needed[i]).as("group %s has page %s at %s", g, i, from).isTrue();
          boolean looked = i >= first(g, from) / PAGE;
          assertThat(has || !looked).as("group %s lacks page %s at %s", g, i, from).isTrue();
        }
      }
    }

    @Override
    public void close() {
      pages.close();
    }
  }

  private static Random seeded() {
    long seed = Long.getLong("vtc.seed", System.nanoTime());
    System.out.println("pages: -Dvtc.seed=" + seed);
    return new Random(seed);
  }

  /** Pages held by a sequence of 10,000 positions: those of the window, and a few. */
  @Test
  void aLongSequenceHoldsAWindowsPages() {
    try (PagePool pool = new PagePool(LAYOUT, Long.MAX_VALUE);
        Sequence s = new Sequence(new Random(1), pool)) {
      for (int i = 0; i < 100; i++) {
        s.grow(100);
        s.seesItsOwn();
      }
      int[] held = new int[LAYOUT.groups()];
      for (int g = 0; g < held.length; g++) {
        for (int i = 0; i < s.pages.size(); i++) {
          held[g] += s.has(g, i) ? 1 : 0;
        }
      }
      // 40 pages reach to 10,240. The last step began at 9,900: windows and 256 positions before
      // it are from 9,640, 9,345, 9,644 and 8,945 on, in pages 37, 36, 37 and 34.
      assertThat(held).containsExactly(40, 3, 4, 3, 6);
      long bytes = SequencePages.mostBytes(LAYOUT, 10_000, 100);
      assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(bytes);
      // Two layers of seven see everything; the others have at most 5 to 11 pages of 40.
      assertThat(bytes).isLessThan(LAYOUT.layers() * 40 * LAYOUT.pageBytes(3) / 2);
    }
  }

  @Test
  void withoutWindowsEverythingStays() {
    KvLayout layout = new KvLayout(3, 1, 4, KvType.F32);
    try (PagePool pool = new PagePool(layout, Long.MAX_VALUE);
        SequencePages pages = new SequencePages(pool)) {
      for (int from = 0; from < 5000; from += 50) {
        pages.reserve(from, from + 50);
      }
      assertThat(pool.allocatedBytes()).isEqualTo(20 * layout.pageBytes(0));
      assertThat(SequencePages.mostBytes(layout, 5000, 50)).isEqualTo(20 * layout.pageBytes(0));
      for (int to = 4999; to > 0; to--) {
        assertThat(pages.truncate(to)).isEqualTo(to);
      }
    }
  }

  /** To every position of a sequence of 3,000, with and without one that is kept. */
  @Test
  void truncatedToEveryPosition() {
    for (int kept : new int[] {0, 1700}) {
      try (PagePool pool = new PagePool(LAYOUT, Long.MAX_VALUE);
          Sequence other = new Sequence(new Random(2), pool)) {
        for (int to = 0; to <= 3000; to += to % 256 < 4 || to % 256 > 252 ? 1 : 23) {
          try (Sequence s = new Sequence(new Random(to), pool)) {
            s.keep(kept);
            for (int i = 0; i < 20; i++) {
              s.grow(150);
            }
            int reached = s.truncate(to);
            boolean near = to >= 3000 - SLACK || (to <= kept && to >= kept - SLACK);
            assertThat(!near || reached == to).as("%s becomes %s", to, reached).isTrue();
            assertThat(reached).isGreaterThanOrEqualTo(to >= kept ? kept : 0);
            other.grow(1); // with what was given back
            s.seesItsOwn();
            s.grow(70);
            s.seesItsOwn();
          }
        }
      }
    }
  }

  @Test
  void sequencesThatGrowAndShrinkSeeTheirOwn() {
    Random random = seeded();
    try (PagePool pool = new PagePool(LAYOUT, Long.MAX_VALUE)) {
      List<Sequence> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(new Sequence(random, pool));
      }
      int fewer = 0;
      for (int i = 0; i < 400; i++) {
        Sequence s = all.get(random.nextInt(all.size()));
        switch (random.nextInt(6)) {
          case 0 -> {
            int to = random.nextInt(s.length() + 1);
            fewer += s.truncate(to) < to ? 1 : 0;
          }
          case 1 -> s.keep(random.nextInt(s.length() + 300));
          default -> s.grow(random.nextInt(1, 600));
        }
        s.seesItsOwn();
        all.get(random.nextInt(all.size())).seesItsOwn();
      }
      assertThat(fewer).as("truncations that reached further than asked").isPositive();
      all.forEach(Sequence::close);
    }
  }

  /**
   * What one group has given back makes room for another; when nothing is left, nothing is half.
   */
  @Test
  void aFullPool() {
    KvLayout layout = new KvLayout(List.of(0, 5), 1, 4, KvType.F32);
    long page = layout.pageBytes(0);
    assertThat(layout.pageBytes(1)).isEqualTo(page);
    try (PagePool pool = new PagePool(layout, 6 * page);
        SequencePages pages = new SequencePages(pool)) {
      pages.reserve(0, 3 * PAGE);
      assertThat(pool.allocatedBytes()).isEqualTo(6 * page);
      assertThatThrownBy(() -> pages.reserve(0, 3 * PAGE + 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("KV cache is full");
      assertThat(pages.size()).isEqualTo(3);
      // One page of the window's layers is behind it, and becomes one that the other group has for
      // a moment, and gives back, as there is none for the window's.
      assertThatThrownBy(() -> pages.reserve(3 * PAGE, 3 * PAGE + 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("KV cache is full");
      assertThat(pages.size()).isEqualTo(3);
      try (SequencePages other = new SequencePages(pool)) {
        assertThatThrownBy(() -> other.reserve(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(pages.truncate(2 * PAGE)).isEqualTo(2 * PAGE);
        other.reserve(0, PAGE);
        assertThat(other.page(1, 0).address()).isNotEqualTo(pages.page(1, 1).address());
      }
      pages.reserve(2 * PAGE, 3 * PAGE);
      assertThat(pool.allocatedBytes()).isEqualTo(6 * page);
    }
  }

  @Test
  void aPositionThatCannotBeGoneOnFromIsRefused() {
    try (PagePool pool = new PagePool(LAYOUT, Long.MAX_VALUE);
        SequencePages pages = new SequencePages(pool)) {
      assertThatThrownBy(() -> pages.reserve(1, 2)).isInstanceOf(IllegalStateException.class);
      pages.reserve(0, 3000);
      pages.reserve(3000, 3001);
      assertThatThrownBy(() -> pages.page(1, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("window");
      assertThatThrownBy(() -> pages.reserve(400, 401)).isInstanceOf(IllegalStateException.class);
      assertThat(pages.truncate(400)).isZero();
      pages.reserve(0, 401);
    }
  }
}
