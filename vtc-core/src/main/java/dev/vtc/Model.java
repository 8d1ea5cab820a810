package dev.vtc;

import dev.vtc.asm.CodeRefusedException;
import dev.vtc.asm.CpuFeatures;
import dev.vtc.format.Metadata;
import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.model.Architectures;
import dev.vtc.model.ModelConfig;
import dev.vtc.model.PackedWeights;
import dev.vtc.program.KvLayout;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.session.Engine;
import dev.vtc.text.Tokenizer;
import dev.vtc.text.TokenizerTables;
import dev.vtc.tvl.PackedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open model: weights mapped, program compiled or about to be, threads waiting. Sessions
 * generate with it.
 *
 * <p>Owns the mapping, the buffers, the key/value pages and the threads; {@link #close} ends all of
 * them, and every session. Safe for use by several threads.
 */
public final class Model implements AutoCloseable {
  /** Positions of a session when nothing else is asked for and the model allows more. */
  public static final int DEFAULT_CONTEXT = 4096;

  private static final int MAX_WANTED = 32;

  private final PackedModel packed;
  private final ModelConfig config;
  private final Program program;
  private final int context;
  private final int chunk;
  private final ThreadTeam team;
  private final Compilation compilation;
  private final PagePool pool;
  private final @Nullable Tokenizer tokenizer;

  /** Tokens that end a generation; of a model without a tokenizer, else the tokenizer knows. */
  private final int[] endIds;

  private final long opened;
  private final long programBuilt;
  private final Pager pager;
  private @Nullable ChatFormat chatFormat;

  private Model(PackedModel packed, Pager pager, ModelOptions options, long begin) {
    this.packed = packed;
    this.pager = pager;
    long mapped = System.nanoTime();
    Metadata metadata = packed.metadata();
    PackedWeights weights = new PackedWeights(packed);
    tokenizer = ModelFiles.tokenizer(packed);
    endIds = tokenizer == null ? TokenizerTables.endIds(metadata) : new int[0];
    config = ModelConfig.read(metadata, packed.matrix("token_embd.weight").rows());
    context =
        options.context() > 0
            ? options.context()
            : Math.min(config.trainedContext(), DEFAULT_CONTEXT);
    program = Architectures.build(config, metadata, weights, options.kvType(), context);
    long built = System.nanoTime();
    CpuFeatures cpu = CpuFeatures.detect();
    Machine chosen = Machines.choose(options.machine(), cpu);
    chunk = Math.min(options.chunk(), context);
    int tokens = Math.min(Math.max(options.chunk(), options.batch()), context);
    Limits limits =
        new Limits(tokens, Math.max(MAX_WANTED, options.batch()), options.batch(), context);
    team = new ThreadTeam(options.threads() > 0 ? options.threads() : cpu.physicalCores());
    pool = new PagePool(program.kv(), Math.max(Runtime.getRuntime().maxMemory(), 1L << 40));
    opened = mapped - begin;
    programBuilt = built - mapped;
    compilation = new Compilation(chosen, program, weights, limits, team, chunk);
  }

  /**
   * What opening took, in nanoseconds.
   *
   * @param map from the call until the weights are mapped; packing, if it was necessary, included
   * @param program until the tokenizer's tables are found and the program is built
   * @param compile until the machine has emitted its code and all buffers are there; beside the
   *     caller, once the model is open
   */
  public record LoadTimes(long map, long program, long compile) {}

  /** What opening took; waits until all of it is done. */
  public LoadTimes loadTimes() {
    return new LoadTimes(opened, programBuilt, compilation.await().nanos());
  }

  /**
   * Does ahead what opening any model takes: finds out what this CPU can do, and links native
   * calls, some 30 ms in a fresh JVM. For programs that have something else to do meanwhile; to be
   * called on a thread of its own. Opening works without it.
   */
  public static void prepare() {
    try {
      PackedModel.prepare();
      var _ = Machines.supported(CpuFeatures.detect());
    } catch (CodeRefusedException e) {
      // Said when a model is opened.
    }
  }

  /** Opens a model with {@link ModelOptions#defaults}. */
  public static Model open(Path file) throws IOException {
    return open(file, ModelOptions.defaults());
  }

  /**
   * Opens a model file: GGUF, a llama2.c checkpoint, a Hugging Face folder with safetensors, or a
   * packed file. The first time, the weights are packed into the cache folder. Returns when the
   * weights are mapped and the program is built: machine code is emitted meanwhile, and the first
   * step waits for it.
   *
   * @throws IOException when the file cannot be read, is damaged or of an unsupported kind, in one
   *     sentence
   * @throws IllegalArgumentException when the model or the options are not supported
   */
  public static Model open(Path file, ModelOptions options) throws IOException {
    long begin = System.nanoTime();
    PackedModel packed = ModelFiles.open(file, options);
    Pager pager = new Pager(packed, options.pages());
    try {
      return new Model(packed, pager, options, begin);
    } catch (RuntimeException | Error e) {
      pager.close();
      packed.close();
      throw e;
    }
  }

  /** Starts a conversation or text. */
  public Session newSession() {
    return new Session(this);
  }

  /** The file, for messages. */
  public Path path() {
    return packed.path();
  }

  /** What the model file says of the model, its vocabulary left out. */
  public Metadata metadata() {
    return packed.metadata();
  }

  /**
   * How the model's file says to sample from it; {@link GenerationOptions#defaults} where it says
   * nothing.
   */
  public GenerationOptions generationDefaults() {
    return GenerationOptions.of(metadata());
  }

  /**
   * The type to which the source's matrices were quantized while they were packed, if they were.
   */
  public Optional<String> quantized() {
    return Optional.of(metadata().string(ModelFiles.QUANTIZED, "")).filter(s -> !s.isEmpty());
  }

  /** The packed weights. */
  public PackedModel packed() {
    return packed;
  }

  /** The packed weights as machines ask for them. */
  public Weights weights() {
    return new PackedWeights(packed);
  }

  /**
   * Waits until the weights lie in memory as they will go on to lie: brought in, and in huge pages
   * where there are any. Nothing needs this but measurements.
   */
  public void awaitPages() {
    pager.await();
  }

  /** The numbers of the transformer. */
  public ModelConfig config() {
    return config;
  }

  /** What a step runs. */
  public Program program() {
    return program;
  }

  /** Name of the machine that runs it. */
  public String machine() {
    return compilation.await().machine().name();
  }

  /** Threads of a step. */
  public int threads() {
    return team.threads();
  }

  /** Positions of a session. */
  public int context() {
    return context;
  }

  /**
   * Bytes allocated beside the mapped weights: buffers, emitted code, and key/value pages so far.
   */
  public long allocatedBytes() {
    return compilation.await().executable().allocatedBytes() + pool.allocatedBytes();
  }

  /** The most bytes that the key/value pages of a session take, when it fills its context. */
  public long sessionBytes() {
    return SequencePages.mostBytes(kv(), context, chunk);
  }

  /** The model's tokenizer; empty when its file has none, as llama2.c checkpoints. */
  public Optional<Tokenizer> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  Tokenizer requireTokenizer() {
    if (tokenizer == null) {
      throw new IllegalStateException(
          path() + " has no tokenizer: give token ids instead of text.");
    }
    return tokenizer;
  }

  /**
   * How conversations become tokens; an {@code IllegalStateException} says that the model has no
   * chat template.
   */
  public synchronized ChatFormat chatFormat() {
    if (chatFormat == null) {
      chatFormat = ChatFormat.of(metadata(), requireTokenizer(), path());
    }
    return chatFormat;
  }

  /** Whether a generation ends with this token. */
  boolean endsWith(int id) {
    if (tokenizer != null) {
      return tokenizer.isEndOfGeneration(id);
    }
    for (int end : endIds) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }

  PagePool pool() {
    return pool;
  }

  Engine engine() {
    return compilation.await().engine();
  }

  KvLayout kv() {
    return program.kv();
  }

  @Override
  public void close() {
    compilation.close();
    pool.close();
    pager.close(); // it works on the mapping
    packed.close();
  }
}
