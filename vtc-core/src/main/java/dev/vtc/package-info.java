/**
 * Local LLM inference in plain Java: open a {@link dev.vtc.Model}, start a {@link dev.vtc.Session},
 * generate.
 *
 * <pre>{@code
 * try (Model model = Model.open(Path.of("SmolLM2-135M-Instruct.gguf"));
 *      Session session = model.newSession()) {
 *   session.chat("Why is the sky blue?", GenerationOptions.defaults().withMaxTokens(200))
 *       .forEach(token -> System.out.print(token.text()));
 * }
 * }</pre>
 */
@NullMarked
package dev.vtc;

import org.jspecify.annotations.NullMarked;
