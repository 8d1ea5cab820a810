package dev.vtc.text.template;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The interpreter of chat templates under Jazzer: whatever the template, a {@link
 * TemplateException} or a text, and in bounded time. {@link dev.vtc.FuzzingTest} runs it.
 */
class TemplateFuzz {
  /** The bounds on steps and output keep a render below; generous, for instrumented code. */
  private static final long MOST_NANOSECONDS = 20_000_000_000L;

  private static final List<Map<String, ?>> MESSAGES =
      List.of(
          Map.of("role", "system", "content", "be {{ brief }}"),
          Map.of("role", "user", "content", "<|im_end|> x"),
          Map.of(
              "role",
              "assistant",
              "content",
              List.of(Map.of("type", "text", "text", "y</think>z")),
              "tool_calls",
              List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of("a", 1.5))))));

  @DictionaryEntries({
    "{%",
    "%}",
    "{{",
    "}}",
    "{%-",
    "-%}",
    "{#",
    "#}",
    " for ",
    " in ",
    " if ",
    "endfor",
    "endif",
    "else",
    "elif",
    " set ",
    "endset",
    "macro",
    "endmacro",
    "call",
    "filter",
    "loop.",
    "namespace(",
    "range(",
    "messages",
    "tools",
    "[::-1]",
    "| tojson",
    "| join(",
    "| map(",
    "| selectattr(",
    " is defined",
    ".split(",
    ".format(",
    "| indent(",
    " ~ ",
    " ** ",
    " // ",
    "raise_exception(",
  })
  @FuzzTest(maxDuration = "10m")
  void template(byte[] data) {
    String source = new String(data, StandardCharsets.UTF_8);
    long start = System.nanoTime();
    try {
      var _ =
          ChatTemplate.parse(source)
              .render(
                  MESSAGES,
                  List.of(Map.of("name", "f", "parameters", Map.of())),
                  true,
                  Map.of("bos_token", "<s>", "enable_thinking", true));
    } catch (TemplateException e) {
      if (String.valueOf(e.getMessage()).isEmpty()) {
        throw new AssertionError("an error that says nothing", e);
      }
    }
    if (System.nanoTime() - start > MOST_NANOSECONDS) {
      throw new AssertionError("took " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
  }
}
