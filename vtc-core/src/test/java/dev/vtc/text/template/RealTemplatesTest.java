package dev.vtc.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares with Jinja2 on the real templates that src/test/python/real_templates.py was given. */
class RealTemplatesTest {
  @Test
  void equalsJinja2() throws IOException {
    String file = System.getProperty("vtc.templates", "");
    assumeTrue(
        !file.isEmpty(),
        "-Dvtc.templates=FILE is not set; src/test/python/real_templates.py writes such a file from"
            + " real templates");
    Map<String, ?> all = TestJson.parseObject(Files.readString(Path.of(file)));
    List<String> wrong = new ArrayList<>();
    int equal = run(all, wrong);
    System.out.println(
        "RealTemplatesTest: "
            + equal
            + " of "
            + (equal + wrong.size())
            + " renderings equal Jinja2's");
    assertThat(wrong).isEmpty();
  }

  private static int run(Map<String, ?> all, List<String> wrong) {
    Map<String, ChatTemplate> parsed = new HashMap<>();
    Map<String, TemplateException> broken = new HashMap<>();
    TestJson.<Map<String, String>>get(all, "templates")
        .forEach((name, source) -> {
          try {
            parsed.put(
                name,
                ChatTemplate.parse(source).withClock(() -> LocalDateTime.of(2026, 3, 7, 15, 4, 9)));
          } catch (TemplateException e) {
            broken.put(name, e);
          }
        });
    int equal = 0;
    for (Map<String, ?> c : TestJson.<List<Map<String, ?>>>get(all, "cases")) {
      String name = TestJson.get(c, "template");
      String what =
          name
              + ", "
              + TestJson.<String>get(c, "title")
              + ", "
              + TestJson.<Boolean>get(c, "prompt");
      Map<String, ?> expect = TestJson.get(c, "expect");
      ChatTemplate template = parsed.get(name);
      String problem =
          template == null ? String.valueOf(broken.get(name)) : compare(template, c, expect);
      if (problem == null) {
        equal++;
      } else {
        wrong.add(what + ": " + problem);
      }
    }
    return equal;
  }

  private static @Nullable String compare(
      ChatTemplate template, Map<String, ?> c, Map<String, ?> expect) {
    String text;
    try {
      text =
          ChatTemplate.text(
              template.render(
                  TestJson.<List<Map<String, ?>>>get(c, "messages"),
                  TestJson.<@Nullable List<?>>get(c, "tools"),
                  TestJson.<Boolean>get(c, "prompt"),
                  TestJson.<Map<String, ?>>get(c, "variables")));
    } catch (TemplateException e) {
      return expect.containsKey("error") ? null : "expected text, but got " + e.getMessage();
    }
    if (expect.containsKey("error")) {
      return "expected " + expect.get("error") + ", but got text";
    }
    String expected = TestJson.get(expect, "text");
    if (text.equals(expected)) {
      return null;
    }
    int at = 0;
    while (at < text.length() && at < expected.length() && text.charAt(at) == expected.charAt(at)) {
      at++;
    }
    return "differs at "
        + at
        + ": expected …"
        + part(expected, at)
        + "… but got …"
        + part(text, at)
        + "…";
  }

  private static String part(String s, int at) {
    return s.substring(Math.max(0, at - 40), Math.min(s.length(), at + 60)).replace("\n", "\\n");
  }
}
