package dev.vtc.kv;

import dev.vtc.kv.PagePool.Page;
import dev.vtc.program.KvLayout;
import dev.vtc.program.PageTable;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one sequence. While it grows, layers with a window give back the pages that no token
 * to come looks at; what lies up to {@link #SLACK} positions further back stays, so that the
 * sequence can be truncated a little, and what the tokens around one {@linkplain #keep chosen
 * position} look at. Not safe for use by several threads at a time.
 */
public final class SequencePages implements PageTable, AutoCloseable {
  /**
   * How far a sequence can be truncated in any case without losing what layers with a window need.
   */
  public static final int SLACK = 256;

  private static final int PAGE = KvLayout.PAGE_POSITIONS;

  /** Pages of a group of layers, null where they have been given back. */
  private static final class Table {
    private final int window;
    private @Nullable Page[] pages = new Page[4];

    /** Pages before this one need not be looked at again. */
    private int settled;

    Table(int window) {
      this.window = window;
    }

    /** First position that a token at {@code position} looks at. */
    int first(int position) {
      return window == 0 ? 0 : Math.max(0, position - window + 1);
    }

    @Nullable Page page(int i) {
      return pages[i];
    }
  }

  private final PagePool pool;
  private final Table[] tables;
  private int size;
  private int kept;

  /** A sequence without positions. */
  public SequencePages(PagePool pool) {
    this.pool = pool;
    tables = new Table[pool.layout().groups()];
    for (int g = 0; g < tables.length; g++) {
      tables[g] = new Table(pool.layout().window(g));
    }
  }

  /**
   * The most bytes that a sequence's pages take.
   *
   * @param positions how long it becomes
   * @param chunk how many tokens of it a step takes at the most
   */
  public static long mostBytes(KvLayout layout, int positions, int chunk) {
    long bytes = 0;
    for (int g = 0; g < layout.groups(); g++) {
      long all = Math.ceilDiv(positions, PAGE);
      int window = layout.window(g);
      long back = (long) window + SLACK;
      // Around the position that is kept, and around the tokens of a step.
      long most = window == 0 ? all : touched(back) + touched(back + chunk);
      bytes += Math.min(all, most) * layout.pageBytes(g);
    }
    return bytes;
  }

  /** Pages that so many positions in a row may lie in. */
  private static long touched(long positions) {
    return Math.ceilDiv(positions - 1, PAGE) + 1;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public MemorySegment page(int group, int i) {
    Page page = i < size ? tables[group].page(i) : null;
    if (page == null) {
      throw new IllegalStateException(
          "Page " + i + " of " + size + " is not there: its positions are behind the window.");
    }
    return page.memory();
  }

  /**
   * Keeps what tokens from {@link #SLACK} positions before {@code position} up to there look at,
   * until another position is kept: the sequence can be truncated to there, however long it has
   * grown.
   */
  public void keep(int position) {
    kept = position;
    rescan();
  }

  private void rescan() {
    for (Table t : tables) {
      t.settled = 0;
    }
  }

  /**
   * Makes room for a step that computes positions {@code from} … {@code to} - 1, and gives back
   * what neither it nor a truncation needs.
   *
   * @throws IllegalStateException when the pool is exhausted, or {@link #truncate} has not said
   *     that the sequence can go on at {@code from}
   */
  public void reserve(int from, int to) {
    if (from > size * PAGE || gap(from) >= 0) {
      throw new IllegalStateException(
          "A sequence of " + size + " pages cannot go on at position " + from + ".");
    }
    for (Table t : tables) {
      release(t, from);
    }
    while (size * PAGE < to) {
      grow();
    }
  }

  /** Gives back what lies behind the window of all that may be computed next. */
  private void release(Table t, int from) {
    int end = t.first(Math.max(0, from - SLACK)) / PAGE;
    int keepBegin = t.first(Math.max(0, kept - SLACK)) / PAGE;
    int keepEnd = Math.ceilDiv(kept, PAGE);
    for (; t.settled < end; t.settled++) {
      Page page = t.pages[t.settled];
      if (page != null && (t.settled < keepBegin || t.settled >= keepEnd)) {
        t.pages[t.settled] = null;
        pool.give(page);
      }
    }
  }

  /** One page more for each group, or none for any. */
  private void grow() {
    int grown = 0;
    try {
      for (; grown < tables.length; grown++) {
        Table t = tables[grown];
        if (size == t.pages.length) {
          t.pages = Arrays.copyOf(t.pages, 2 * size);
        }
        t.pages[size] = pool.take(grown);
      }
      size++;
    } finally {
      if (grown < tables.length) {
        drop(size);
      }
    }
  }

  /**
   * Forgets positions, and gives back the pages that only they need.
   *
   * @param positions how many to keep, if possible
   * @return how many are kept: as many as asked for, or fewer where what a window needs has been
   *     given back. The sequence goes on at this position.
   */
  public int truncate(int positions) {
    int to = Math.min(positions, size * PAGE);
    for (int gap = gap(to); gap >= 0; gap = gap(to)) {
      to = gap * PAGE;
    }
    while ((size - 1) * PAGE >= to && size > 0) {
      size--;
      drop(size);
    }
    rescan();
    return to;
  }

  /** A page that a token at {@code position} looks at and that is gone; -1 when none is. */
  private int gap(int position) {
    for (Table t : tables) {
      int first = t.window == 0 ? size : t.first(position) / PAGE; // without a window none goes
      for (int i = first; i * PAGE < position; i++) {
        if (t.pages[i] == null) {
          return i;
        }
      }
    }
    return -1;
  }

  private void drop(int i) {
    for (Table t : tables) {
      Page page = i < t.pages.length ? t.pages[i] : null;
      if (page != null) {
        t.pages[i] = null;
        pool.give(page);
      }
    }
  }

  @Override
  public void close() {
    truncate(0);
  }
}
