package dev.vtc.text.template;

/**
 * A part of a rendered prompt.
 *
 * <p>Control tokens may be parsed only inside segments that come from the template. The cut between
 * two segments is no token boundary: between control tokens, text from both kinds is tokenized as
 * one run, as the model was trained.
 *
 * @param text not empty
 * @param fromTemplate true: the template's own literal text, special tokens such as {@code
 *     bos_token}, and numbers; false: text of messages, tools and other variables
 */
public record Segment(String text, boolean fromTemplate) {}
