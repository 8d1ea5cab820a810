/**
 * Chat templates: an interpreter of the part of Jinja that Hugging Face chat templates use, with
 * Python's semantics of strings, numbers, lists and dicts, and with the settings that transformers
 * gives Jinja ({@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code tojson} without
 * ASCII escapes, {@code raise_exception}, {@code strftime_now}, {@code generation}). The result
 * says which characters the template wrote and which came from the messages, so that only the
 * template can write control tokens. Steps, depth and sizes are bounded: a hostile template ends
 * with an error.
 *
 * <p>Way of the data: source → {@code Lexer} → tokens → {@code Parser} → {@code Stmt} and {@code
 * Expr} → {@code Interpreter} → {@code Segment}s. Entry: {@link
 * dev.vtc.text.template.ChatTemplate}.
 */
@NullMarked
package dev.vtc.text.template;

import org.jspecify.annotations.NullMarked;
