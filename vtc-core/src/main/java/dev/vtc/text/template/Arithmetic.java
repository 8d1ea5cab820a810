package dev.vtc.text.template;

import dev.vtc.text.template.Values.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators and subscripts on numbers, strings and lists, as Python defines them. */
final class Arithmetic {
  private final Ops ops;

  Arithmetic(Ops ops) {
    this.ops = ops;
  }

  Object apply(String operator, Object a, Object b) {
    Number x = Ops.number(a);
    Number y = Ops.number(b);
    if (x != null && y != null) {
      return Numbers.arithmetic(operator, x, y);
    }
    switch (operator) {
      case "+" -> {
        if (a instanceof Text s && b instanceof Text t) {
          return s.plus(t, ops.budget);
        }
        if (a instanceof List<?> s
            && b instanceof List<?> t
            && a instanceof Tuple == b instanceof Tuple) {
          ops.budget.charge((long) s.size() + t.size());
          List<Object> sum = new ArrayList<>(s);
          sum.addAll(t);
          return a instanceof Tuple ? new Tuple(sum) : sum;
        }
      }
      case "*" -> {
        if (y instanceof Long n) {
          return repeat(a, n, b);
        }
        if (x instanceof Long n) {
          return repeat(b, n, a);
        }
      }
      case "%" -> {
        if (a instanceof Text format) {
          return new Formatting(ops).percent(format, b);
        }
      }
      default -> {}
    }
    throw Ops.binary(operator, a, b);
  }

  private Object repeat(Object v, long times, Object count) {
    long n = Math.max(0, times);
    if (v instanceof Text t) {
      ops.budget.checkText(
          Math.multiplyHigh(t.chars.length(), n) != 0 ? Long.MAX_VALUE : t.chars.length() * n);
      TextBuilder out = new TextBuilder(ops.budget);
      for (long i = 0; i < n && !t.isEmpty(); i++) {
        out.append(t);
      }
      return out.toText();
    }
    if (v instanceof List<?> list) {
      ops.budget.charge(Math.min(n, Integer.MAX_VALUE) * list.size());
      List<Object> out = new ArrayList<>();
      for (long i = 0; i < n && !list.isEmpty(); i++) {
        out.addAll(list);
      }
      return v instanceof Tuple ? new Tuple(out) : out;
    }
    throw Ops.binary("*", v, count);
  }

  Object sign(boolean negative, Object v) {
    Number x = Ops.number(v);
    if (x == null) {
      throw v instanceof Values.Undefined u
          ? Ops.undefined(u)
          : new Problem("a value of type " + Values.typeName(v) + " cannot have a sign");
    }
    if (!negative) {
      return x;
    }
    return x instanceof Double d ? (Object) (-d) : Numbers.arithmetic("-", 0L, x);
  }

  /** {@code v[from:to:step]}; null bounds are missing. Null if the value cannot be sliced. */
  @Nullable Object slice(
      Object v, @Nullable Object from, @Nullable Object to, @Nullable Object step) {
    if (!(v instanceof Text) && !(v instanceof List<?>)) {
      return null;
    }
    long stride = bound(step, 1);
    if (stride == 0) {
      throw new Problem("the step of a slice is 0");
    }
    boolean isText = v instanceof Text;
    int length = Math.toIntExact(ops.length(v));
    long first = place(bound(from, stride > 0 ? 0 : Integer.MAX_VALUE), length, stride);
    long end =
        to == null || to == Values.None.NONE
            ? (stride > 0 ? length : -1)
            : place(bound(to, 0), length, stride);
    if (isText && stride == 1) {
      Text t = (Text) v;
      return first >= end ? Text.EMPTY : t.sub(t.offset((int) first), t.offset((int) end));
    }
    List<Object> items = ops.iterate(v);
    List<Object> out = new ArrayList<>();
    for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
      ops.budget.charge(1);
      out.add(items.get((int) i));
    }
    if (isText) {
      TextBuilder text = new TextBuilder(ops.budget);
      for (Object c : out) {
        text.append((Text) c);
      }
      return text.toText();
    }
    return v instanceof Tuple ? new Tuple(out) : out;
  }

  private static long bound(@Nullable Object v, long otherwise) {
    return v == null || v == Values.None.NONE
        ? otherwise
        : Ops.smallInteger(v, "the bound of a slice");
  }

  /** A bound as Python clips it: into [0, length], or [−1, length − 1] when going backwards. */
  private static long place(long bound, int length, long stride) {
    long i = bound < 0 ? bound + length : bound;
    return stride > 0 ? Math.clamp(i, 0, length) : Math.clamp(i, -1, length - 1);
  }
}
