package dev.vtc.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs classes of tests in this process, which a test has started on an emulated CPU: the same
 * tests there as here. Ends with status 1 when one fails, or when there was none.
 */
public final class RunTests {
  private RunTests() {}

  /** Arguments: names of classes. */
  public static void main(String[] classes) {
    long ran = 0;
    long failed = 0;
    for (String name : classes) {
      long start = System.nanoTime();
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request().selectors(selectClass(name)).build(), listener);
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
