/**
 * Architectures: configuration and weights become a program. Nothing below this package knows a
 * model's name.
 */
@NullMarked
package dev.vtc.model;

import org.jspecify.annotations.NullMarked;
