@NullMarked
package dev.vtc.program;

import org.jspecify.annotations.NullMarked;
