/** The portable machine: naive and readable; the specification in code, and the fallback. */
@NullMarked
package dev.vtc.machine.java;

import org.jspecify.annotations.NullMarked;
