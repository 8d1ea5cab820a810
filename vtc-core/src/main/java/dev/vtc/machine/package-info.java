/** Machines: what runs a program. Every machine gives the same result, to the last bit. */
@NullMarked
package dev.vtc.machine;

import org.jspecify.annotations.NullMarked;
