/** What only tests and scripts ask of the kernels. */
@NullMarked
package dev.vtc.machine.lanes;

import org.jspecify.annotations.NullMarked;
