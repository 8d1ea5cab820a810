package dev.vtc.asm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Calls native functions of up to six integer or pointer arguments through one method handle.
 *
 * <p>Each shape of call costs the JVM tens of milliseconds when it is first linked, so there is
 * one: {@code long f(long, long, long, long, long, long)}. In the calling conventions of x86-64
 * System V and AArch64 a function ignores argument registers that it does not declare, and a
 * narrower argument is the low part of its register; only of a narrower result the upper bits are
 * undefined, so the caller casts it.
 */
public final class NativeCalls {
  private static final MethodHandle CALL = handle();

  private NativeCalls() {}

  private static MethodHandle handle() {
    MemoryLayout[] six = {JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG};
    try {
      return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, six));
    } catch (RuntimeException | LinkageError e) {
      throw refused(e);
    }
  }

  private static CodeRefusedException refused(Throwable e) {
    return new CodeRefusedException(
        "this Java runtime does not allow native calls ("
            + e
            + "); start it with"
            + " --enable-native-access=ALL-UNNAMED",
        e);
  }

  /**
   * Calls the function at {@code address}: an ordinary downcall, during which garbage collection
   * goes on.
   */
  public static long call(long address, long a, long b, long c, long d, long e, long f) {
    return call(MemorySegment.ofAddress(address), a, b, c, d, e, f);
  }

  /** Calls {@code function}, see {@link #call(long, long, long, long, long, long, long)}. */
  public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f);
    } catch (RuntimeException | Error ex) {
      throw ex;
    } catch (Throwable ex) {
      throw new IllegalStateException("a native call threw", ex);
    }
  }

  /** Returns the address of a function of the C library, or empty if it has none of that name. */
  static Optional<MemorySegment> find(String name) {
    try {
      return Linker.nativeLinker().defaultLookup().find(name);
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  /**
   * Returns a method handle that calls the function at {@code address} with its own shape: an
   * ordinary downcall, not a critical one. Prefer {@link #call} where six longs do.
   */
  public static MethodHandle downcall(long address, FunctionDescriptor shape) {
    try {
      return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(address), shape);
    } catch (IllegalCallerException e) {
      throw refused(e);
    }
  }
}
