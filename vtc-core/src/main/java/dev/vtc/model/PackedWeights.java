package dev.vtc.model;

import dev.vtc.tvl.PackedModel;
import dev.vtc.tvl.PackedTensor;
import java.lang.foreign.MemorySegment;

/** The weights of a packed model as programs and machines ask for them. */
public record PackedWeights(PackedModel packed) implements ModelWeights {
  @Override
  public boolean has(String name) {
    return packed.has(name);
  }

  @Override
  public PackedTensor matrix(String name) {
    return packed.matrix(name);
  }

  @Override
  public MemorySegment vector(String name) {
    return packed.vector(name);
  }
}
