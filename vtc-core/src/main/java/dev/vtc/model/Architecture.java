package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;

/** A family of models: how its weights become a program. */
interface Architecture {
  /**
   * The program of a model of this family. An {@code IllegalArgumentException} says which weight is
   * missing or of a wrong shape.
   */
  Program build(ModelConfig config, Metadata metadata, ModelWeights weights, KvType kvType);
}
