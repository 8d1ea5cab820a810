package dev.vtc.program;

import dev.vtc.program.Buffer.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instruction of the Virtual Tensor Core. Its exact semantics are in docs/numerics.md; what is
 * said here is shapes.
 *
 * <p>n is the number of tokens of the step. A buffer row belongs to one token, so no instruction
 * but {@link Attend} and {@link Group} looks at the rows of more than one token at a time.
 */
public sealed interface Instruction {

  /** Buffers this instruction reads. */
  List<Buffer> reads();

  /** Buffers this instruction writes. */
  List<Buffer> writes();

  /** Matrices this instruction reads, once a step whatever n; of experts, those that have rows. */
  default List<Matrix> matrices() {
    return List.of();
  }

  /** The mnemonic of the listing. */
  default String mnemonic() {
    return getClass().getSimpleName();
  }

  /** out[n, columns] = row (token id) of table, as f32, times scale. */
  record Embed(Matrix table, Buffer out, float scale) implements Instruction {
    @Override
    public List<Buffer> reads() {
      return List.of();
    }

    @Override
    public List<Buffer> writes() {
      return List.of(out);
    }
  }

  /**
   * Rule 2, then rule 3 where {@code quantized} is given: each run of {@code group} elements of a
   * row is normalized by itself (group = width for a layer norm, the head size for a q or k norm).
   * With {@code residual}, the result is added to that buffer instead of stored ({@code out} is the
   * residual then).
   *
   * @param in [n, width]; rows {@code wanted[i]} of it when out has {@link Rows#WANTED} and in has
   *     not
   * @param weight name of a vector of {@code group} elements
   */
  record RmsNorm(
      Buffer in,
      String weight,
      int group,
      float eps,
      @Nullable Buffer out,
      @Nullable Buffer quantized,
      boolean addToOut)
      implements Instruction {
    public RmsNorm {
      if (out == null && quantized == null) {
        throw new IllegalArgumentException("A norm needs an output.");
      }
      if (in.width() % group != 0 || (addToOut && out == null)) {
        throw new IllegalArgumentException("A norm over " + group + " of " + in + " into " + out);
      }
    }

    @Override
    public List<Buffer> reads() {
      return addToOut && out != null ? List.of(in, out) : List.of(in);
    }

    @Override
    public List<Buffer> writes() {
      return present(out, quantized);
    }
  }

  /** Rule 3: out = in, in blocks of 32. */
  record Quantize(Buffer in, Buffer out) implements Instruction {
    @Override
    public List<Buffer> reads() {
      return List.of(in);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(out);
    }
  }

  /** What a MatMul does with its sums. */
  enum Epilogue {
    /** out = sum (+ bias). */
    STORE,
    /** out = out + sum (+ bias first): the residual connection. */
    ADD,
    /** Two parts, gate and up: out = silu(gate) · up. */
    SWIGLU,
    /** Two parts, gate and up: out = gelu(gate) · up, tanh form. */
    GEGLU;

    /** True when two parts make one output. */
    public boolean gated() {
      return this == SWIGLU || this == GEGLU;
    }
  }

  /**
   * One matrix of a product.
   *
   * @param matrix W [rows, columns]
   * @param in x [n, columns]: F32 for a dense matrix, Q8 for a quantized one
   * @param out y [n, rows]; null in a gated product
   * @param bias name of a vector of rows elements that is added to each sum, or null
   */
  record Part(Matrix matrix, Buffer in, @Nullable Buffer out, @Nullable String bias) {
    public Part {
      boolean fits =
          in.width() == matrix.columns()
              && (in.type() == Buffer.Type.F32) == matrix.format().isDense()
              && (out == null || (out.width() == matrix.rows() && out.type() == Buffer.Type.F32));
      if (!fits) {
        throw new IllegalArgumentException(
            "Matrix " + matrix + " does not fit " + in + " and " + out);
      }
    }
  }

  /**
   * A stack of matrices of one shape, one an expert, which lie one after the other in the packed
   * tensor that the part names: rows e · rows … (e + 1) · rows - 1 of it are expert e's.
   *
   * @param groups which rows of the input meet which expert: {@link Group#groups}
   * @param count number of experts
   */
  record Experts(Buffer groups, int count) {}

  /**
   * Rules 4 and 5: one or several products in one go, q, k and v for instance.
   *
   * <p>With experts, inputs and outputs have {@link Rows#SLOTS}, the part (or gate and up) names a
   * stack and its matrix has the shape of one expert, and a row is multiplied by the matrix of the
   * expert whose group it is in.
   *
   * @param parts the products; where the epilogue is gated, two of one shape: gate and up
   * @param gated the result [n, rows] of a gated product as f32, or null
   * @param quantized the result of a gated product, quantized, or null
   * @param scale factor of each sum (bias included) before the epilogue adds or stores it; 1 leaves
   *     the sum untouched
   * @param experts null where all rows meet the same matrix
   */
  record MatMul(
      List<Part> parts,
      Epilogue epilogue,
      @Nullable Buffer gated,
      @Nullable Buffer quantized,
      float scale,
      @Nullable Experts experts)
      implements Instruction {
    /** A product that is the same for all rows. */
    public MatMul(
        List<Part> parts,
        Epilogue epilogue,
        @Nullable Buffer gated,
        @Nullable Buffer quantized,
        float scale) {
      this(parts, epilogue, gated, quantized, scale, null);
    }

    public MatMul {
      parts = List.copyOf(parts);
      boolean two =
          parts.size() == 2
              && parts.get(0).matrix().rows() == parts.get(1).matrix().rows()
              && parts.get(0).in().rows() == parts.get(1).in().rows();
      boolean results = gated != null || quantized != null;
      boolean outs = true;
      for (Part p : parts) {
        outs &= (p.out() == null) == epilogue.gated();
      }
      if (parts.isEmpty() || !outs || epilogue.gated() != results || (results && !two)) {
        throw new IllegalArgumentException("A product of " + parts + " with " + epilogue);
      }
      if (experts != null) {
        checkExperts(parts, epilogue, experts);
      }
    }

    private static void checkExperts(List<Part> parts, Epilogue epilogue, Experts experts) {
      boolean fits =
          (epilogue.gated() || (epilogue == Epilogue.STORE && parts.size() == 1))
              && experts.groups().width() == Group.width(experts.count());
      for (Part p : parts) {
        // Panels of 16 rows must not hold rows of two experts.
        fits &= p.in().rows() == Rows.SLOTS && p.matrix().rows() % 16 == 0 && p.bias() == null;
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "A product of " + parts + " with " + epilogue + " over " + experts);
      }
    }

    /** Products that only store or add. */
    public static MatMul of(Epilogue epilogue, Part... parts) {
      return new MatMul(List.of(parts), epilogue, null, null, 1);
    }

    /** The rows that all parts run over. */
    public Rows rows() {
      return parts.getFirst().in().rows();
    }

    @Override
    public List<Buffer> reads() {
      List<Buffer> list = new ArrayList<>();
      for (Part p : parts) {
        list.add(p.in());
        if (epilogue == Epilogue.ADD && p.out() != null) {
          list.add(p.out());
        }
      }
      if (experts != null) {
        list.add(experts.groups());
      }
      return list;
    }

    @Override
    public List<Buffer> writes() {
      List<Buffer> list = present(gated, quantized);
      for (Part p : parts) {
        if (p.out() != null) {
          list.add(p.out());
        }
      }
      return list;
    }

    @Override
    public List<Matrix> matrices() {
      return parts.stream().map(Part::matrix).toList();
    }
  }

  /**
   * Rule 7 on q [n, heads · headDim] and k [n, kvHeads · headDim] in place, then k and v into the
   * page of the token's position.
   *
   * @param rope null for layers without position embedding
   * @param queryRope what turns q: the same, or one of the same pairs and another size
   */
  record RopeStoreKv(
      Buffer q, Buffer k, Buffer v, int layer, @Nullable Rope rope, @Nullable Rope queryRope)
      implements Instruction {
    /** Queries and keys turned alike. */
    public RopeStoreKv(Buffer q, Buffer k, Buffer v, int layer, @Nullable Rope rope) {
      this(q, k, v, layer, rope, rope);
    }

    public RopeStoreKv {
      boolean alike =
          (rope == null || queryRope == null)
              ? Objects.equals(rope, queryRope)
              : (rope.style() == queryRope.style() && rope.pairs() == queryRope.pairs());
      if (!alike) {
        throw new IllegalArgumentException("Queries and keys of different pairs.");
      }
    }

    @Override
    public List<Buffer> reads() {
      return List.of(q, k, v);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(q, k);
    }
  }

  /**
   * Rule 8: each head of q [n, heads · headDim] over the positions of its sequence up to its own.
   *
   * @param window only the last {@code window} positions count; 0 for all
   * @param softcap scores become softcap · tanh(score / softcap); 0 for none
   */
  record Attend(
      Buffer q,
      @Nullable Buffer out,
      @Nullable Buffer quantized,
      int layer,
      float scale,
      int window,
      float softcap)
      implements Instruction {
    @Override
    public List<Buffer> reads() {
      return List.of(q);
    }

    @Override
    public List<Buffer> writes() {
      return present(out, quantized);
    }
  }

  /**
   * Rule 11: to which experts each token goes, and how much each counts.
   *
   * @param logits [n, experts]
   * @param choice [n, used], I32: the experts, best first
   * @param weight [n, used], F32: what each counts
   * @param normalized whether the weights of a token add up to {@code scale}; else they are its
   *     probabilities times that
   */
  record Route(Buffer logits, Buffer choice, Buffer weight, boolean normalized, float scale)
      implements Instruction {
    public Route {
      boolean fits =
          choice.width() <= logits.width()
              && choice.width() == weight.width()
              && choice.type() == Buffer.Type.I32
              && weight.type() == Buffer.Type.F32
              && logits.type() == Buffer.Type.F32;
      if (!fits) {
        throw new IllegalArgumentException(
            "A choice of " + choice + " and " + weight + " from " + logits);
      }
    }

    @Override
    public List<Buffer> reads() {
      return List.of(logits);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(choice, weight);
    }
  }

  /**
   * Gives every token and expert that it goes to a row of the {@link Rows#SLOTS} buffers, ordered
   * by expert, then token.
   *
   * @param choice [n, used], I32
   * @param place [n, used], I32: the row of each
   * @param groups one row, I32: for each expert that has rows, ascending, the four numbers expert,
   *     its first row, how many rows, 0; then groups of 0 rows, up to min(experts, n · used) groups
   * @param experts number of experts
   */
  record Group(Buffer choice, Buffer place, Buffer groups, int experts) implements Instruction {
    /** Numbers of a group. */
    public static final int FIELDS = 4;

    public Group {
      boolean fits =
          place.width() == choice.width()
              && groups.width() == width(experts)
              && groups.rows() == Rows.STEP
              && choice.type() == Buffer.Type.I32
              && place.type() == Buffer.Type.I32
              && groups.type() == Buffer.Type.I32;
      if (!fits) {
        throw new IllegalArgumentException(
            "Groups of " + choice + " in " + place + " and " + groups);
      }
    }

    /** Elements of the row of groups. */
    public static int width(int experts) {
      return FIELDS * experts;
    }

    @Override
    public List<Buffer> reads() {
      return List.of(choice);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(place, groups);
    }
  }

  /**
   * Copies each token's row to the places where its experts read it.
   *
   * @param in [n, width], F32 or Q8
   * @param place [n, used], I32, of {@link Group}
   * @param out [n · used, width] of the same type
   */
  record Dispatch(Buffer in, Buffer place, Buffer out) implements Instruction {
    public Dispatch {
      boolean fits =
          in.type() == out.type()
              && in.width() == out.width()
              && out.rows() == Rows.SLOTS
              && place.type() == Buffer.Type.I32;
      if (!fits) {
        throw new IllegalArgumentException("Rows of " + in + " to " + out + " by " + place);
      }
    }

    @Override
    public List<Buffer> reads() {
      return List.of(in, place);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(out);
    }
  }

  /**
   * Rule 11: what the experts of a token have made of it, added to the residual.
   *
   * @param in [n · used, width], F32
   * @param place [n, used], I32, of {@link Group}
   * @param weight [n, used], F32, of {@link Route}
   * @param into [n, width], F32
   */
  record Combine(Buffer in, Buffer place, Buffer weight, Buffer into) implements Instruction {
    public Combine {
      boolean fits =
          in.width() == into.width()
              && in.rows() == Rows.SLOTS
              && in.type() == Buffer.Type.F32
              && into.type() == Buffer.Type.F32
              && place.width() == weight.width()
              && place.type() == Buffer.Type.I32
              && weight.type() == Buffer.Type.F32;
      if (!fits) {
        throw new IllegalArgumentException(
            in + " by " + place + " and " + weight + " into " + into);
      }
    }

    @Override
    public List<Buffer> reads() {
      return List.of(in, place, weight, into);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(into);
    }
  }

  /** into = into + in. */
  record Add(Buffer in, Buffer into) implements Instruction {
    @Override
    public List<Buffer> reads() {
      return List.of(in, into);
    }

    @Override
    public List<Buffer> writes() {
      return List.of(into);
    }
  }

  /**
   * Rule 9's first half: tileMax[i, t] = the largest of logits[i, 64t … 64t+63], so that whoever
   * wants the best of them looks at one tile in 64; NaN where one of them is not finite (rule 10).
   * With a softcap, logits become softcap · tanh(logit / softcap) first.
   */
  record Select(Buffer logits, Buffer tileMax, float softcap) implements Instruction {
    /** Logits of a tile. */
    public static final int TILE = 64;

    @Override
    public List<Buffer> reads() {
      return List.of(logits);
    }

    @Override
    public List<Buffer> writes() {
      return softcap > 0 ? List.of(logits, tileMax) : List.of(tileMax);
    }
  }

  private static List<Buffer> present(@Nullable Buffer a, @Nullable Buffer b) {
    List<Buffer> list = new ArrayList<>(2);
    if (a != null) {
      list.add(a);
    }
    if (b != null) {
      list.add(b);
    }
    return list;
  }
}
