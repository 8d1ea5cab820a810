package dev.vtc.asm.x64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.asm.x64.X64Assembler.Vectors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each mnemonic method emits the row of its own name, and each row has a method. */
class MnemonicTest {
  private static final List<Class<?>> CLASSES =
      List.of(
          MoveInstructions.class,
          ShuffleInstructions.class,
          FloatInstructions.class,
          IntegerInstructions.class,
          ShiftInstructions.class,
          MaskInstructions.class);

  private static Object[] operands(Class<?> type, int position) {
    if (type == int.class) {
      return new Object[] {3};
    }
    if (type == Gp.class) {
      return new Object[] {Gp.of(position), Gp.of(position).r32()};
    }
    if (type == Mask.class) {
      return new Object[] {Mask.of(position)};
    }
    if (type == Xmm.class) {
      return new Object[] {Xmm.of(position)};
    }
    List<Object> all = new ArrayList<>();
    if (type == Vec.class || type == VecMem.class) {
      all.addAll(List.of(Xmm.of(position), Ymm.of(position), Zmm.of(position)));
      all.add(Zmm.of(position).k(Mask.of(1)));
    }
    if (type == GpMem.class) {
      all.addAll(List.of(Gp.of(position), Gp.of(position).r32(), Mem.of(Gp.RAX, 0).dword()));
    }
    if (type != Vec.class) {
      all.add(Mem.of(Gp.RAX, 0).qword());
      all.add(Mem.gather(Gp.RAX, Ymm.of(7), 4, 0));
      all.add(Mem.gather(Gp.RAX, Zmm.of(7), 4, 0));
    }
    return all.toArray();
  }

  private static void call(Method m, Object[] args, int i, Set<VecOp> reached, int[] accepted)
      throws ReflectiveOperationException {
    if (i < args.length) {
      for (Object o : operands(m.getParameterTypes()[i], i + 1)) {
        args[i] = o;
        call(m, args, i + 1, reached, accepted);
      }
      return;
    }
    X64Assembler a = new X64Assembler("mnemonics", Vectors.AVX512);
    try {
      m.invoke(a, args);
    } catch (InvocationTargetException e) {
      assertThat(e.getCause()).as(m.toString()).isInstanceOf(IllegalArgumentException.class);
      return;
    }
    VecOp op = (VecOp) java.util.Objects.requireNonNull(a.lastRow());
    String name = m.getName();
    String expected = name.endsWith("Vex") ? "{vex} " + name.substring(0, name.length() - 3) : name;
    assertThat(op.mnemonic()).as(m.toString()).isEqualTo(expected);
    // The operands reach the record, and so the encoder, in the order of the parameters.
    StringBuilder text = new StringBuilder(expected);
    for (int k = 0; k < args.length; k++) {
      text.append(k == 0 ? " " : ", ");
      text.append(
          args[k] instanceof Mem mem && mem.size > 0
              ? (mem.size == 8 ? "qword ptr " : "dword ptr ") + mem
              : args[k]);
    }
    assertThat(a.lastLine()).isEqualTo(text.toString());
    reached.add(op);
    accepted[0]++;
  }

  @Test
  void everyMethodEmitsItsRowAndEveryRowHasAMethod() throws Exception {
    Set<VecOp> reached = new HashSet<>();
    for (Class<?> c : CLASSES) {
      for (Method m : c.getDeclaredMethods()) {
        if (Modifier.isPublic(m.getModifiers())) {
          int[] accepted = {0};
          call(m, new Object[m.getParameterCount()], 0, reached, accepted);
          assertThat(accepted[0]).as("no operands fit " + m).isPositive();
        }
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(VecOp.values());
  }
}
