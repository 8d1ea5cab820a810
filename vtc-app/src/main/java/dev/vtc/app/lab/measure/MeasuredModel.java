package dev.vtc.app.lab.measure;

import dev.vtc.Model;
import dev.vtc.kv.PagePool;
import dev.vtc.kv.SequencePages;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.Profile;
import dev.vtc.machine.Step;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Program;
import dev.vtc.sample.Candidates;

/**
 * A model's program compiled twice for one team of threads and one sequence: as it always runs, and
 * measured instruction by instruction. Steps are taken without the engine around them.
 *
 * <p>Owns both executables, the threads and the pages, not the model, which must be closed later.
 * Used by one thread.
 */
public final class MeasuredModel implements AutoCloseable {
  private final Program program;
  private final ThreadTeam team;
  private final Profile profile;
  private final Executable plain;
  private final Executable measured;
  private final PagePool pool;
  private final SequencePages pages;
  private final Step step;
  private final Candidates candidates;

  /**
   * Compiles.
   *
   * @param model whose machine and number of threads are taken, too
   * @param tokens of the largest step
   * @param positions of the sequence
   */
  public MeasuredModel(Model model, int tokens, int positions) {
    program = model.program();
    Limits limits = new Limits(tokens, 1, 1, positions);
    Machine machine = machine(model.machine());
    team = new ThreadTeam(model.threads());
    profile = new Profile(program, team.threads());
    plain = machine.compile(program, model.weights(), limits, team);
    measured = machine.compile(program, model.weights(), limits, team, profile);
    pool = new PagePool(program.kv(), Long.MAX_VALUE);
    pages = new SequencePages(pool);
    step = new Step(limits);
    candidates = new Candidates(program.vocabulary(), 1);
  }

  /** The machine with this name. */
  public static Machine machine(String name) {
    for (Machine m : Machines.all()) {
      if (m.name().equals(name)) {
        return m;
      }
    }
    throw new IllegalArgumentException("There is no machine " + name + ".");
  }

  public Program program() {
    return program;
  }

  /** What {@link #run} adds to when it measures. */
  public Profile profile() {
    return profile;
  }

  /**
   * Runs a step: tokens of the sequence from a position on, whose keys and values replace what was
   * there; the logits of the last one are made.
   *
   * @param measure whether the step is measured
   * @return nanoseconds
   */
  public long run(boolean measure, int[] ids, int position) {
    // From 0: steps come back to earlier positions, so no page is given back.
    pages.reserve(0, position + ids.length);
    step.clear();
    step.add(ids, 0, ids.length, position, pages, ids.length - 1);
    long start = System.nanoTime();
    executable(measure).run(step);
    return System.nanoTime() - start;
  }

  /** The best token of the last step of this kind. */
  public int best(boolean measure) {
    Executable e = executable(measure);
    candidates.selectFrom(e.logits(0), e.tileMax(0));
    return candidates.topId(0);
  }

  private Executable executable(boolean measure) {
    return measure ? measured : plain;
  }

  @Override
  public void close() {
    measured.close();
    plain.close();
    team.close();
    pages.close();
    pool.close();
  }
}
