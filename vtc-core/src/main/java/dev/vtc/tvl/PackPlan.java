package dev.vtc.tvl;

import dev.vtc.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which matrices of a model are stored in which order, so that what is read together lies together.
 *
 * <p>Tensors of one row (norms, biases) need no place in a plan: all of them are stored first, as
 * f32 vectors. A weight matrix that no group names is left out of the packed model.
 *
 * @param groups in the order of storage; no tensor in two of them
 */
public record PackPlan(List<Group> groups) {

  /** How the matrices of a group lie. */
  public enum Order {
    /** One matrix after the other. */
    SEQUENCE,

    /**
     * Panel 0 of each, then panel 1 of each, … All must have the same format, rows and columns; a
     * group that has not is stored in SEQUENCE.
     */
    INTERLEAVED
  }

  /** Matrices that one instruction reads. */
  public record Group(Order order, List<String> tensors) {
    public Group {
      tensors = List.copyOf(tensors);
      if (tensors.isEmpty()) {
        throw new IllegalArgumentException("A group of no tensors.");
      }
    }

    public static Group of(String tensor) {
      return new Group(Order.SEQUENCE, List.of(tensor));
    }
  }

  public PackPlan {
    groups = List.copyOf(groups);
    Set<String> seen = new LinkedHashSet<>();
    for (Group group : groups) {
      for (String name : group.tensors()) {
        if (!seen.add(name)) {
          throw new IllegalArgumentException("Tensor " + name + " is in two groups.");
        }
      }
    }
  }

  /** True for what is stored as an f32 vector. */
  static boolean isVector(Tensor tensor) {
    return tensor.rows() == 1 && tensor.type().isWeight();
  }

  private static final Pattern BLOCK = Pattern.compile("(blk\\.\\d+\\.)(.*)\\.weight");

  /**
   * The plan by GGUF's names: in each block q, k and v in sequence, gate and up interleaved; all
   * other weight matrices alone, in file order.
   */
  public static PackPlan byNames(SequencedMap<String, Tensor> tensors) {
    List<Group> groups = new ArrayList<>();
    Set<String> done = new LinkedHashSet<>();
    for (Tensor tensor : tensors.values()) {
      if (isVector(tensor) || !tensor.type().isWeight() || done.contains(tensor.name())) {
        continue;
      }
      Group group = Group.of(tensor.name());
      Matcher m = BLOCK.matcher(tensor.name());
      if (m.matches()) {
        group =
            switch (m.group(2)) {
              case "attn_q", "attn_k", "attn_v" ->
                  group(Order.SEQUENCE, m.group(1), tensors, "attn_q", "attn_k", "attn_v");
              case "ffn_gate", "ffn_up" ->
                  group(Order.INTERLEAVED, m.group(1), tensors, "ffn_gate", "ffn_up");
              default -> group;
            };
      }
      groups.add(group);
      done.addAll(group.tensors());
    }
    return new PackPlan(groups);
  }

  private static Group group(
      Order order, String block, SequencedMap<String, Tensor> tensors, String... parts) {
    List<String> names = new ArrayList<>();
    for (String part : parts) {
      String name = block + part + ".weight";
      Tensor tensor = tensors.get(name);
      if (tensor != null && tensor.type().isWeight() && !isVector(tensor)) {
        names.add(name);
      }
    }
    return new Group(order, names);
  }
}
