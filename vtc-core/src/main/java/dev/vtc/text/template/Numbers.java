package dev.vtc.text.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic on int (here of 64 bits, with an error beyond) and float. */
final class Numbers {
  /** The result of comparing with NaN: neither less, equal nor greater. */
  static final int UNORDERED = Integer.MIN_VALUE;

  private Numbers() {}

  static int compare(Number x, Number y) {
    if (x instanceof Long a && y instanceof Long b) {
      return Long.compare(a, b);
    }
    double a = x.doubleValue();
    double b = y.doubleValue();
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return UNORDERED;
    }
    if (Double.isInfinite(a) || Double.isInfinite(b)) {
      return Double.compare(a, b);
    }
    return exact(x).compareTo(exact(y));
  }

  private static BigDecimal exact(Number x) {
    return x instanceof Long l ? BigDecimal.valueOf(l) : new BigDecimal(x.doubleValue());
  }

  /** {@code + - * / // % **} on numbers. */
  static Object arithmetic(String operator, Number x, Number y) {
    try {
      return x instanceof Long a && y instanceof Long b
          ? integers(operator, a, b)
          : floats(operator, x.doubleValue(), y.doubleValue());
    } catch (ArithmeticException e) {
      throw new Problem("the result of '" + operator + "' is an integer that does not fit 64 bits");
    }
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "/" -> (double) a / (double) nonZero(b);
      case "//" -> Math.floorDivExact(a, nonZero(b));
      case "%" -> Math.floorMod(a, nonZero(b));
      default -> b < 0 ? floats("**", (double) a, (double) b) : (Object) power(a, b);
    };
  }

  private static long nonZero(long b) {
    if (b == 0) {
      throw new Problem("division by zero");
    }
    return b;
  }

  private static double nonZero(double b) {
    if (b == 0) {
      throw new Problem("division by zero");
    }
    return b;
  }

  private static long power(long base, long exponent) {
    long result = 1;
    long b = base;
    for (long e = exponent; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        result = Math.multiplyExact(result, b);
      }
      if (e > 1 && b != 0 && b != 1 && b != -1) {
        b = Math.multiplyExact(b, b);
      } else if (b == -1 && e > 1) {
        b = 1;
      }
    }
    return result;
  }

  private static Object floats(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / nonZero(b);
      case "//" -> {
        double mod = floorMod(a, nonZero(b));
        double quotient = (a - mod) / b;
        double floor = Math.floor(quotient);
        yield quotient - floor > 0.5 ? floor + 1 : floor;
      }
      case "%" -> floorMod(a, nonZero(b));
      default -> {
        if (a == 0 && b < 0) {
          throw new Problem("0 cannot be raised to a negative power");
        }
        if (a < 0 && b != Math.rint(b)) {
          throw new Problem("a negative number cannot be raised to a fraction");
        }
        double result = StrictMath.pow(a, b);
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
          throw new Problem("the result of '**' is too large");
        }
        yield result;
      }
    };
  }

  private static double floorMod(double a, double b) {
    double mod = a % b;
    if (mod != 0) {
      return (b < 0) != (mod < 0) ? mod + b : mod;
    }
    return Math.copySign(0.0, b);
  }

  /** Python's {@code repr(float)}: the shortest digits that give the same float. */
  static String repr(double d) {
    if (Double.isNaN(d)) {
      return "nan";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "inf" : "-inf";
    }
    if (d == 0) {
      return 1 / d < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(d))).stripTrailingZeros();
    if (shortest.precision()
        == 2) { // Java gives at least two digits, also where one is enough: 4.9E-324
      BigDecimal oneDigit = shortest.round(new MathContext(1));
      shortest = oneDigit.doubleValue() == Math.abs(d) ? oneDigit : shortest;
    }
    String digits = shortest.unscaledValue().toString();
    int exponent =
        digits.length() - shortest.scale() - 1; // d = ±digits[0].digits[1…] · 10^exponent
    StringBuilder out = new StringBuilder(d < 0 ? "-" : "");
    if (exponent < -4 || exponent >= 16) {
      out.append(digits.charAt(0));
      if (digits.length() > 1) {
        out.append('.').append(digits, 1, digits.length());
      }
      out.append('e').append(exponent < 0 ? '-' : '+');
      return out.append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent)).toString();
    }
    if (exponent < 0) {
      return out.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
    }
    if (digits.length() <= exponent + 1) {
      return out.append(digits)
          .append("0".repeat(exponent + 1 - digits.length()))
          .append(".0")
          .toString();
    }
    return out.append(digits, 0, exponent + 1)
        .append('.')
        .append(digits, exponent + 1, digits.length())
        .toString();
  }

  /** Python's {@code round(x, digits)}: half to even on the exact value. */
  static Object round(Number x, int digits, RoundingMode mode) {
    if (x instanceof Long l && digits >= 0) {
      return l;
    }
    if (x instanceof Double d && (Double.isNaN(d) || Double.isInfinite(d))) {
      return d;
    }
    if (digits > 330) {
      return x;
    }
    BigDecimal rounded = exact(x).setScale(Math.max(digits, -330), mode);
    return x instanceof Long ? (Object) rounded.longValue() : (Object) rounded.doubleValue();
  }

  /** Python's {@code int(text, base)}, or null where it fails. */
  static @Nullable Long parseInt(String text, int base) {
    String s = text.strip().replace("_", "");
    boolean negative = s.startsWith("-");
    String digits = negative || s.startsWith("+") ? s.substring(1) : s;
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : " ";
    if (digits.regionMatches(true, 0, prefix, 0, 2)) {
      digits = digits.substring(2);
    }
    if (digits.isEmpty() || Character.digit(digits.charAt(0), base) < 0) {
      return null;
    }
    try {
      return Long.valueOf(negative ? "-" + digits : digits, base);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A number of digits only, as in {@code 'a.0'} and {@code '{0}'}, or null. */
  static @Nullable Long parseIndex(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return null;
      }
    }
    return parseInt(text, 10);
  }

  /** Python's {@code float(text)}, or null where it fails. */
  static @Nullable Double parseFloat(String text) {
    String s = text.strip().replace("_", "").toLowerCase(java.util.Locale.ROOT);
    String unsigned = s.startsWith("-") || s.startsWith("+") ? s.substring(1) : s;
    boolean negative = s.startsWith("-");
    switch (unsigned) {
      case "inf", "infinity" -> {
        return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {
        for (int i = 0; i < unsigned.length(); i++) { // Java also takes "1f", "0x1p3"
          if ("0123456789.e+-".indexOf(unsigned.charAt(i)) < 0) {
            return null;
          }
        }
        try {
          return Double.valueOf(s);
        } catch (NumberFormatException e) {
          return null;
        }
      }
    }
  }

  static void hex(StringBuilder out, int value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.append("0123456789abcdef".charAt((value >> shift) & 15));
    }
  }
}
