package dev.vtc;

import dev.vtc.sample.TokenLogprob;
import java.util.List;

/**
 * A generated token.
 *
 * @param id its number in the vocabulary; -1 for text that was held back and is released at the end
 * @param text what it adds to the answer: empty while a character is incomplete or a stop string
 *     may have begun
 * @param logprob natural logarithm of its probability before temperature and filters; NaN unless
 *     the options ask for log-probabilities
 * @param top the most likely tokens in its place, best first; empty unless asked for
 */
public record Token(int id, String text, double logprob, List<TokenLogprob> top) {}
