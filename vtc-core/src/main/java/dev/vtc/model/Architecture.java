package dev.vtc.model;

import dev.vtc.format.Metadata;
import dev.vtc.program.KvLayout.KvType;
import dev.vtc.program.Program;

/** A family of models: how its weights become a program. */
interface Architecture {
  /**
   * What a program is built for.
   *
   * @param kvType how keys and values are stored
   * @param context most positions of a sequence; some families turn heads otherwise for more
   */
  record Use(KvType kvType, int context) {}

  /**
   * The program of a model of this family. An {@code IllegalArgumentException} says which weight is
   * missing or of a wrong shape.
   */
  Program build(ModelConfig config, Metadata metadata, ModelShapes weights, Use use);
}
