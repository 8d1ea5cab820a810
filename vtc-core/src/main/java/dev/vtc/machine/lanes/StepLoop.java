package dev.vtc.machine.lanes;

import dev.vtc.machine.lanes.LaneAssembler.Compare;
import dev.vtc.machine.lanes.LaneAssembler.Place;
import dev.vtc.machine.lanes.LaneAssembler.R;

/**
 * What every thread of the team runs once a step: the instructions in order. Of each it claims
 * chunks of units until none is left, so a slow thread never holds up a fixed share; then it meets
 * the others, spinning briefly, then yielding.
 *
 * <pre>argument: the thread's {@link Context}</pre>
 */
final class StepLoop {
  /**
   * Rounds of spinning before the thread yields: some 20 µs, more than a barrier takes when all
   * threads have a core.
   */
  private static final int SPINS = 600;

  private StepLoop() {}

  static void emit(LaneAssembler a) {
    a.enter();
    R context = a.kept("context");
    R descriptor = a.kept("descriptor");
    R target = a.kept("barrier target");
    R spins = a.kept("spins");
    a.move(context, a.arg(0));
    R begin = a.arg(1);
    R end = a.arg(2);
    R kernel = a.temp("kernel");
    R units = a.temp("units");
    a.load64(descriptor, context, Context.DESCRIPTORS);
    a.set(target, 0);
    Place next = a.place("next");
    Place claim = a.place("claim");
    Place run = a.place("run");
    Place claimed = a.place("claimed");
    Place advance = a.place("advance");
    Place spin = a.place("spin");
    Place yield = a.place("yield");
    Place done = a.place("done");

    a.bind(next);
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.jumpIf(Compare.EQ, kernel, 0, done);
    a.load32(units, descriptor, Descriptor.UNITS);
    a.jumpIf(Compare.EQ, units, 0, advance);

    a.bind(claim);
    a.load32(units, descriptor, Descriptor.UNITS);
    a.load32(end, descriptor, Descriptor.CHUNK);
    a.fetchAdd(begin, descriptor, Descriptor.CLAIMED, end);
    a.jumpIf(Compare.GE, begin, units, claimed);
    a.add(end, begin);
    a.jumpIf(Compare.LE, end, units, run);
    a.move(end, units);
    a.bind(run);
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.callKernel(kernel, descriptor, begin, end, context);
    a.jump(claim);

    a.bind(claimed);
    a.load32(units, descriptor, Descriptor.BARRIER);
    a.jumpIf(Compare.EQ, units, 0, advance);
    a.load64(units, context, Context.THREADS);
    a.add(target, units);
    a.load64(kernel, context, Context.BARRIER);
    a.set(units, 1);
    a.fetchAdd(begin, kernel, 0, units);
    a.set(spins, SPINS);
    a.bind(spin);
    a.load64(kernel, context, Context.BARRIER);
    a.loadAcquire(begin, kernel, 0);
    a.jumpIf(Compare.GE, begin, target, advance);
    a.spinHint();
    a.add(spins, -1);
    a.jumpIf(Compare.LE, spins, 0, yield);
    a.jump(spin);
    a.bind(yield);
    a.load64(kernel, context, Context.YIELD);
    a.call(kernel);
    a.jump(spin);

    a.bind(advance);
    a.add(descriptor, Descriptor.BYTES);
    a.jump(next);
    // All have passed the last barrier: nobody claims any more, and one thread makes the counters
    // ready for the next step.
    a.bind(done);
    Place reset = a.place("reset");
    Place ready = a.place("ready");
    a.load64(units, context, Context.LEADER);
    a.jumpIf(Compare.EQ, units, 0, ready);
    a.load64(descriptor, context, Context.DESCRIPTORS);
    a.set(units, 0);
    a.bind(reset);
    a.load64(kernel, descriptor, Descriptor.KERNEL);
    a.jumpIf(Compare.EQ, kernel, 0, ready);
    a.store64(descriptor, Descriptor.CLAIMED, units);
    a.add(descriptor, Descriptor.BYTES);
    a.jump(reset);
    a.bind(ready);
    a.leave();
  }
}
