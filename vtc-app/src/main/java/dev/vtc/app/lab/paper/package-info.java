/** The experiments of the paper (arXiv 2601.03324), repeated on this machine. */
@NullMarked
package dev.vtc.app.lab.paper;

import org.jspecify.annotations.NullMarked;
