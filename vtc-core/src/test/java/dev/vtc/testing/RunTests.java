package dev.vtc.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests in this process, which a test has started: the same tests on an emulated CPU as here,
 * or a fuzz target. Ends with status 1 when one fails, or when there was none.
 */
public final class RunTests {
  private RunTests() {}

  /** Arguments: names of classes, and of methods as {@code CLASS#METHOD(TYPES)}. */
  public static void main(String[] tests) {
    long ran = 0;
    long failed = 0;
    for (String name : tests) {
      long start = System.nanoTime();
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      DiscoverySelector selector = name.contains("#") ? selectMethod(name) : selectClass(name);
      LauncherFactory.create().execute(request().selectors(selector).build(), listener);
      TestExecutionSummary summary = listener.getSummary();
      summary.printFailuresTo(new PrintWriter(System.out, true, UTF_8), 3);
      ran += summary.getTestsSucceededCount();
      failed += summary.getTotalFailureCount();
      System.out.printf(
          "%s: %d passed, %d failed, %d skipped, %.1f s%n",
          name.substring(name.lastIndexOf('.') + 1),
          summary.getTestsSucceededCount(),
          summary.getTotalFailureCount(),
          summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
          (System.nanoTime() - start) / 1e9);
    }
    System.out.println("passed " + ran + ", failed " + failed);
    System.exit(ran > 0 && failed == 0 ? 0 : 1);
  }
}
