package dev.vtc.testing;

import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Feeds a prompt to a rig in one way or another, and says what came out. */
public final class Replay {
  private Replay() {}

  /** Ids of a prompt, the same for the same seed. */
  public static int[] prompt(long seed, int length, int vocabulary) {
    Random random = new Random(seed);
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = random.nextInt(vocabulary);
    }
    return ids;
  }

  /** Hears the logits of each token in order of position. */
  public interface Sink {
    /** Logits are valid during the call. */
    void accept(int position, MemorySegment logits);
  }

  /**
   * Runs a prompt in chunks, the logits of all its tokens wanted.
   *
   * @param companions other sequences whose tokens take part in every step, before and behind the
   *     prompt's; 0 for none
   */
  public static void run(Rig rig, int[] prompt, int chunk, int companions, Sink sink) {
    Step step = new Step(rig.limits());
    SequencePages[] others = new SequencePages[companions];
    int[] positions = new int[companions];
    int[] otherIds = prompt(99, rig.limits().positions(), 50);
    for (int i = 0; i < companions; i++) {
      others[i] = new SequencePages(rig.pool());
    }
    try (SequencePages pages = new SequencePages(rig.pool())) {
      for (int from = 0; from < prompt.length; from += chunk) {
        int n = Math.min(chunk, prompt.length - from);
        step.clear();
        int row = 0;
        for (int i = 0; i < companions; i++) {
          if (i == companions / 2) {
            row = step.wanted();
            pages.reserve(from, from + n);
            step.add(prompt, from, n, from, pages, 0);
          }
          // One decodes and wants logits, the next reads three tokens of a prompt and wants none.
          int count = i % 2 == 0 ? 1 : 3;
          others[i].reserve(positions[i], positions[i] + count);
          step.add(otherIds, positions[i], count, positions[i], others[i], i % 2 == 0 ? 0 : count);
          positions[i] += count;
        }
        if (companions == 0) {
          pages.reserve(from, from + n);
          step.add(prompt, from, n, from, pages, 0);
        }
        rig.executable().run(step);
        for (int i = 0; i < n; i++) {
          sink.accept(from + i, rig.executable().logits(row + i));
        }
      }
    }
    for (SequencePages p : others) {
      p.close();
    }
  }

  /** SHA-256 of all logits, little-endian f32, in order of position. */
  public static String hash(Rig rig, int[] prompt, int chunk, int companions) {
    MessageDigest digest = sha256();
    run(rig, prompt, chunk, companions, (position, logits) -> digest.update(logits.asByteBuffer()));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** All logits, [position][token]. */
  public static float[][] logits(Rig rig, int[] prompt, int chunk) {
    float[][] all = new float[prompt.length][];
    run(rig, prompt, chunk, 0, (p, logits) -> all[p] = logits.toArray(ValueLayout.JAVA_FLOAT));
    return all;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JDK has SHA-256.", e);
    }
  }
}
