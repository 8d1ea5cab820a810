package dev.vtc;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer. */
  END,
  /** A stop string appeared. */
  STOP,
  /** The number of tokens that was asked for is reached. */
  LENGTH,
  /** The context is full. */
  CONTEXT,
  /** Somebody cancelled it. */
  CANCELLED
}
