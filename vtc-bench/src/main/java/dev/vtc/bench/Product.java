package dev.vtc.bench;

import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.program.Buffer;
import dev.vtc.program.Buffer.Rows;
import dev.vtc.program.Buffer.Type;
import dev.vtc.program.Instruction;
import dev.vtc.program.Instruction.Embed;
import dev.vtc.program.Instruction.Epilogue;
import dev.vtc.program.Instruction.MatMul;
import dev.vtc.program.Instruction.Part;
import dev.vtc.program.Instruction.Quantize;
import dev.vtc.program.KvLayout;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Matrix;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.tvl.PackedTensor;
import dev.vtc.tvl.TvlFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of a quantization and some products with the same matrix, and a step for it. */
final class Product implements Runnable, AutoCloseable {
  private static final int VOCABULARY = 16;

  private final Arena arena = Arena.ofShared();
  private final int columns;
  private final MemorySegment weights;
  private final PagePool pool;
  private final SequencePages pages;
  private final Executable executable;
  private final Step step;

  /**
   * Compiles the program.
   *
   * @param products how often a step multiplies with the matrix [rows, columns]
   */
  Product(
      Machine machine,
      TvlFormat format,
      int rows,
      int columns,
      int products,
      int tokens,
      ThreadTeam team) {
    this.columns = columns;
    PackedTensor w = tensor("w", format, rows);
    PackedTensor table = tensor("table", TvlFormat.F32, VOCABULARY);
    weights = w.data();
    Buffer x = new Buffer("x", Type.F32, Rows.TOKENS, columns);
    Buffer q = new Buffer("q", Type.Q8, Rows.TOKENS, columns);
    Buffer y = new Buffer("y", Type.F32, Rows.TOKENS, rows);
    List<Instruction> code = new ArrayList<>();
    code.add(new Embed(Matrix.of(table), x, 1));
    if (!format.isDense()) {
      code.add(new Quantize(x, q));
    }
    Part part = new Part(Matrix.of(w), format.isDense() ? x : q, y, null);
    for (int i = 0; i < products; i++) {
      code.add(MatMul.of(Epilogue.STORE, part));
    }
    KvLayout kv = new KvLayout(1, 1, 64, KvType.F16);
    Program program = new Program(code, 1, kv, VOCABULARY, y, y);
    Map<String, PackedTensor> tensors = Map.of("w", w, "table", table);
    Weights source =
        new Weights() {
          @Override
          public PackedTensor matrix(String name) {
            PackedTensor t = tensors.get(name);
            if (t == null) {
              throw new IllegalArgumentException("There is no matrix " + name + ".");
            }
            return t;
          }

          @Override
          public MemorySegment vector(String name) {
            throw new IllegalArgumentException("There is no vector " + name + ".");
          }
        };
    Limits limits = new Limits(tokens, 1, 1, tokens);
    executable = machine.compile(program, source, limits, team);
    pool = new PagePool(kv, 1L << 30);
    pages = new SequencePages(pool);
    pages.reserve(tokens);
    step = new Step(limits);
    step.add(new int[tokens], 0, tokens, 0, pages, tokens);
  }

  /** Every byte the same: 1.06 as f16, 0.0115 as f32; nothing underflows or overflows. */
  private PackedTensor tensor(String name, TvlFormat format, int rows) {
    MemorySegment data = arena.allocate(format.bytes(rows, columns), 1 << 21).fill((byte) 0x3c);
    return new PackedTensor(name, format, rows, columns, format.panelBytes(columns), data);
  }

  MemorySegment weights() {
    return weights;
  }

  @Override
  public void run() {
    executable.run(step);
  }

  @Override
  public void close() {
    executable.close();
    pages.close();
    pool.close();
    arena.close();
  }
}
