package dev.vtc.model;

import dev.vtc.program.Matrix;
import dev.vtc.program.Weights;
import java.lang.foreign.MemorySegment;

/** The weights of a model, where some may be absent. */
public interface ModelWeights extends Weights, ModelShapes {
  @Override
  default Matrix shape(String name) {
    return Matrix.of(matrix(name));
  }

  @Override
  MemorySegment vector(String name);
}
