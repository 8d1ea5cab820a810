/**
 * From logits to a token: greedy choice, temperature, top-k, top-p, min-p, penalties, logit bias,
 * log-probabilities and stop strings. Everything is computed in double with {@link
 * java.lang.StrictMath} and a generator whose algorithm is written down here, so the same logits,
 * options and seed give the same token everywhere (rule 9 of the numerics).
 */
@NullMarked
package dev.vtc.sample;

import org.jspecify.annotations.NullMarked;
