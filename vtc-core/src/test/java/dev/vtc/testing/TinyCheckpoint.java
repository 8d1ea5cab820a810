package dev.vtc.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checkpoint of llama2.c (version 0, f32) with grouped-query attention and odd sizes: the numbers
 * of src/test/python/llama2c_greedy.py.
 */
public final class TinyCheckpoint {
  private static final int DIM = 64;
  private static final int HIDDEN = 172;
  private static final int LAYERS = 2;
  private static final int HEADS = 8;
  private static final int KV_HEADS = 4;
  private static final int VOCABULARY = 512;
  private static final int CONTEXT = 64;

  private TinyCheckpoint() {}

  /** The script's numbers: the upper 24 bits of a linear congruential generator. */
  private static void floats(long[] state, ByteBuffer out, int count, float factor, float addend) {
    for (int i = 0; i < count; i++) {
      state[0] = state[0] * 6364136223846793005L + 1442695040888963407L;
      float x = (float) ((double) (state[0] >>> 40) / (1 << 24) - 0.5);
      out.putFloat(x * factor + addend);
    }
  }

  /** Writes it; with an output matrix of its own unless {@code shared}. */
  public static Path write(Path file, boolean shared) throws IOException {
    long[] state = new long[1];
    state[0] = shared ? 2026 : 1997;
    int kvDim = DIM / HEADS * KV_HEADS;
    ByteBuffer b = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int v :
        new int[] {
          DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, shared ? VOCABULARY : -VOCABULARY, CONTEXT
        }) {
      b.putInt(v);
    }
    floats(state, b, VOCABULARY * DIM, 2, 0);
    floats(state, b, LAYERS * DIM, 1, 1);
    floats(state, b, LAYERS * DIM * DIM, 0.5f, 0);
    floats(state, b, LAYERS * kvDim * DIM * 2, 0.5f, 0);
    floats(state, b, LAYERS * DIM * DIM, 0.5f, 0);
    floats(state, b, LAYERS * DIM, 1, 1);
    floats(state, b, LAYERS * HIDDEN * DIM * 3, 0.5f, 0);
    floats(state, b, DIM, 1, 1);
    floats(state, b, CONTEXT * DIM / HEADS, 1, 0);
    if (!shared) {
      floats(state, b, VOCABULARY * DIM, 1, 0);
    }
    byte[] bytes = new byte[b.position()];
    b.flip().get(bytes);
    return Files.write(file, bytes);
  }
}
