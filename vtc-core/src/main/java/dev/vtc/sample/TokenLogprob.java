package dev.vtc.sample;

/**
 * A token and its log-probability.
 *
 * @param id the token
 * @param logprob natural logarithm of its probability under the softmax of the raw logits (before
 *     bias, penalties, filters and temperature), ≤ 0
 */
public record TokenLogprob(int id, double logprob) {}
