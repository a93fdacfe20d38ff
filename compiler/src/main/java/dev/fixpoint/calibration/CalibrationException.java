package dev.fixpoint.calibration;

import dev.fixpoint.ir.ModelException;

/** Calibration data or the values computed from it cannot be used; names value and sample. */
public final class CalibrationException extends ModelException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the place. */
  public CalibrationException(String message) {
    super(message);
  }
}
