package dev.vtc.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Compares small templates with what Jinja2 made of them (src/test/python/template_goldens.py). */
class TemplateGoldensTest {
  @Test
  void equalsJinja2() throws IOException {
    List<String> wrong = new ArrayList<>();
    int equal = run(wrong);
    assertThat(wrong).isEmpty();
    assertThat(equal).isGreaterThan(400);
  }

  static int run(List<String> wrong) throws IOException {
    Map<String, Object> all =
        TestJson.parseObject(TestJson.text(TemplateGoldensTest.class, "templates.json"));
    Map<String, ?> variables = TestJson.get(all, "variables");
    int equal = 0;
    for (Map<String, ?> c : TestJson.<List<Map<String, ?>>>get(all, "cases")) {
      String source = TestJson.get(c, "source");
      Map<String, ?> expect = TestJson.get(c, "expect");
      String expected =
          expect.containsKey("text") ? TestJson.<String>get(expect, "text") : "an error";
      String actual;
      String message = "";
      try {
        actual =
            ChatTemplate.text(
                ChatTemplate.parse(source)
                    .withClock(() -> LocalDateTime.of(2026, 3, 7, 15, 4, 9))
                    .render(List.of(), null, false, variables));
      } catch (TemplateException e) {
        actual = "an error";
        message = e.getMessage();
      }
      if (actual.equals(expected)) {
        equal++;
      } else {
        wrong.add(
            source + "\n  expected " + expected + "\n  but got  " + actual + " " + message + "\n");
      }
    }
    return equal;
  }
}
