package dev.vtc.app.lab;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a {@link Plot} as SVG and PNG; the only class that knows the drawing library. */
final class Pictures {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 620;

  /** Series that have room in a line below the plot. */
  private static final int MOST_BELOW = 6;

  /** Okabe and Ito's colours, which people who see few colours can tell apart; black is last. */
  private static final Color[] COLORS = {
    new Color(0x0072b2),
    new Color(0xd55e00),
    new Color(0x009e73),
    new Color(0xcc79a7),
    new Color(0xe69f00),
    new Color(0x56b4e9),
    new Color(0x7f7f7f),
    new Color(0x000000)
  };

  static {
    System.setProperty("java.awt.headless", "true");
    // A cache in a file needs a shutdown hook, which there cannot be once the user has pressed
    // Ctrl-C.
    ImageIO.setUseCache(false);
  }

  private Pictures() {}

  /**
   * Loads what drawing needs. A JVM that is ending, for the user has pressed Ctrl-C, draws only
   * what was prepared: fonts and image streams register with its shutdown.
   */
  static void prepare() throws IOException {
    Plot plot = Plot.xy("p", "p", "x", "y").line("l", new double[] {1, 2}, new double[] {1, 2});
    svg(plot);
    png(plot);
  }

  /** Writes NAME.svg and NAME.png into a folder. */
  static void write(Plot plot, Path folder) throws IOException {
    Files.writeString(folder.resolve(plot.name() + ".svg"), svg(plot));
    Files.write(folder.resolve(plot.name() + ".png"), png(plot));
  }

  private static Chart<?, ?> chart(Plot plot) {
    return plot.categories().isEmpty() ? xy(plot) : bars(plot);
  }

  private static String svg(Plot plot) throws IOException {
    VectorGraphics2D vectors = new VectorGraphics2D();
    chart(plot).paint(vectors, WIDTH, HEIGHT);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    new SVGProcessor()
        .getDocument(vectors.getCommands(), new PageSize(0, 0, WIDTH, HEIGHT))
        .writeTo(text);
    return SvgText.compact(text.toString(StandardCharsets.UTF_8), plot.title());
  }

  private static byte[] png(Plot plot) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    chart(plot).paint(g, WIDTH, HEIGHT);
    g.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("This JDK writes no PNG.");
    }
    return bytes.toByteArray();
  }

  private static XYChart xy(Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xLabel())
            .yAxisTitle(plot.yLabel())
            .build();
    style(chart.getStyler());
    if (plot.series().size() > MOST_BELOW) {
      chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
      chart.getStyler().setLegendLayout(LegendLayout.Vertical);
    }
    chart.getStyler().setXAxisDecimalPattern("#,##0.######"); // no powers of ten
    chart.getStyler().setXAxisLogarithmic(plot.hasLogX());
    chart.getStyler().setYAxisLogarithmic(plot.hasLogY());
    for (Plot.Series s : plot.series()) {
      XYSeries drawn = chart.addSeries(s.name(), s.x(), s.y());
      if (s.mark() == Plot.Mark.POINTS) {
        drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      } else {
        drawn.setLineWidth(2);
        // Markers would hide a curve of many points.
        drawn.setMarker(s.x().size() > 40 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
      }
    }
    return chart;
  }

  private static CategoryChart bars(Plot plot) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xLabel())
            .yAxisTitle(plot.yLabel())
            .build();
    style(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.8);
    if (plot.hasLogY()) {
      double least =
          plot.series().stream().flatMap(s -> s.y().stream()).min(Double::compare).orElseThrow();
      chart.getStyler().setYAxisLogarithmic(true);
      // Bars have no natural foot on this scale: the power of ten below the shortest.
      chart.getStyler().setYAxisMin(Math.pow(10, Math.ceil(Math.log10(least)) - 1));
    }
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    for (Plot.Series s : plot.series()) {
      chart.addSeries(s.name(), plot.categories(), s.y());
    }
    return chart;
  }

  private static void style(AxesChartStyler style) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    style.setBaseFont(font);
    style.setChartTitleFont(font.deriveFont(Font.BOLD, 16f));
    style.setLegendFont(font.deriveFont(12f));
    style.setAxisTitleFont(font);
    style.setAxisTickLabelsFont(font.deriveFont(12f));
    style.setSeriesColors(COLORS);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderColor(Color.LIGHT_GRAY);
    style.setPlotGridLinesColor(new Color(0xe6e6e6));
    // The library's own dashes make an SVG of 335 kB; a solid line one of a tenth.
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
    style.setMarkerSize(7);
  }
}
