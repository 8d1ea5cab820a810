package dev.vtc.tvl;

import dev.vtc.tensor.DType;
import dev.vtc.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which matrices of a model are stored in which order, so that what is read together lies together.
 *
 * <p>Tensors of one row (norms, biases) need no place in a plan: all of them are stored first, as
 * f32 vectors. A weight matrix that no group names is left out of the packed model.
 *
 * @param groups in the order of storage; no tensor in two of them
 * @param types of tensors that are quantized while they are packed; the others keep their values
 */
public record PackPlan(List<Group> groups, Map<String, DType> types) {

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

  /**
   * A matrix of the packed model: one tensor, or several of one shape and format that are stored as
   * one, panel after panel of the first, then of the second, … (experts).
   *
   * @param name under which it is stored
   */
  public record Stack(String name, List<String> tensors) {
    public Stack {
      tensors = List.copyOf(tensors);
      if (tensors.isEmpty()) {
        throw new IllegalArgumentException("A stack of no tensors.");
      }
    }

    static Stack of(String tensor) {
      return new Stack(tensor, List.of(tensor));
    }
  }

  /** Matrices that one instruction reads. */
  public record Group(Order order, List<Stack> stacks) {
    public Group {
      stacks = List.copyOf(stacks);
      if (stacks.isEmpty()) {
        throw new IllegalArgumentException("A group of no tensors.");
      }
    }

    public static Group of(String tensor) {
      return new Group(Order.SEQUENCE, List.of(Stack.of(tensor)));
    }

    /** The tensors of all its matrices. */
    public List<String> tensors() {
      return stacks.stream().flatMap(s -> s.tensors().stream()).toList();
    }
  }

  /** Nothing is quantized. */
  public PackPlan(List<Group> groups) {
    this(groups, Map.of());
  }

  /** The same order, with other types. */
  public PackPlan withTypes(Map<String, DType> value) {
    return new PackPlan(groups, value);
  }

  public PackPlan {
    groups = List.copyOf(groups);
    types = Map.copyOf(types);
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

  /** Experts that a file stores one by one. */
  private static final Pattern EXPERT = Pattern.compile("(ffn_(?:gate|up|down))\\.\\d+");

  /**
   * The plan by GGUF's names: in each block q, k and v in sequence, gate and up interleaved, those
   * of experts, too; experts that are stored one by one ({@code ffn_up.7}) as one stack ({@code
   * ffn_up_exps}); all other weight matrices alone, in file order.
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
      if (m.matches() && EXPERT.matcher(m.group(2)).matches()) {
        group = experts(m.group(1), m.group(2), tensors);
      } else if (m.matches()) {
        group =
            switch (m.group(2)) {
              case "ffn_gate_exps", "ffn_up_exps" ->
                  group(Order.INTERLEAVED, m.group(1), tensors, "ffn_gate_exps", "ffn_up_exps");
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
    List<Stack> stacks = new ArrayList<>();
    for (String part : parts) {
      String name = block + part + ".weight";
      if (isMatrix(tensors.get(name))) {
        stacks.add(Stack.of(name));
      }
    }
    return new Group(order, stacks);
  }

  private static boolean isMatrix(@Nullable Tensor tensor) {
    return tensor != null && tensor.type().isWeight() && !isVector(tensor);
  }

  /** The stack of a part ({@code ffn_gate.3}) and of what is read with it. */
  private static Group experts(String block, String part, SequencedMap<String, Tensor> tensors) {
    List<Stack> stacks = new ArrayList<>();
    String kind = part.substring(0, part.indexOf('.'));
    for (String k : kind.equals("ffn_down") ? List.of(kind) : List.of("ffn_gate", "ffn_up")) {
      List<String> names = new ArrayList<>();
      String name = block + k + ".0.weight";
      while (isMatrix(tensors.get(name))) {
        names.add(name);
        name = block + k + "." + names.size() + ".weight";
      }
      if (!names.isEmpty()) {
        stacks.add(new Stack(block + k + "_exps.weight", names));
      }
    }
    if (stacks.stream().noneMatch(s -> s.tensors().contains(block + part + ".weight"))) {
      throw new IllegalArgumentException(
          "There is a tensor " + block + part + ".weight, but not one for each expert before it.");
    }
    return new Group(Order.INTERLEAVED, stacks);
  }
}
