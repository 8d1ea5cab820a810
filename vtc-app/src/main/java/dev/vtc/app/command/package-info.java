/** One class for each subcommand of {@code vtc}. */
@NullMarked
package dev.vtc.app.command;

import org.jspecify.annotations.NullMarked;
