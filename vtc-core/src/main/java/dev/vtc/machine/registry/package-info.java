/** The list of all machines, and which one runs. */
@NullMarked
package dev.vtc.machine.registry;

import org.jspecify.annotations.NullMarked;
