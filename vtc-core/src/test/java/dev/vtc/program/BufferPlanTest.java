package dev.vtc.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.program.KvLayout.KvType;
import dev.vtc.testing.Rig;
import dev.vtc.testing.TinyModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BufferPlanTest {
  @TempDir Path folder;

  private static boolean uses(Instruction i, Buffer b) {
    return i.reads().contains(b) || i.writes().contains(b);
  }

  /** Of any two buffers that share a byte, one is done with before the other is touched. */
  @Test
  void livingBuffersDoNotOverlap() {
    for (TinyModel.Shape shape :
        List.of(TinyModel.ODD_DENSE, TinyModel.BLOCKS, TinyModel.SUPER_BLOCKS)) {
      Path file = TinyModel.of(shape, 1).write(folder.resolve("m.gguf"));
      try (Rig.Loaded model = Rig.load(file, KvType.F16)) {
        Program program = model.program();
        BufferPlan plan = new BufferPlan(program, 33, 7);
        int pairs = 0;
        for (Buffer a : program.buffers()) {
          long aBegin = plan.offset(a);
          long aEnd = aBegin + (a.rows() == Buffer.Rows.TOKENS ? 33L : 7L) * a.rowBytes();
          assertThat(aBegin % 64).isZero();
          assertThat(aEnd).isLessThanOrEqualTo(plan.bytes());
          for (Buffer b : program.buffers()) {
            long bBegin = plan.offset(b);
            long bEnd = bBegin + (b.rows() == Buffer.Rows.TOKENS ? 33L : 7L) * b.rowBytes();
            if (!a.equals(b) && aBegin < bEnd && bBegin < aEnd) {
              assertThat(
                      last(program, a) < first(program, b) || last(program, b) < first(program, a))
                  .as("%s and %s", a, b)
                  .isTrue();
              assertThat(a.padded() || b.padded()).as("padding of %s, %s", a, b).isFalse();
            }
            pairs++;
          }
        }
        assertThat(pairs).isGreaterThan(20);
      }
    }
  }

  private static int first(Program p, Buffer b) {
    int i = 0;
    while (!uses(p.instructions().get(i), b)) {
      i++;
    }
    return i;
  }

  private static int last(Program p, Buffer b) {
    int i = p.instructions().size() - 1;
    while (!uses(p.instructions().get(i), b)) {
      i--;
    }
    return i;
  }
}
