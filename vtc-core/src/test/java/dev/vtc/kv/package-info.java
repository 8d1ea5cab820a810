@NullMarked
package dev.vtc.kv;

import org.jspecify.annotations.NullMarked;
