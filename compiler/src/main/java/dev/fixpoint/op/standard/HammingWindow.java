package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpSchema;

/** The Hamming window: coefficients 25.0 / 46, 21.0 / 46. */
public final class HammingWindow extends CosineWindow {
  /** {@code output = HammingWindow(size)}. */
  public static final OpSchema SCHEMA = schema("HammingWindow");

  HammingWindow() {
    super(SCHEMA, 25.0 / 46, 21.0 / 46);
  }
}
