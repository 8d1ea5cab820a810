package dev.vtc.model;

import dev.vtc.program.Weights;

/** The weights of a model, where some may be absent. */
public interface ModelWeights extends Weights {
  /** True when there is a matrix or vector with this name. */
  boolean has(String name);
}
