package dev.vtc.text.template;

import dev.vtc.text.template.Values.Generator;
import dev.vtc.text.template.Values.None;
import dev.vtc.text.template.Values.Tuple;
import dev.vtc.text.template.Values.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's filters that walk a list, a dict or the characters of a string. */
final class ListFilters {
  private final Ops ops;
  private final Access access;
  private final Tests tests;
  private final Filters filters;

  ListFilters(Ops ops, Access access, Tests tests, Filters filters) {
    this.ops = ops;
    this.access = access;
    this.tests = tests;
    this.filters = filters;
  }

  Object apply(String name, Object v, Args args) {
    return switch (name) {
      case "list" -> {
        List<Object> items = ops.iterate(args.expect(name, "value").need(0, "value"));
        ops.budget.charge(items.size());
        yield new ArrayList<>(items);
      }
      case "first" -> {
        List<Object> items = ops.iterate(v);
        yield items.isEmpty()
            ? new Undefined("an empty sequence has no first item")
            : items.getFirst();
      }
      case "last" -> {
        if (v instanceof Generator) {
          throw new Problem("a generator has no last item; use the filter 'list' before");
        }
        List<Object> items = ops.iterate(v);
        yield items.isEmpty()
            ? new Undefined("an empty sequence has no last item")
            : items.getLast();
      }
      case "join" -> join(v, args.expect(name, "value", "d", "attribute"));
      case "reverse" -> {
        if (v instanceof Text t) {
          yield access.slice(t, null, null, -1L);
        }
        List<Object> items = new ArrayList<>(ops.iterate(v));
        ops.budget.charge(items.size());
        Collections.reverse(items);
        yield new Generator(items);
      }
      case "map" -> map(v, args);
      case "select" -> new Generator(select(v, args, false, true));
      case "reject" -> new Generator(select(v, args, false, false));
      case "selectattr" -> new Generator(select(v, args, true, true));
      case "rejectattr" -> new Generator(select(v, args, true, false));
      case "sort" -> sort(v, args.expect(name, "value", "reverse", "case_sensitive", "attribute"));
      case "unique" -> unique(v, args.expect(name, "value", "case_sensitive", "attribute"));
      case "min" -> extreme(v, args.expect(name, "value", "case_sensitive", "attribute"), false);
      case "max" -> extreme(v, args.expect(name, "value", "case_sensitive", "attribute"), true);
      case "sum" -> sum(v, args.expect(name, "value", "attribute", "start"));
      case "dictsort" -> dictSort(v, args.expect(name, "value", "case_sensitive", "by", "reverse"));
      case "batch" -> batch(v, args.expect(name, "value", "linecount", "fill_with"));
      case "slice" -> slices(v, args.expect(name, "value", "slices", "fill_with"));
      case "groupby" ->
          groupBy(v, args.expect(name, "value", "attribute", "default", "case_sensitive"));
      default -> // attr
          v instanceof Map<?, ?> map
                  && !(access.attribute(map, text(args)) instanceof Values.Builtin)
              ? new Undefined("a dict has no attribute '" + text(args) + "'")
              : access.attribute(v, text(args));
    };
  }

  private String text(Args args) {
    return ops.str(args.need(1, "name")).chars;
  }

  /** A getter for {@code 'a.b.0'} or an index; the value itself where there is no attribute. */
  private Object attribute(Object item, Object attribute) {
    if (attribute instanceof None) {
      return item;
    }
    if (!(attribute instanceof Text path)) {
      return access.item(item, attribute);
    }
    Object v = item;
    for (String part : path.chars.split("\\.", -1)) {
      Long index = Numbers.parseIndex(part);
      v = access.item(v, index != null ? index : Text.template(part));
    }
    return v;
  }

  private Object foldCase(Object v, boolean caseSensitive) {
    return !caseSensitive && v instanceof Text t ? access.strings().lower(t) : v;
  }

  private Text join(Object v, Args args) {
    Text separator = ops.str(args.get(1, "d", Text.EMPTY));
    Object attribute = args.get(2, "attribute", None.NONE);
    TextBuilder out = new TextBuilder(ops.budget);
    boolean first = true;
    for (Object item : ops.iterate(v)) {
      ops.budget.charge(1);
      if (!first) {
        out.append(separator);
      }
      first = false;
      out.append(ops.str(attribute(item, attribute)));
    }
    return out.toText();
  }

  private Object map(Object v, Args args) {
    List<Object> out = new ArrayList<>();
    Object attribute = args.named().get("attribute");
    if (attribute == null && args.size() < 2) {
      throw new Problem("the filter 'map' needs a filter or an attribute");
    }
    Object otherwise = args.named().get("default");
    String filter = attribute == null ? ops.str(args.positional().get(1)).chars : "";
    for (Object item : walked(v)) {
      ops.budget.charge(1);
      if (attribute != null) {
        Object found = attribute(item, attribute);
        out.add(found instanceof Undefined && otherwise != null ? otherwise : found);
      } else {
        out.add(
            filters.apply(
                filter, with(item, args.positional().subList(2, args.size()), args.named())));
      }
    }
    return new Generator(out);
  }

  /** The items; none of what is false, such as None, which could not be walked. */
  private List<Object> walked(Object v) {
    return Ops.truth(v) ? ops.iterate(v) : List.of();
  }

  private static Args with(Object first, List<Object> rest, Map<String, Object> named) {
    List<Object> positional = new ArrayList<>(rest.size() + 1);
    positional.add(first);
    positional.addAll(rest);
    return new Args(positional, named);
  }

  private List<Object> select(Object v, Args args, boolean byAttribute, boolean wanted) {
    int at = byAttribute ? 2 : 1;
    if (args.size() < at) {
      throw new Problem("the name of the attribute is missing");
    }
    List<Object> out = new ArrayList<>();
    for (Object item : walked(v)) {
      ops.budget.charge(1);
      Object tested = byAttribute ? attribute(item, args.positional().get(1)) : item;
      boolean result =
          args.size() == at
              ? Ops.truth(tested)
              : tests.apply(
                  ops.str(args.positional().get(at)).chars,
                  with(tested, args.positional().subList(at + 1, args.size()), args.named()));
      if (result == wanted) {
        out.add(item);
      }
    }
    return out;
  }

  /** Several attributes, separated by commas, sort by the first and then the next. */
  private Object sortKey(Object item, Object attribute, boolean caseSensitive) {
    if (!(attribute instanceof Text t) || t.chars.indexOf(',') < 0) {
      return foldCase(attribute(item, attribute), caseSensitive);
    }
    List<Object> keys = new ArrayList<>();
    for (String part : t.chars.split(",", -1)) {
      keys.add(foldCase(attribute(item, Text.template(part)), caseSensitive));
    }
    return keys;
  }

  private List<Object> sorted(List<Object> items, List<Object> keys, boolean reverse) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      order.add(i);
    }
    ops.budget.charge(2L * items.size());
    ops.sort(
        order,
        (a, b) -> {
          int c = ops.compare(keys.get(a), keys.get(b), "<");
          c = c == Numbers.UNORDERED ? 0 : c;
          return reverse ? -c : c; // stable both ways, as Python's sort
        });
    List<Object> out = new ArrayList<>(items.size());
    for (int i : order) {
      out.add(items.get(i));
    }
    return out;
  }

  private List<Object> keys(List<Object> items, Object attribute, boolean caseSensitive) {
    List<Object> keys = new ArrayList<>(items.size());
    for (Object item : items) {
      keys.add(sortKey(item, attribute, caseSensitive));
    }
    return keys;
  }

  private Object sort(Object v, Args args) {
    List<Object> items = ops.iterate(v);
    boolean caseSensitive = Ops.truth(args.get(2, "case_sensitive", false));
    return sorted(
        items,
        keys(items, args.get(3, "attribute", None.NONE), caseSensitive),
        Ops.truth(args.get(1, "reverse", false)));
  }

  private Object unique(Object v, Args args) {
    Map<Object, Object> seen = new LinkedHashMap<>();
    List<Object> items = ops.iterate(v);
    boolean caseSensitive = Ops.truth(args.get(1, "case_sensitive", false));
    for (Object item : items) {
      ops.budget.charge(1);
      seen.putIfAbsent(
          Ops.key(sortKey(item, args.get(2, "attribute", None.NONE), caseSensitive)), item);
    }
    return new Generator(new ArrayList<>(seen.values()));
  }

  private Object extreme(Object v, Args args, boolean max) {
    Object best = null;
    Object bestKey = null;
    for (Object item : ops.iterate(v)) {
      Object key =
          foldCase(
              attribute(item, args.get(2, "attribute", None.NONE)),
              Ops.truth(args.get(1, "case_sensitive", false)));
      if (bestKey == null
          || (max ? tests.order(key, ">", bestKey) : tests.order(key, "<", bestKey))) {
        best = item;
        bestKey = key;
      }
    }
    return best != null ? best : new Undefined("an empty sequence has no extreme item");
  }

  private Object sum(Object v, Args args) {
    Object sum = args.get(2, "start", 0L);
    Arithmetic arithmetic = new Arithmetic(ops);
    for (Object item : ops.iterate(v)) {
      ops.budget.charge(1);
      sum = arithmetic.apply("+", sum, attribute(item, args.get(1, "attribute", None.NONE)));
    }
    return sum;
  }

  private Object dictSort(Object v, Args args) {
    if (!(v instanceof Map<?, ?> map)) {
      throw v instanceof Undefined u
          ? Ops.undefined(u)
          : new Problem(
              "the filter 'dictsort' needs a dict, not a value of type " + Values.typeName(v));
    }
    String by = ops.str(args.get(2, "by", Text.template("key"))).chars;
    if (!by.equals("key") && !by.equals("value")) {
      throw new Problem("dictsort sorts by 'key' or 'value', not by '" + by + "'");
    }
    List<Object> items = Access.items(Ops.objects(map));
    List<Object> keys = new ArrayList<>();
    for (Object item : items) {
      Object key = ((Tuple) item).get(by.equals("key") ? 0 : 1);
      keys.add(foldCase(key, Ops.truth(args.get(1, "case_sensitive", false))));
    }
    return sorted(items, keys, Ops.truth(args.get(3, "reverse", false)));
  }

  private Object batch(Object v, Args args) {
    int size = Ops.smallInteger(args.need(1, "linecount"), "the size of a batch");
    Object fill = args.get(2, "fill_with", None.NONE);
    List<Object> batches = new ArrayList<>();
    List<Object> batch = new ArrayList<>();
    for (Object item : ops.iterate(v)) {
      ops.budget.charge(2);
      if (batch.size() == size) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      while (fill != None.NONE && batch.size() < size) {
        ops.budget.charge(1);
        batch.add(fill);
      }
      batches.add(batch);
    }
    return new Generator(batches);
  }

  private Object slices(Object v, Args args) {
    List<Object> items = ops.iterate(v);
    int count = Ops.smallInteger(args.need(1, "slices"), "the number of slices");
    if (count <= 0) {
      throw new Problem("a list cannot be cut into " + count + " slices");
    }
    Object fill = args.get(2, "fill_with", None.NONE);
    int each = items.size() / count;
    int longer = items.size() % count;
    List<Object> slices = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      ops.budget.charge(to - from + 2L);
      List<Object> slice = new ArrayList<>(items.subList(from, to));
      if (fill != None.NONE && i >= longer && longer > 0) {
        slice.add(fill);
      }
      slices.add(slice);
      from = to;
    }
    return new Generator(slices);
  }

  private Object groupBy(Object v, Args args) {
    Object attribute = args.need(1, "attribute");
    boolean caseSensitive = Ops.truth(args.get(3, "case_sensitive", false));
    List<Object> items = ops.iterate(v);
    List<Object> keys = new ArrayList<>();
    for (Object item : items) {
      keys.add(groupKey(item, attribute, args.find(2, "default")));
    }
    List<Object> folded = new ArrayList<>();
    for (Object key : keys) {
      folded.add(foldCase(key, caseSensitive));
    }
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    List<Object> order = sorted(indices(items.size()), folded, false);
    for (int i = 0; i < order.size(); i++) {
      int at = Math.toIntExact((Long) order.get(i));
      group.add(items.get(at));
      boolean last =
          i + 1 == order.size()
              || !ops.equal(folded.get(at), folded.get(Math.toIntExact((Long) order.get(i + 1))));
      if (last) {
        int first = Math.toIntExact((Long) order.get(i + 1 - group.size()));
        groups.add(Tuple.of(keys.get(first), group));
        group = new ArrayList<>();
      }
    }
    return groups;
  }

  private Object groupKey(Object item, Object attribute, @Nullable Object otherwise) {
    Object key = attribute(item, attribute);
    return key instanceof Undefined && otherwise != null ? otherwise : key;
  }

  private static List<Object> indices(int n) {
    List<Object> indices = new ArrayList<>(n);
    for (long i = 0; i < n; i++) {
      indices.add(i);
    }
    return indices;
  }
}
