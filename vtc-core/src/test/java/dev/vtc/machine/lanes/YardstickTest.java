package dev.vtc.machine.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.asm.ExecutableMemory;
import dev.vtc.asm.NativeCalls;
import dev.vtc.machine.lanes.LaneAssembler.R;
import dev.vtc.machine.lanes.LaneAssembler.V;
import dev.vtc.testing.Rig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What machines are measured by counts what it does, and does what it counts. */
class YardstickTest {
  private static List<LaneMachine> machines(String test) {
    return Rig.machines(test).stream()
        .filter(LaneMachine.class::isInstance)
        .map(m -> (LaneMachine) m)
        .toList();
  }

  /**
   * All factors are 1, so the sums, in words of 16 bits as some machines have them, add up to the
   * number of products.
   */
  @Test
  void productsOfBytesAreCounted() {
    List<LaneMachine> machines = machines("products of bytes");
    assertThat(machines).isNotEmpty();
    for (LaneMachine machine : machines) {
      LaneAssembler a = machine.backend().apply("products");
      R to = a.arg(0);
      V x = a.vec("x");
      V sum = a.vec("sum");
      a.constantInt(x, 0x01010101);
      a.zero(sum);
      int operations = a.byteProducts(sum, x, x) + a.byteProducts(sum, x, x);
      a.store(to, 0, sum);
      a.leave();
      try (ExecutableMemory code = ExecutableMemory.load(a.finish());
          Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocate(64, 64);
        NativeCalls.call(code.address("products"), out.address(), 0, 0, 0, 0, 0);
        int products = 0;
        for (short word : out.toArray(ValueLayout.JAVA_SHORT)) {
          products += word;
        }
        assertThat(2 * products).as(machine.name()).isEqualTo(operations);
      }
    }
  }

  @Test
  void plainProductsRunAndCount() {
    for (LaneMachine machine : machines("plain products")) {
      try (PlainProducts products = new PlainProducts(machine)) {
        for (PlainProducts.Kind kind : PlainProducts.Kind.values()) {
          long once = products.run(kind, 1);
          assertThat(once).as(machine.name()).isGreaterThanOrEqualTo(2 * 16 * 4);
          assertThat(products.run(kind, 1000)).as(machine.name()).isEqualTo(1000 * once);
          assertThatThrownBy(() -> products.run(kind, 0))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  /** Nothing behind a segment is read, however often it is. */
  @Test
  void plainReadsStayInside() {
    for (LaneMachine machine : machines("plain reads")) {
      try (GuardedMemory memory = new GuardedMemory();
          PlainRead ahead = new PlainRead(machine);
          PlainRead plain = new PlainRead(machine, false)) {
        for (long rounds : new long[] {1, 2, 17}) {
          MemorySegment segment = memory.allocate(rounds * PlainRead.ROUND);
          for (PlainRead read : List.of(ahead, plain)) {
            read.read(segment);
            read.read(segment, 3);
            assertThatThrownBy(() -> read.read(segment, 0))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> read.read(segment.asSlice(64)))
                .isInstanceOf(IllegalArgumentException.class);
          }
        }
      }
    }
  }
}
