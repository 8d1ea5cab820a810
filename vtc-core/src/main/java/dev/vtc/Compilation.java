package dev.vtc;

import dev.vtc.asm.CodeRefusedException;
import dev.vtc.machine.Executable;
import dev.vtc.machine.Limits;
import dev.vtc.machine.Machine;
import dev.vtc.machine.ThreadTeam;
import dev.vtc.machine.registry.Machines;
import dev.vtc.program.Program;
import dev.vtc.program.Weights;
import dev.vtc.session.Engine;
import dev.vtc.session.FirstNonFinite;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes a program ready to run on a thread of its own, while the caller of {@link Model#open} goes
 * on: emitting code is most of opening, and nobody needs it before the first step. Owns what comes
 * of it, and the team.
 */
final class Compilation implements AutoCloseable {
  private final ThreadTeam team;
  private final FutureTask<Result> task;

  /**
   * What runs the model.
   *
   * @param machine the one that was chosen, or the portable one where code is refused
   * @param nanos what compiling took
   */
  record Result(Machine machine, Executable executable, Engine engine, long nanos) {}

  /** Starts it. */
  Compilation(
      Machine chosen, Program program, Weights weights, Limits limits, ThreadTeam team, int chunk) {
    this.team = team;
    task = new FutureTask<>(() -> compile(chosen, program, weights, limits, team, chunk));
    Thread.ofPlatform().daemon().name("vtc-compile").start(task);
  }

  private static Result compile(
      Machine chosen, Program program, Weights weights, Limits limits, ThreadTeam team, int chunk) {
    long begin = System.nanoTime();
    Machine machine = chosen;
    Executable executable;
    try {
      executable = machine.compile(program, weights, limits, team);
    } catch (CodeRefusedException e) {
      System.getLogger(Model.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Machine code cannot run here, so the portable machine takes over, with the same"
                  + " results at a fraction of the speed: "
                  + e.getMessage());
      machine = Machines.portable();
      executable = machine.compile(program, weights, limits, team);
    }
    FirstNonFinite firstNonFinite = new FirstNonFinite(machine, program, weights, limits, team);
    Engine engine = new Engine(executable, limits, chunk, firstNonFinite);
    return new Result(machine, executable, engine, System.nanoTime() - begin);
  }

  /**
   * Waits until it is done, however often the waiting thread is interrupted.
   *
   * @throws RuntimeException what went wrong, each time
   */
  Result await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case RuntimeException r -> throw r;
            case Error r -> throw r;
            case null, default -> throw new IllegalStateException(e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits until it is done, then ends the engine and the team, and frees code and buffers. */
  @Override
  public void close() {
    @Nullable Result result = null;
    try {
      result = await();
      result.engine().close();
    } catch (RuntimeException e) {
      // It was thrown to whoever wanted a step.
    } finally {
      team.close();
      if (result != null) {
        result.executable().close();
      }
    }
  }
}
