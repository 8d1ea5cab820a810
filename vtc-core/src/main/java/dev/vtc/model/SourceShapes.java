package dev.vtc.model;

import dev.vtc.format.ModelSource;
import dev.vtc.program.Matrix;
import dev.vtc.tensor.Decoder;
import dev.vtc.tensor.Tensor;
import dev.vtc.tvl.PackPlan;
import dev.vtc.tvl.RowRange;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The shapes of a model that is not packed yet, so that one no program can be built of is refused
 * before its weights are read.
 */
final class SourceShapes implements ModelShapes {
  /** More than any vector of a model has; norms of the widest have some ten thousand. */
  private static final long MAX_VECTOR = 1 << 24;

  /** Old files have the frequencies of rope in each block: they follow from the base. */
  private static final Pattern BLOCK =
      Pattern.compile("blk\\.\\d+\\.(?!attn_rot_embd|rope_freqs).*");

  private final ModelSource source;
  private final Map<String, List<String>> stacks = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  SourceShapes(ModelSource source) {
    this.source = source;
    for (PackPlan.Group group : PackPlan.byNames(source.tensors()).groups()) {
      for (PackPlan.Stack stack : group.stacks()) {
        stacks.put(stack.name(), stack.tensors());
      }
    }
  }

  @Override
  public boolean has(String name) {
    asked.add(name);
    Tensor tensor = source.tensors().get(name);
    return stacks.containsKey(name) || (tensor != null && tensor.type().isWeight());
  }

  @Override
  public Matrix shape(String name) {
    RowRange range = RowRange.parse(name);
    String whole = range == null ? name : range.tensor();
    asked.add(whole);
    List<String> tensors = stacks.get(whole);
    if (tensors == null) {
      throw new IllegalArgumentException(source.path() + " has no matrix " + name + ".");
    }
    Tensor first = tensor(tensors.getFirst());
    long rows = Math.multiplyExact(first.rows(), (long) tensors.size());
    if (range != null) {
      range.check(rows);
      rows = (long) range.to() - range.from();
    }
    if (Math.max(rows, first.columns()) > Integer.MAX_VALUE - TvlFormat.PANEL_ROWS) {
      throw new IllegalArgumentException(
          "Tensor " + name + " is [" + rows + ", " + first.columns() + "], which is too large.");
    }
    return new Matrix(name, TvlFormat.of(first.type()), (int) rows, (int) first.columns());
  }

  @Override
  public MemorySegment vector(String name) {
    asked.add(name);
    Tensor tensor = source.tensors().get(name);
    if (tensor == null || tensor.rows() != 1 || !tensor.type().isWeight()) {
      throw new IllegalArgumentException(source.path() + " has no vector " + name + ".");
    }
    if (tensor.columns() > MAX_VECTOR) {
      throw new IllegalArgumentException(
          "Vector " + name + " has " + tensor.columns() + " elements, which makes no sense.");
    }
    float[] values = new float[(int) tensor.columns()];
    Decoder.decodeRow(tensor, 0, values, 0);
    return MemorySegment.ofArray(values);
  }

  /**
   * Names a weight of a block that nobody has asked for: a model that has one computes something
   * else than the program would.
   *
   * @throws IllegalArgumentException when there is one
   */
  void checkAllAsked(String architecture, int layers) {
    Set<String> inStacks = new HashSet<>();
    stacks.forEach((name, tensors) -> {
      if (asked.contains(name)) {
        inStacks.addAll(tensors);
      }
    });
    for (Tensor tensor : source.tensors().values()) {
      String name = tensor.name();
      boolean known = asked.contains(name) || inStacks.contains(name);
      if (!known && tensor.type().isWeight() && BLOCK.matcher(name).matches()) {
        throw new IllegalArgumentException(
            source.path()
                + " has a tensor "
                + name
                + ", which has no place in the architecture "
                + architecture
                + " of "
                + layers
                + " blocks as VTC knows it.");
      }
    }
  }

  private Tensor tensor(String name) {
    Tensor tensor = source.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(source.path() + " has no tensor " + name + ".");
    }
    return tensor;
  }
}
