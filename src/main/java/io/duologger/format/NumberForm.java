package io.duologger.format;

/** How a number is written for Grid Engine and for what reads the lines of the old tools. */
enum NumberForm {
  /** As in every other format. */
  PLAIN(NamedValue.Type.DOUBLE),
  /** An integer, half to even. */
  BYTES(NamedValue.Type.MEMORY),
  /** Up to two decimals, half up. */
  RATE(NamedValue.Type.DOUBLE),
  /** A ratio as a whole percentage, cut. */
  PERCENT(NamedValue.Type.DOUBLE);

  private final NamedValue.Type type;

  NumberForm(NamedValue.Type type) {
    this.type = type;
  }

  /** What Grid Engine takes it for. */
  NamedValue.Type type() {
    return type;
  }

  /** The finite number {@code value}. */
  String text(double value) {
    Bytes out = new Bytes(32);
    switch (this) {
      case PLAIN -> Numbers.value(out, value);
      case BYTES -> Numbers.whole(out, value);
      case RATE -> Numbers.hundredths(out, value);
      case PERCENT -> Numbers.percent(out, value);
    }
    return out.text();
  }
}
