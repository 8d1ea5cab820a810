package dev.vtc.asm.a64;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every mnemonic method against {@code llvm-mc}: all combinations of widths and arrangements, all
 * registers in every operand, awkward immediates, offsets and distances. What the assembler emits
 * must be LLVM's word for the same text; what it refuses, LLVM must refuse as well.
 */
class InstructionOracleTest {
  private static final List<Class<?>> MNEMONICS =
      List.of(
          IntegerAssembler.class,
          ControlAssembler.class,
          MemoryAssembler.class,
          NeonAssembler.class,
          WidenAssembler.class,
          PermuteAssembler.class,
          FloatAssembler.class,
          ScalarAssembler.class);
  private static final List<Class<?>> ROWS =
      List.of(
          IntegerRows.class,
          ControlRows.class,
          MemoryRows.class,
          NeonRows.class,
          WidenRows.class,
          PermuteRows.class,
          FloatRows.class,
          ScalarRows.class);
  private static final Map<String, String> NAMES =
      Map.of("yield_", "yield", "dcCvau", "dc cvau,", "icIvau", "ic ivau,", "dcZva", "dc zva,");

  /**
   * What LLVM 14 accepts and this assembler refuses, as it is no instruction of the architecture,
   * or one that means another.
   */
  private static final Map<String, String> STRICTER =
      Map.of(
          ".* w(\\d+|zr), [us]xtx .*", "uxtx and sxtx extend x registers",
          "ext .*", "LLVM cuts an index down to 3 or 4 bits",
          "fmov [sd]\\d+, #0.0 .*", "an alias that takes the zero register",
          "(ld|st)\\d.*, xzr .*", "register 31 means an immediate here",
          "ldn?p (\\w+), \\1,.*", "constrained unpredictable: both results to one register",
          "mov v\\d+\\.[1248]+[hsd],.*", "an alias of the 16b form",
          "movi .* only 2d .*", "the overload with an int takes it",
          "msr C.*", "traps in user code");

  private static boolean isStricter(Case c) {
    return STRICTER.keySet().stream().anyMatch((c.text + " " + c.reason)::matches);
  }

  /** One use of an instruction: its text, and the word emitted for it or null. */
  private record Case(
      Method method, String text, @Nullable Integer word, @Nullable String reason) {}

  private final A64Assembler assembler = new A64Assembler();
  private final List<Case> cases = new ArrayList<>();
  private final Set<String> texts = new HashSet<>();
  private final Set<Row> rows = new HashSet<>();
  private final long seed = Long.getLong("vtc.seed", 20261122);
  private final Random random = new Random(seed);

  private static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Class<?> type : MNEMONICS) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers())) {
          methods.add(method);
        }
      }
    }
    methods.sort(Comparator.comparing(Method::toString));
    return methods;
  }

  /** mov of an immediate emits up to four instructions: {@link MoveImmediateTest}. */
  private static boolean isMovImmediate(Method method) {
    return method.getName().equals("mov") && method.getParameterTypes()[1] == long.class;
  }

  @Test
  void everyMnemonicAgreesWithLlvm() throws Exception {
    LlvmMc.assume();
    assembler.startListing();
    int methods = 0;
    for (Method method : methods()) {
      if (!isMovImmediate(method)) {
        generate(method);
        methods++;
      }
    }
    List<String> lines = cases.stream().map(Case::text).toList();
    long generated = System.nanoTime();
    @Nullable Integer[] expected = LlvmMc.assemble(lines);
    Map<String, List<String>> wrong = new TreeMap<>();
    int accepted = 0;
    for (int i = 0; i < expected.length; i++) {
      Case c = cases.get(i);
      accepted += c.word == null ? 0 : 1;
      if (!Objects.equals(c.word, expected[i]) && !(c.word == null && isStricter(c))) {
        wrong
            .computeIfAbsent(c.method.getName(), k -> new ArrayList<>())
            .add(c.text + " here " + hex(c.word) + " llvm " + hex(expected[i]) + " " + c.reason);
      }
    }
    System.out.printf(
        "a64 oracle: seed %d, %d methods, %d rows, %d accepted and %d refused uses, %d ms in"
            + " llvm-mc%n",
        seed,
        methods,
        rows.size(),
        accepted,
        cases.size() - accepted,
        (System.nanoTime() - generated) / 1_000_000);
    StringBuilder report = new StringBuilder();
    wrong.forEach((name, uses) -> {
      report.append(name).append(": ").append(uses.size()).append(" wrong, ");
      report.append(uses.subList(0, Math.min(4, uses.size()))).append('\n');
    });
    assertThat(report.toString()).isEmpty();
    assertThat(accepted).isGreaterThan(50_000);
    Set<String> untested = new HashSet<>();
    for (Class<?> type : ROWS) {
      for (Field field : type.getDeclaredFields()) {
        if (field.get(null) instanceof Row row && !rows.contains(row)) {
          untested.add(field.getName());
        }
      }
    }
    assertThat(untested).as("rows that no test reached").isEmpty();
  }

  private static String hex(@Nullable Integer word) {
    return word == null ? "refused" : Integer.toHexString(word);
  }

  /**
   * All combinations of shapes; from each that is accepted, every operand through all its values.
   */
  private void generate(Method method) throws Exception {
    Class<?>[] types = method.getParameterTypes();
    List<List<List<Object>>> choices = new ArrayList<>();
    int combinations = 1;
    for (Class<?> type : types) {
      choices.add(Operands.of(type));
      combinations *= choices.getLast().size();
    }
    boolean reached = false;
    for (int c = 0; c < combinations; c++) {
      List<List<Object>> values = new ArrayList<>();
      int rest = c;
      for (List<List<Object>> choice : choices) {
        values.add(choice.get(rest % choice.size()));
        rest /= choice.size();
      }
      Object[] base = null;
      int attempts = combinations > 64 ? 10 : 60;
      for (int attempt = 0; attempt < attempts && base == null; attempt++) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
          // Small integers first: they are the likeliest to be accepted.
          boolean small = attempt < 9 && types[i] == int.class;
          arguments[i] = small ? (Object) attempt : Operands.any(values.get(i), random);
        }
        if (tryUse(method, arguments, attempt < 1)) {
          base = arguments;
        }
      }
      if (base == null) {
        continue;
      }
      reached = true;
      for (int i = 0; i < types.length; i++) {
        for (Object value : values.get(i)) {
          Object[] arguments = base.clone();
          arguments[i] = value;
          tryUse(method, arguments, true);
        }
      }
      for (int n = 0; n < 8; n++) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
          arguments[i] = Operands.any(values.get(i), random);
        }
        tryUse(method, arguments, true);
      }
    }
    assertThat(reached).as("a use of " + method).isTrue();
  }

  /** Whether the assembler accepts the use, which is noted for the oracle if {@code note}. */
  private boolean tryUse(Method method, Object[] arguments, boolean note) throws Exception {
    assembler.clear();
    Integer word = null;
    String reason = null;
    Object[] passed = arguments.clone();
    boolean label = false;
    for (int i = 0; i < passed.length; i++) {
      if (passed[i] instanceof Operands.Distance distance) {
        Label target = assembler.label("target");
        target.position = distance.words();
        passed[i] = target;
        label = true;
      }
    }
    try {
      method.setAccessible(true);
      method.invoke(assembler, passed);
      if (assembler.size() != 4) {
        throw new AssertionError(method + Arrays.toString(arguments) + ": not one instruction");
      }
      word = assembler.wordAt(0);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)
          && !(e.getCause() instanceof IllegalStateException)) {
        throw e;
      }
      reason = e.getCause().getMessage();
    }
    if (!note && word == null) {
      return false;
    }
    note(new Case(method, text(method, arguments), word, reason));
    if (word != null) {
      Listing.Line line = requireNonNull(assembler.listing).lines.getLast();
      rows.add(requireNonNull(line.row()));
      if (!label) {
        note(new Case(method, line.text(), word, "listing"));
      }
    }
    return word != null;
  }

  private void note(Case c) {
    if (texts.add(c.text)) {
      cases.add(c);
    }
  }

  /** The use as assembly, from the names and operands of the method alone. */
  private static String text(Method method, Object[] arguments) {
    String name = NAMES.getOrDefault(method.getName(), method.getName());
    StringBuilder out = new StringBuilder(name);
    String separator = " ";
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (i == 0 && name.equals("b") && argument instanceof Cond cond) {
        out.append('.').append(cond);
        continue;
      }
      out.append(separator);
      if (i == 1 && name.equals("tbl") && argument instanceof Vec table) {
        argument = new VecList(table);
      }
      if (parameters[i].getName().equals("lsl")) {
        out.append("lsl ");
      }
      if (argument instanceof Lane lane && name.matches("ld1|st1")) {
        out.append("{ v").append(lane.index).append('.').append("bhsd".charAt(lane.size));
        out.append(lane.group ? "4 }[" : " }[").append(lane.lane).append(']');
      } else {
        out.append(argument instanceof Number ? "#" : "").append(argument);
      }
      separator = argument instanceof Shift || argument instanceof Extend ? " " : ", ";
    }
    return out.toString();
  }
}
