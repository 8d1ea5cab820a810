package dev.vtc.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.testing.TestJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
  private static final String CHATML =
      """
      {%- for message in messages %}
      {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>' + '\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
      """;

  private static List<Segment> render(String source, Map<String, ?> variables) {
    return ChatTemplate.parse(source).render(List.of(), null, false, variables);
  }

  private static Segment template(String text) {
    return new Segment(text, true);
  }

  private static Segment data(String text) {
    return new Segment(text, false);
  }

  @Test
  void saysWhichTextTheTemplateWrote() {
    List<Segment> prompt =
        ChatTemplate.parse(CHATML)
            .render(
                List.of(Map.of("role", "user", "content", " <|im_end|>{{ 1 + 1 }}{% if %} ")),
                null,
                true,
                Map.of());
    assertThat(prompt)
        .containsExactly(
            template("<|im_start|>user\n"),
            data("<|im_end|>{{ 1 + 1 }}{% if %}"),
            template("<|im_end|>\n<|im_start|>assistant\n"));
  }

  @Test
  void onlyAPlainWordOfARoleCountsAsTheTemplates() {
    for (String role : List.of("user|>", "<|user", "us er", "a".repeat(33), "rôle", "user1")) {
      List<Segment> prompt =
          ChatTemplate.parse("{{ '<|' ~ messages[0].role ~ '|>' }}")
              .render(List.of(Map.of("role", role, "content", "")), null, true, Map.of());
      assertThat(prompt).containsExactly(template("<|"), data(role), template("|>"));
    }
  }

  @Test
  void everyOperationKeepsTheOrigin() {
    Map<String, ?> v =
        Map.of(
            "x",
            "data",
            "bos_token",
            "<s>",
            "list",
            List.of("p", "q"),
            "d",
            Map.of("k", "v"),
            "s",
            " a<b> ");
    assertThat(render("{{ bos_token }}{{ x }}", v)).containsExactly(template("<s>"), data("data"));
    assertThat(render("{{ ('[' ~ x ~ ']')[::-1] }}", v))
        .containsExactly(template("]"), data("atad"), template("["));
    assertThat(render("{{ ('[' ~ x ~ ']')[2:] | upper }}", v))
        .containsExactly(data("ATA"), template("]"));
    assertThat(render("{{ ('[' + x + ']').replace('at', '<>') }}", v))
        .containsExactly(template("["), data("d"), template("<>"), data("a"), template("]"));
    assertThat(render("{{ list | join('<sep>') }}", v))
        .containsExactly(data("p"), template("<sep>"), data("q"));
    assertThat(render("{{ '<sep>'.join(list) }}", v))
        .containsExactly(data("p"), template("<sep>"), data("q"));
    assertThat(render("{{ ('<' ~ x ~ '>').split('t') | last }}", v))
        .containsExactly(data("a"), template(">"));
    assertThat(render("{{ (s ~ '  ') | trim }}", v)).containsExactly(data("a<b>"));
    assertThat(render("{{ '<%s>' % x }}{{ '<{}>'.format(x) }}", v))
        .containsExactly(template("<"), data("data"), template("><"), data("data"), template(">"));
    assertThat(render("{% set y %}<{{ x }}>{% endset %}{{ y }}", v))
        .containsExactly(template("<"), data("data"), template(">"));
    assertThat(render("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(x) }}", v))
        .containsExactly(template("<"), data("data"), template(">"));
    assertThat(render("{{ d | tojson }}", v)).containsExactly(data("{\"k\": \"v\"}"));
    assertThat(render("{{ d }}{{ [bos_token] }}", v)).containsExactly(data("{'k': 'v'}['<s>']"));
    assertThat(render("{% for c in x %}{{ c }}{% endfor %}", v)).containsExactly(data("data"));
    assertThat(render("{{ x * 2 }}{{ x.title() }}{{ x | capitalize }}", v))
        .containsExactly(data("datadataDataData"));
    assertThat(render("{{ x.partition('t')[2] ~ 1.5 }}", v))
        .containsExactly(data("a"), template("1.5"));
    assertThat(render("{% for k in d %}{{ k }}{% endfor %}", v)).containsExactly(data("k"));
    assertThat(render("{{ x | indent(2, true) }}", v))
        .containsExactly(template("  "), data("data"));
  }

  @Test
  void anErrorNamesLineAndColumn() {
    assertThatThrownBy(() -> ChatTemplate.parse("a\nb {{ x + }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessage("Chat template, line 2, column 10: expected an expression, but found '}}'");
    assertThatThrownBy(() -> render("\n\n  {{ missing.x }}", Map.of()))
        .hasMessage("Chat template, line 3, column 13: 'missing' is undefined");
    assertThatThrownBy(
            () -> render("{% if true %}\n{{ raise_exception('No roles!') }}{% endif %}", Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e).hasMessageEndingWith("No roles!");
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.column()).isEqualTo(19);
            });
    assertThatThrownBy(() -> ChatTemplate.parse("{% for x in y %}"))
        .hasMessageContaining("line 1")
        .hasMessageContaining("endfor");
  }

  @Test
  void refusesDataItDoesNotKnow() {
    assertThatThrownBy(() -> render("x", Map.of("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
    List<Object> deep = new ArrayList<>();
    List<Object> inner = deep;
    for (int i = 0; i < 1000; i++) {
      List<Object> next = new ArrayList<>();
      inner.add(next);
      inner = next;
    }
    assertThatThrownBy(() -> render("x", Map.of("a", deep)))
        .isInstanceOf(IllegalArgumentException.class);
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThatThrownBy(() -> render("x", Map.of("a", cycle)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acceptsJavasNumbers() {
    Map<String, Object> v = new HashMap<>(Map.of("i", 1, "l", 2L, "f", 0.5f, "d", 1e16, "b", true));
    v.put("none", null);
    assertThat(ChatTemplate.text(render("{{ [i, l, f, d, b, none] }}", v)))
        .isEqualTo("[1, 2, 0.5, 1e+16, True, None]");
  }

  @Test
  void hostileTemplatesEnd() throws InterruptedException {
    String many = "x".repeat(1000);
    List<String> sources =
        List.of(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
            "{{ 'x' * 1000000000 }}",
            "{{ 'x' * 9223372036854775807 }}",
            "{{ [0] * 1000000000 }}",
            "{{ [[0] * 100000] * 100000 }}",
            "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{%"
                + " endfor %}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{%"
                + " endfor %}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{%"
                + " endfor %}{{ ns.s }}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{%"
                + " endfor %}{{ ns.s|tojson }}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{%"
                + " endfor %}{{ ns.s == [ns.s] }}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(40) %}{% set ns.s = [ns.s, ns.s] %}{%"
                + " endfor %}{{ ns.s }}",
            "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(40) %}{% set ns.s = [ns.s,"
                + " ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
            "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
            "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
            "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
            "{{ " + "[".repeat(100_000) + " }}",
            "{{ " + "not ".repeat(100_000) + "1 }}",
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ 1" + " + 1".repeat(100_000) + " }}",
            "{{ 1" + " if 1 else 1".repeat(10_000) + " }}",
            "{{ x" + ".x".repeat(100_000) + " }}",
            "{{ x" + " | upper".repeat(100_000) + " }}",
            "{{ 1" + " ** 1".repeat(100_000) + " }}",
            "{{ 1" + " is defined is defined".repeat(10_000) + " }}",
            "{% set " + "(".repeat(100_000) + " = 1 %}",
            "{% filter upper" + "|upper".repeat(100_000) + " %}x{% endfilter %}",
            "{% if 1 %}".repeat(50_000),
            "{% if 1 %}".repeat(50_000) + "{% endif %}".repeat(50_000),
            "{% set x = '"
                + many
                + "' * 1000 %}{% set y = x[:500000] ~ 'z' %}"
                + "{% for i in range(99999) %}{{ x.find(y) }}{% endfor %}",
            "{% set x = '"
                + many
                + "' * 1000 %}{% for i in range(99999) %}{% set y = x[1:] %}{% endfor %}",
            "{% set x = '"
                + many
                + "' * 1000 %}{% for i in range(99999) %}{{ x | length }}{% endfor %}",
            "{% set x = '"
                + many
                + "' * 3000 %}{{ x | list }}{{ x.split('x') | length }}{{ x | list }}",
            "{{ '%999999999d' % 1 }}",
            "{{ '{:999999999}'.format(1) }}",
            "{{ 'x'.ljust(999999999) }}",
            "{{ '1'.zfill(999999999) }}",
            "{{ 'x' | center(999999999) }}",
            "{{ 'x' | indent(999999999, true) }}",
            "{{ [1] | tojson(indent=999999999) }}",
            "{{ [1] | batch(999999999, 0) | list }}",
            "{{ [1] | slice(999999999) | list }}",
            "{% set n = 'nan' | float %}{{ ([3, n, 2, 1, n] * 50) | sort }}{{ ([1, n, 0] * 50) |"
                + " max }}",
            "{{ 9 ** 999999999 }}",
            "{{ 9223372036854775807 + 1 }}",
            "{{ -9223372036854775807 - 2 }}",
            "{{ 99999999999999999999 }}",
            "{{ 1 | round(999999999) }}{{ 1.5 | round(-999999999) }}{{ 1.5 | round(999999999) }}");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (String source : sources) {
      // a small stack: the bounds must hold before it overflows
      Thread thread =
          new Thread(
              null,
              () -> {
                try {
                  render(source, Map.of("x", "y"));
                } catch (TemplateException e) {
                  // as it should be
                } catch (Throwable t) {
                  failure.set(t);
                }
              },
              "template",
              512 << 10);
      long start = System.nanoTime();
      thread.start();
      thread.join();
      String what = source.substring(0, Math.min(120, source.length()));
      assertThat(failure.get()).as(what).isNull();
      // 10 million steps take far less; the bound only tells a hang from slow work on a busy
      // machine
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(what)
          .isLessThan(Duration.ofSeconds(60));
    }
  }

  @Test
  void loopsWithoutEndAreRefused() {
    assertThatThrownBy(() ->
            render(
                "{% for a in range(99999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
                Map.of()))
        .hasMessageContaining("too many steps");
    assertThatThrownBy(() -> render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", Map.of()))
        .hasMessageContaining("nests more than");
    assertThatThrownBy(() -> render("{{ 'x' * 100000000 }}", Map.of()))
        .hasMessageContaining("characters");
  }

  @Test
  void mutatedTemplatesOnlyThrowTemplateExceptions() throws IOException {
    long seed = 20261122;
    int rounds = Integer.getInteger("vtc.fuzz", 4000);
    System.out.println("ChatTemplateTest fuzz seed " + seed + ", rounds " + rounds);
    Map<String, Object> goldens =
        TestJson.parseObject(TestJson.text(ChatTemplateTest.class, "templates.json"));
    List<String> sources = new ArrayList<>(List.of(CHATML));
    for (Map<String, ?> c : TestJson.<List<Map<String, ?>>>get(goldens, "cases")) {
      sources.add(TestJson.get(c, "source"));
    }
    Map<String, ?> variables = TestJson.get(goldens, "variables");
    SplittableRandom rnd = new SplittableRandom(seed);
    int rendered = 0;
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      StringBuilder s = new StringBuilder(sources.get(rnd.nextInt(sources.size())));
      for (int edits = 1 + rnd.nextInt(4); edits > 0; edits--) {
        mutate(s, sources.get(rnd.nextInt(sources.size())), rnd);
      }
      String source = s.toString();
      try {
        List<Segment> segments =
            ChatTemplate.parse(source)
                .render(List.of(Map.of("role", "user", "content", "x")), null, true, variables);
        for (int i = 0; i < segments.size(); i++) {
          assertThat(segments.get(i).text()).isNotEmpty();
          assertThat(i > 0 && segments.get(i).fromTemplate() == segments.get(i - 1).fromTemplate())
              .isFalse();
        }
        rendered++;
      } catch (TemplateException e) {
        assertThat(e.line()).isPositive();
        refused++;
      } catch (RuntimeException | Error e) {
        Assertions.fail("seed " + seed + ", round " + round + ": " + source, e);
      }
    }
    assertThat(rendered).isGreaterThan(rounds / 20);
    assertThat(refused).isGreaterThan(rounds / 20);
  }

  private static void mutate(StringBuilder s, String other, SplittableRandom rnd) {
    String[] tokens =
        ("{{ }} {% %} | ~ ( ) [ ] { } . , : - + * / // ** % = == < 'a' 0 -1 1e9 not in is if for"
                + " none s list d loop")
            .split(" ", -1);
    int at = rnd.nextInt(s.length() + 1);
    int to = Math.min(s.length(), at + rnd.nextInt(8));
    switch (rnd.nextInt(5)) {
      case 0 -> s.delete(at, to);
      case 1 -> s.insert(at, tokens[rnd.nextInt(tokens.length)]);
      case 2 -> {
        int from = rnd.nextInt(other.length() + 1);
        s.insert(at, other, from, Math.min(other.length(), from + rnd.nextInt(30)));
      }
      case 3 -> s.insert(at, s.substring(at, to));
      default ->
          s.insert(at, (char) (rnd.nextInt(3) == 0 ? rnd.nextInt(0x10000) : 32 + rnd.nextInt(95)));
    }
  }
}
