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
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program of a few instructions that are to be timed, behind the one embedding that fills their
 * input, and a step for it. Owns the weights and the compiled code; for one thread.
 */
final class BenchProgram implements Runnable, AutoCloseable {
  private static final int VOCABULARY = 16;
  private static final String MATRIX = "w";

  /** For programs that do not attend. */
  static final KvLayout NO_ATTENTION = new KvLayout(1, 1, 64, KvType.F16);

  private final Draft draft;
  private final PagePool pool;
  private final SequencePages pages;
  private final Executable executable;
  private final Step step;

  /** Instructions and weights in the making; goes over to the program, which closes it. */
  static final class Draft implements Weights {
    private final Arena arena = Arena.ofShared();
    private final Map<String, PackedTensor> matrices = new HashMap<>();
    private final List<Instruction> code = new ArrayList<>();
    private final Buffer input;
    private final MemorySegment ones;

    /**
     * Nothing but the input.
     *
     * @param width elements of a row of it
     */
    Draft(int width) {
      input = new Buffer("x", Type.F32, Rows.TOKENS, width);
      code.add(new Embed(matrix("table", TvlFormat.F32, VOCABULARY, width), input, 1));
      ones = arena.allocate((long) Float.BYTES * width, 64);
      for (int i = 0; i < width; i++) {
        ones.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
      }
    }

    /** Rows of f32 that are there before the instructions run. */
    Buffer input() {
      return input;
    }

    /** Makes a matrix with every byte the same: 1.06 as f16, 0.0115 as f32; nothing underflows. */
    Matrix matrix(String name, TvlFormat format, int rows, int columns) {
      MemorySegment data = arena.allocate(format.bytes(rows, columns), 1 << 21).fill((byte) 0x3c);
      PackedTensor tensor =
          new PackedTensor(name, format, rows, columns, format.panelBytes(columns), data);
      matrices.put(name, tensor);
      return Matrix.of(tensor);
    }

    void add(Instruction instruction) {
      code.add(instruction);
    }

    @Override
    public PackedTensor matrix(String name) {
      PackedTensor t = matrices.get(name);
      if (t == null) {
        throw new IllegalArgumentException("There is no matrix " + name + ".");
      }
      return t;
    }

    /** Ones, as many as the input has elements, for every name. */
    @Override
    public MemorySegment vector(String name) {
      return ones;
    }
  }

  /**
   * Compiles a draft.
   *
   * @param heads query heads of the attention, if there is one
   * @param result the last buffer that is written
   * @param tokens of the step
   * @param position of the first of them: so many are behind it
   */
  BenchProgram(
      Draft draft,
      Machine machine,
      int heads,
      KvLayout kv,
      Buffer result,
      int tokens,
      int position,
      ThreadTeam team) {
    this.draft = draft;
    Program program = new Program(draft.code, heads, kv, VOCABULARY, result, result);
    Limits limits = new Limits(tokens, 1, 1, position + tokens);
    executable = machine.compile(program, draft, limits, team);
    pool = new PagePool(kv, 1L << 30);
    pages = new SequencePages(pool);
    pages.reserve(0, position + tokens);
    step = new Step(limits);
    step.add(new int[tokens], 0, tokens, position, pages, tokens);
  }

  /**
   * A quantization, where the format asks for one, and {@code products} products with the same
   * matrix [rows, columns].
   */
  static BenchProgram product(
      Machine machine,
      TvlFormat format,
      int rows,
      int columns,
      int products,
      int tokens,
      ThreadTeam team) {
    Draft draft = new Draft(columns);
    Buffer x = draft.input();
    Buffer y = new Buffer("y", Type.F32, Rows.TOKENS, rows);
    if (!format.isDense()) {
      x = new Buffer("q", Type.Q8, Rows.TOKENS, columns);
      draft.add(new Quantize(draft.input(), x));
    }
    Part part = new Part(draft.matrix(MATRIX, format, rows, columns), x, y, null);
    for (int i = 0; i < products; i++) {
      draft.add(MatMul.of(Epilogue.STORE, part));
    }
    return new BenchProgram(draft, machine, 1, NO_ATTENTION, y, tokens, 0, team);
  }

  /** The bytes of the matrix of {@link #product}. */
  MemorySegment weights() {
    return draft.matrix(MATRIX).data();
  }

  /** Runs the step. */
  @Override
  public void run() {
    executable.run(step);
  }

  @Override
  public void close() {
    executable.close();
    pages.close();
    pool.close();
    draft.arena.close();
  }
}
