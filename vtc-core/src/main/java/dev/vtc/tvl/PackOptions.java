package dev.vtc.tvl;

import dev.vtc.format.ModelSource;
import java.util.function.Function;

/**
 * How a model is packed and opened.
 *
 * @param threads that pack, at least 1
 * @param plan the order of storage
 * @param extras what is stored with the weights
 * @param recipe a name for {@code plan} and {@code extras}: packed files of another recipe are not
 *     used
 * @param pages how the packed file is mapped
 */
public record PackOptions(
    int threads,
    Function<ModelSource, PackPlan> plan,
    Function<ModelSource, PackedExtras> extras,
    String recipe,
    Pages pages) {

  /** All processors, the plan by names, no extras. */
  public static PackOptions defaults() {
    return new PackOptions(
        Runtime.getRuntime().availableProcessors(),
        source -> PackPlan.byNames(source.tensors()),
        source -> PackedExtras.NONE,
        "plain",
        Pages.AUTO);
  }

  public PackOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("Packing needs a thread, not " + threads + ".");
    }
  }

  public PackOptions withThreads(int value) {
    return new PackOptions(value, plan, extras, recipe, pages);
  }

  public PackOptions withPages(Pages value) {
    return new PackOptions(threads, plan, extras, recipe, value);
  }

  public PackOptions withPlan(Function<ModelSource, PackPlan> value) {
    return new PackOptions(threads, value, extras, recipe, pages);
  }

  public PackOptions withExtras(String newRecipe, Function<ModelSource, PackedExtras> value) {
    return new PackOptions(threads, plan, value, newRecipe, pages);
  }
}
