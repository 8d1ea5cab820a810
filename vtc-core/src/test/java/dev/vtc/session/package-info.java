@NullMarked
package dev.vtc.session;

import org.jspecify.annotations.NullMarked;
