package dev.vtc.machine.lanes;

import dev.vtc.machine.Profile;
import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;

/**
 * What every thread of the team runs once a step: the instructions in order. Of each it claims
 * chunks of units until none is left, then waits, spinning briefly and then yielding, until all
 * units are done. It does not wait for the other threads themselves: one that has no core at the
 * moment, and no claim, holds up nobody. (With barriers that all threads must reach, every one of
 * 240 a step waits for the scheduler on an oversubscribed machine.)
 *
 * <pre>argument: the thread's {@link Context}</pre>
 */
final class StepLoop {
  /**
   * Rounds of spinning before the thread yields: some 20 µs, more than a wait takes when all
   * threads have a core.
   */
  private static final int SPINS = 600;

  private StepLoop() {}

  /**
   * Emits the loop.
   *
   * @param measured whether it adds up, for each instruction, the time in kernels and the time
   *     between them; else it is the same loop without that
   */
  static void emit(LaneAssembler a, boolean measured) {
    a.enter();
    R context = a.kept("context");
    R descriptor = a.kept("descriptor");
    R mine = a.kept("units this thread has done");
    R spins = a.kept("spins");
    R claim = a.kept("units claimed");
    a.move(context, a.arg(0));
    R begin = a.arg(1);
    R end = a.arg(2);
    R kernel = a.temp("kernel");
    R units = a.temp("units");
    a.load64(descriptor, context, Context.DESCRIPTORS);
    if (measured) {
      R now = a.temp("now");
      a.ticks(now);
      a.store64(context, Context.LAST, now);
      a.free(now);
    }
    Place next = a.place("next");
    Place claims = a.place("claim");
    Place run = a.place("run");
    Place claimed = a.place("claimed");
    Place published = a.place("published");
    Place advance = a.place("advance");
    Place spin = a.place("spin");
    Place yield = a.place("yield");
    Place done = a.place("done");

    a.bind(next);
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.jumpIf(Compare.EQ, kernel, 0, done);
    a.load32(units, descriptor, Descriptor.UNITS);
    a.jumpIf(Compare.EQ, units, 0, advance);
    a.set(mine, 0);

    a.bind(claims);
    a.load32(units, descriptor, Descriptor.UNITS);
    a.load32(end, descriptor, Descriptor.CHUNK);
    a.fetchAdd(begin, descriptor, Descriptor.CLAIMED, end);
    a.jumpIf(Compare.GE, begin, units, claimed);
    a.add(end, begin);
    a.jumpIf(Compare.LE, end, units, run);
    a.move(end, units);
    a.bind(run);
    a.move(claim, end);
    a.sub(claim, begin);
    if (measured) {
      lap(a, context, descriptor, Profile.WAIT);
    }
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.callKernel(kernel, descriptor, begin, end, context);
    a.add(mine, claim);
    if (measured) {
      lap(a, context, descriptor, Profile.WORK);
    }
    a.jump(claims);

    // The parts of a fused group count into one place, and only the last of them is waited for.
    a.bind(claimed);
    a.load64(kernel, descriptor, Descriptor.DONE_AT);
    a.jumpIf(Compare.EQ, mine, 0, published);
    a.fetchAdd(begin, kernel, 0, mine);
    a.bind(published);
    a.load32(units, descriptor, Descriptor.DONE_UNITS);
    a.set(spins, SPINS);
    a.bind(spin);
    a.load64(kernel, descriptor, Descriptor.DONE_AT);
    a.load32(units, descriptor, Descriptor.DONE_UNITS);
    a.loadAcquire(begin, kernel, 0);
    a.jumpIf(Compare.GE, begin, units, advance);
    a.spinHint();
    a.add(spins, -1);
    a.jumpIf(Compare.LE, spins, 0, yield);
    a.jump(spin);
    a.bind(yield);
    a.load64(kernel, context, Context.YIELD);
    a.call(kernel);
    a.jump(spin);

    a.bind(advance);
    if (measured) {
      lap(a, context, descriptor, Profile.WAIT);
    }
    a.add(descriptor, Descriptor.BYTES);
    a.jump(next);
    a.bind(done);
    a.leave();
  }

  /**
   * Adds the time since the last lap to a column of the instruction's row, and one claim where it
   * was work. Every tick of the loop is in one column or the other.
   */
  private static void lap(LaneAssembler a, R context, R descriptor, int column) {
    R time = a.temp("time");
    R row = a.temp("row");
    R value = a.temp("value");
    a.ticks(time);
    a.load64(value, context, Context.LAST);
    a.store64(context, Context.LAST, time);
    a.sub(time, value);
    a.load64(row, context, Context.PROFILE);
    a.load64(value, descriptor, Descriptor.PROFILE);
    a.add(row, value);
    a.load64(value, row, column);
    a.add(value, time);
    a.store64(row, column, value);
    if (column == Profile.WORK) {
      a.load64(value, row, Profile.CLAIMS);
      a.add(value, 1);
      a.store64(row, Profile.CLAIMS, value);
    }
    a.free(time, row, value);
  }

  /** Makes the counters of all descriptors ready for a step. Argument: the first descriptor. */
  static void emitReset(LaneAssembler a) {
    R descriptor = a.arg(0);
    R kernel = a.temp("kernel");
    R zero = a.temp("zero");
    Place head = a.place("reset");
    Place end = a.place("end");
    a.set(zero, 0);
    a.bind(head);
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.jumpIf(Compare.EQ, kernel, 0, end);
    a.store64(descriptor, Descriptor.CLAIMED, zero);
    a.store64(descriptor, Descriptor.DONE, zero);
    a.add(descriptor, Descriptor.BYTES);
    a.jump(head);
    a.bind(end);
    a.leave();
  }
}
