package dev.vtc.app.command;

import dev.vtc.app.Bytes;
import dev.vtc.app.ExitCode;
import dev.vtc.app.Json;
import dev.vtc.app.store.Store;
import dev.vtc.app.store.StoredModel;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code vtc list}. */
public final class ListCommand extends Command {
  boolean json;

  @Override
  void declare(Options o) {
    o.about("Lists the models of the store.", "  vtc list", "  vtc list --json");
    o.flag("Print a JSON array.", () -> json = true, "--json");
  }

  @Override
  public int run(Context context) throws Exception {
    Store store = context.store();
    List<StoredModel> models = store.models();
    List<Store.Partial> partials = store.partials();
    PrintStream out = context.terminal().out();
    if (json) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (StoredModel m : models) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", m.name());
        row.put("bytes", m.bytes());
        row.put("present", m.present());
        row.put("path", m.path().toString());
        row.put("source", m.source());
        row.put("sha256", m.sha256() == null ? "" : m.sha256());
        row.put("pulled", m.pulled());
        rows.add(row);
      }
      Json.line(out, rows);
      return ExitCode.OK;
    }
    if (models.isEmpty() && partials.isEmpty()) {
      context
          .terminal()
          .err()
          .println("No models in " + store.home() + " yet; vtc pull fetches the default one.");
    }
    int width =
        Stream.concat(
                models.stream().map(StoredModel::name), partials.stream().map(Store.Partial::name))
            .mapToInt(String::length)
            .max()
            .orElse(1);
    String row = "%-" + width + "s  %9s  %s%n";
    for (StoredModel m : models) {
      String source = m.source().equals(m.name()) ? "" : m.source();
      out.printf(
          row, m.name(), Bytes.human(m.bytes()), m.present() ? source : "its file is missing");
    }
    for (Store.Partial p : partials) {
      out.printf(row, p.name(), Bytes.human(p.bytes()), "broken off; pulling it again continues");
    }
    List<Path> others = store.otherPacked();
    if (!others.isEmpty()) {
      long bytes = 0;
      for (Path file : others) {
        bytes += Files.size(file);
      }
      context
          .terminal()
          .err()
          .println(
              others.size()
                  + " packed "
                  + (others.size() == 1 ? "copy" : "copies")
                  + " of model files ("
                  + Bytes.human(bytes)
                  + ") besides; vtc rm --packed removes them.");
    }
    return ExitCode.OK;
  }
}
