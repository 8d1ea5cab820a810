/** The {@code vtc} command: dispatch, terminal, messages. */
@NullMarked
package dev.vtc.app;

import org.jspecify.annotations.NullMarked;
