package dev.vtc.sample;

/** A logit is infinite or not a number: no token can be chosen (rule 10 of the numerics). */
public final class NonFiniteLogitException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NonFiniteLogitException(int token, double logit) {
    super(
        "The logit of token "
            + token
            + " is "
            + logit
            + ", so no token can be chosen; the model or its file is damaged.");
  }
}
