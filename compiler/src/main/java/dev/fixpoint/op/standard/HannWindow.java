package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpSchema;

/** The Hann window: coefficients 0.5, 0.5. */
public final class HannWindow extends CosineWindow {
  /** {@code output = HannWindow(size)}. */
  public static final OpSchema SCHEMA = schema("HannWindow");

  HannWindow() {
    super(SCHEMA, 0.5, 0.5);
  }
}
