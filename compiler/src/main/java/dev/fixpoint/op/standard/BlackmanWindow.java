package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpSchema;

/** The Blackman window: coefficients 0.42, 0.5, 0.08. */
public final class BlackmanWindow extends CosineWindow {
  /** {@code output = BlackmanWindow(size)}. */
  public static final OpSchema SCHEMA = schema("BlackmanWindow");

  BlackmanWindow() {
    super(SCHEMA, 0.42, 0.5, 0.08);
  }
}
