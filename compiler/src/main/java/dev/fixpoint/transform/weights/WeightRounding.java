package dev.fixpoint.transform.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How weights are rounded to a grid. */
public enum WeightRounding {
  /** To the nearest number. */
  PLAIN,
  /** Under scales or zero points found by half-quadratic splitting, without data. */
  HQQ,
  /** Column by column, later ones making up for the errors of earlier ones. */
  GPTQ;

  /** The name in options. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The way with a name. */
  public static Optional<WeightRounding> ofText(String text) {
    return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
