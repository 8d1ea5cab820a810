package dev.vtc.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vtc.app.lab.Table.Column;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ReportTest {
  @TempDir Path folder;

  private static Table table() {
    return new Table(
            "speeds",
            "Speeds | all",
            Column.text("way, \"named\""),
            Column.whole("threads", ""),
            Column.number("rate", "GB/s", 1))
        .row("plain, |x|", 1, 12.3456)
        .row("other", 16, null)
        .row("third", 2, Double.NaN);
  }

  private static Plot curve() {
    double[] x = IntStream.rangeClosed(1, 300).mapToDouble(i -> i * 4096.0).toArray();
    double[] y = IntStream.rangeClosed(1, 300).mapToDouble(i -> 100.0 / i + 1).toArray();
    return Plot.xy("curve", "A curve <&>", "bytes", "GB/s")
        .logX()
        .logY()
        .line("line", x, y)
        .points("points", new double[] {4096, 65536, 1e6}, new double[] {3, 2, 1});
  }

  private static Plot bars() {
    return Plot.bars("bars", "Bars", "format", "ms", List.of("F32", "F16", "Q8", "Q4"))
        .bar("scalar", 4, 3, 2, 1)
        .bar("SIMD", 1, 1.5, 2, 2.5);
  }

  private static Report report() {
    return new Report("The title", RunFacts.here().put("threads", 2))
        .text("What was done", "A sentence.")
        .table(table())
        .table(new Table("empty", "Nothing", Column.text("a")))
        .plot(curve(), "Read it so.")
        .plot(bars(), "And this so.");
  }

  @Test
  void everyFileIsThereAndNoneForAnEmptyTable() throws Exception {
    assertThat(report().write(folder.resolve("new"))).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "report.md",
              "report.json",
              "speeds.csv",
              "curve.svg",
              "curve.png",
              "bars.svg",
              "bars.png");
    }
  }

  @Test
  void csvKeepsAllDigitsAndQuotes() {
    assertThat(table().csv())
        .isEqualTo(
            "\"way, \"\"named\"\"\",threads,\"rate, GB/s\"\r\n"
                + "\"plain, |x|\",1,12.3456\r\nother,16,\r\nthird,2,\r\n");
  }

  @Test
  void markdownIsATableOfAsManyCellsInEveryLine() {
    List<String> lines = table().markdown().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines)
        .allSatisfy(l ->
            assertThat(l.replace("\\|", "").chars().filter(c -> c == '|').count()).isEqualTo(4));
    assertThat(lines.get(1)).isEqualTo("|---|--:|--:|");
    assertThat(lines.get(2)).contains("12.3 ").contains("plain, \\|x\\|");
    assertThat(lines.get(3)).endsWith("| – |");
  }

  @Test
  void jsonHasEverythingAndParses() throws Exception {
    report().write(folder);
    List<String> names = new ArrayList<>();
    double rate = 0;
    try (JsonParser p =
        JsonFactory.builder()
            .build()
            .createParser(
                ObjectReadContext.empty(), Files.readString(folder.resolve("report.json")))) {
      for (JsonToken t; (t = p.nextToken()) != null; ) {
        if (t == JsonToken.PROPERTY_NAME) {
          names.add(p.currentName());
        } else if (t == JsonToken.VALUE_NUMBER_FLOAT && p.getDoubleValue() == 12.3456) {
          rate = p.getDoubleValue();
        }
      }
    }
    assertThat(names)
        .contains("title", "complete", "facts", "cpu", "load before", "tables", "rows");
    assertThat(names).contains("plots", "series", "log_x", "categories");
    assertThat(rate).isEqualTo(12.3456);
  }

  @Test
  void theReportHasFactsTablesPlotsAndTheirReadingInOrder() throws Exception {
    Report report = report();
    report.write(folder);
    String md = Files.readString(folder.resolve("report.md"));
    assertThat(md).startsWith("# The title\n").doesNotContain("stopped").doesNotContain("Nothing");
    assertThat(md)
        .containsSubsequence(
            "- date: ",
            "- java: ",
            "- threads: 2",
            "## What was done",
            "A sentence.",
            "## Speeds",
            "![A curve <&>](curve.svg)",
            "Read it so.",
            "](bars.svg)",
            "And this so.");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("A sentence.", "other", "12.3");
    report.interrupted();
    report.write(folder);
    assertThat(folder.resolve("report.md")).content().contains("stopped before its end");
    assertThat(folder.resolve("report.json")).content().contains("\"complete\":false");
  }

  @Test
  void svgIsSmallAndWellFormedAndHasTheCurveToATenthOfAPixel() throws Exception {
    report().write(folder);
    for (String name : List.of("curve", "bars")) {
      Path svg = folder.resolve(name + ".svg");
      assertThat(Files.size(svg)).as(name).isBetween(2_000L, 60_000L);
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      Element root = factory.newDocumentBuilder().parse(svg.toFile()).getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
      assertThat(root.getElementsByTagName("title").item(0).getTextContent())
          .isEqualTo(name.equals("curve") ? "A curve <&>" : "Bars");
      assertThat(root.getElementsByTagName("line").getLength()).isZero();
    }
    // The curve's line, in its colour: one path through all 300 points.
    String curve = Files.readString(folder.resolve("curve.svg"));
    List<String> paths =
        curve.lines().filter(l -> l.contains("stroke:rgb(0,114,178)") && l.contains("L")).toList();
    assertThat(paths).isNotEmpty();
    String longest = paths.stream().max(java.util.Comparator.comparingInt(String::length)).get();
    assertThat(longest.chars().filter(c -> c == 'L').count()).isEqualTo(299);
    assertThat(longest.replaceAll(".* d=", "").chars().filter(c -> c == 'M').count()).isEqualTo(1);
  }

  @Test
  void linesOfOneStyleBecomeOnePath() {
    String a = "    <line style=\"s:1;\" x1=\"1.25\" x2=\"2.0\" y1=\"3.0\" y2=\"4.06\"/>\n";
    String b = "    <line style=\"s:1;\" x1=\"2.0\" x2=\"9.96\" y1=\"4.06\" y2=\"5\"/>\n";
    String c = "    <line style=\"s:1;\" x1=\"7\" x2=\"8\" y1=\"7\" y2=\"8\"/>\n";
    String d = "    <line style=\"s:2;\" x1=\"1\" x2=\"2\" y1=\"3\" y2=\"4\"/>\n";
    assertThat(SvgText.compact("<svg a=\"1\">\n" + a + b + c + d + "</svg>\n", "x & y"))
        .isEqualTo(
            """
            <svg a="1">
              <title>x &amp; y</title>
            <path style="s:1;" d="M1.3 3.0L2.0 4.1L10 5M7 7L8 8"/>
            <path style="s:2;" d="M1 3L2 4"/>
            </svg>
            """);
  }

  @Test
  void pngShowsTheColoursOfItsSeries() throws Exception {
    report().write(folder);
    for (String name : List.of("curve", "bars")) {
      BufferedImage image = ImageIO.read(folder.resolve(name + ".png").toFile());
      assertThat(image.getWidth()).isEqualTo(1000);
      int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 1000);
      for (int color : new int[] {0xff0072b2, 0xffd55e00}) {
        assertThat(IntStream.of(pixels).filter(p -> p == color).count())
            .as(name + " pixels of " + Integer.toHexString(color))
            .isGreaterThan(50);
      }
    }
  }

  @Test
  void barsStandOnALogarithmicScale() throws Exception {
    Plot plot =
        Plot.bars("log", "Loads", "format", "loads", List.of("F32", "Q4"))
            .logY()
            .bar("a", 1000, 2844)
            .bar("b", 10, 53);
    assertThat(new Report("t", RunFacts.here()).plot(plot, "r").write(folder)).isEmpty();
    BufferedImage image = ImageIO.read(folder.resolve("log.png").toFile());
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 1000);
    // The shortest bar is a decade high.
    assertThat(IntStream.of(pixels).filter(p -> p == 0xffd55e00).count()).isGreaterThan(5000);
  }

  @Test
  void whatCannotBeDrawnIsRefusedWhereItIsAdded() {
    Plot log = Plot.xy("p", "t", "x", "y").logY();
    assertThatThrownBy(() -> log.line("l", new double[] {1}, new double[] {0}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.bar("b", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bars().bar("short", 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bars().bar("SIMD", 1, 2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table().row("a")).isInstanceOf(IllegalArgumentException.class);
  }
}
