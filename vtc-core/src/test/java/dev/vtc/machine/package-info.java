@NullMarked
package dev.vtc.machine;

import org.jspecify.annotations.NullMarked;
