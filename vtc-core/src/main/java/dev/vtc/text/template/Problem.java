package dev.vtc.text.template;

/**
 * An error of an operation that does not know where in the template it stands; the interpreter adds
 * the place.
 */
final class Problem extends RuntimeException {
  Problem(String message) {
    super(message, null, false, false);
  }

  /** The message, which is never null. */
  String problem() {
    return String.valueOf(getMessage());
  }
}
