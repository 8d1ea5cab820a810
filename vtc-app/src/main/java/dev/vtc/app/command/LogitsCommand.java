package dev.vtc.app.command;

import dev.vtc.Model;
import dev.vtc.ModelOptions;
import dev.vtc.Session;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.Terminal;
import dev.vtc.app.UserError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vtc logits}. */
public final class LogitsCommand extends Command {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  ModelArgs model = new ModelArgs();

  @Nullable String ids;

  @Nullable String file;

  boolean all;

  int chunk = ModelOptions.defaults().chunk();

  boolean hash;

  int top;

  @Override
  void declare(Options o) {
    o.about(
        "Prints the logits after a sequence of tokens, or their hash: equal on every machine.",
        "  vtc logits --ids 504,3575,282,4649,314 --top 5",
        "  vtc logits -f prompt.txt --all --sha256",
        "  vtc logits -f prompt.txt --all --sha256 --chunk 7 -t 1     the same hash");
    model.declare(o);
    o.value(String.class, "1,2,3", "The tokens.", v -> ids = v, "--ids");
    o.value(
        String.class,
        "FILE",
        "A text, UTF-8, whose tokens are taken (with BOS where the model wants it); - is stdin.",
        v -> file = v,
        "-f",
        "--file");
    o.flag("Logits after every token, not only after the last.", () -> all = true, "--all");
    o.value(
        Integer.class,
        "N",
        "Tokens that one step takes at the most (default: 512).",
        v -> chunk = v,
        "--chunk");
    o.flag(
        "Print only the SHA-256 of the logits as little-endian f32.",
        () -> hash = true,
        "--sha256");
    o.value(Integer.class, "N", "Only the N largest, with their ids.", v -> top = v, "--top");
  }

  @Override
  public int run(Context context) throws Exception {
    if ((ids == null) == (file == null)) {
      throw UserError.usage("Give either --ids or --file.");
    }
    if (chunk < 1) {
      throw UserError.usage("--chunk must be positive.");
    }
    if (top < 0) {
      throw UserError.usage("--top must be positive.");
    }
    int[] given = ids == null ? new int[0] : Ids.parse(ids);
    String text = "";
    if (file != null) {
      text =
          file.equals("-")
              ? context.terminal().readAll("The text on stdin")
              : Terminal.decode(Files.readAllBytes(Path.of(file)), file);
    }
    try (Model opened = model.open(context, ModelOptions.defaults().withChunk(chunk));
        Session session = opened.newSession()) {
      int[] tokens =
          file == null ? given : TokenizeCommand.tokenizer(opened).encode(text, false, true);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<Object> rows = new ArrayList<>();
      session.evaluate(
          tokens,
          all,
          (position, logits) -> {
            if (hash) {
              digest.update(bytes(logits));
            } else {
              rows.add(row(position, logits));
            }
          });
      if (hash) {
        context.terminal().out().println(HexFormat.of().formatHex(digest.digest()));
      } else {
        rows.forEach(row -> Json.line(context.terminal().out(), row));
      }
      return ExitCode.OK;
    }
  }

  private static byte[] bytes(MemorySegment logits) {
    // Little-endian in memory already on every machine that VTC supports.
    return logits.toArray(ValueLayout.JAVA_BYTE);
  }

  private Map<String, Object> row(int position, MemorySegment logits) {
    float[] values = new float[(int) (logits.byteSize() / Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.getAtIndex(F32, i);
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("position", position);
    if (top == 0) {
      row.put("logits", values);
      return row;
    }
    int[] best = best(values, top);
    row.put("ids", best);
    float[] bestValues = new float[best.length];
    for (int i = 0; i < best.length; i++) {
      bestValues[i] = values[best[i]];
    }
    row.put("logits", bestValues);
    return row;
  }

  /**
   * The ids of the n largest logits: larger first, equal ones by smaller id, as sampling has it.
   */
  private static int[] best(float[] logits, int n) {
    // Keys that ascend where logits descend: the bits of a float as an integer of the same order,
    // turned round; behind them the id.
    long[] keys = new long[logits.length];
    for (int i = 0; i < keys.length; i++) {
      int bits = Float.floatToIntBits(logits[i] + 0f); // −0 becomes +0, which it equals
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[i] = (long) ~ascending << 32 | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).limit(n).mapToInt(key -> (int) key).toArray();
  }
}
