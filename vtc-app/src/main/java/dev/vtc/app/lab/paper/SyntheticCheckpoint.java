package dev.vtc.app.lab.paper;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A checkpoint of karpathy/llama2.c (version 0, f32; its parts in {@code
 * dev.vtc.format.Llama2cCheckpoint}) with random weights, for measurements: what a step takes does
 * not depend on the values.
 *
 * @param width of the residual stream
 * @param hidden width of the feed-forward layers
 * @param heads of queries, and of keys and values
 * @param context positions that the model is made for
 */
public record SyntheticCheckpoint(
    int width, int hidden, int layers, int heads, int vocabulary, int context) {
  /** The shape of stories110M, the paper's model. */
  public static final SyntheticCheckpoint STORIES_110M =
      new SyntheticCheckpoint(768, 2048, 12, 12, 32000, 1024);

  private static final int POOL = 1 << 16;
  private static final float SPREAD = 0.02f;

  /** Bytes of the matrices that a decoded token reads: all but the embedding's other rows. */
  public long weightBytes() {
    long layer = 4L * width * width + 3L * hidden * width;
    return Float.BYTES * ((long) vocabulary * width + layers * layer);
  }

  /**
   * Writes the file; the same seed makes the same bytes.
   *
   * <p>Weights are runs out of a pool of normally distributed numbers, each from a place of its
   * own: quick to make, and no two rows are the same.
   */
  public void write(Path file, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pool = new float[2 * POOL];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (float) (SPREAD * random.nextGaussian());
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      ByteBuffer header = ByteBuffer.allocate(7 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int v : new int[] {width, hidden, layers, heads, heads, vocabulary, context}) {
        header.putInt(v);
      }
      out.write(header.array());
      weights(out, (long) vocabulary * width, pool, random);
      ones(out, (long) layers * width);
      weights(out, 4L * layers * width * width, pool, random);
      ones(out, (long) layers * width);
      weights(out, 3L * layers * hidden * width, pool, random);
      ones(out, width);
      ones(out, (long) context * width / heads);
    }
  }

  private static void weights(OutputStream out, long count, float[] pool, SplittableRandom random)
      throws IOException {
    for (long done = 0; done < count; done += POOL) {
      int n = (int) Math.min(POOL, count - done);
      write(out, pool, random.nextInt(POOL), n);
    }
  }

  private static void ones(OutputStream out, long count) throws IOException {
    float[] ones = new float[(int) Math.min(count, POOL)];
    Arrays.fill(ones, 1);
    for (long done = 0; done < count; done += ones.length) {
      write(out, ones, 0, (int) Math.min(ones.length, count - done));
    }
  }

  private static void write(OutputStream out, float[] values, int from, int count)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, count);
    out.write(bytes.array());
  }
}
