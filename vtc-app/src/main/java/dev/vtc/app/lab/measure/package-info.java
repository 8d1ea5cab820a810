/** What the lab measures of a model's steps and of the CPU under them. */
@NullMarked
package dev.vtc.app.lab.measure;

import org.jspecify.annotations.NullMarked;
