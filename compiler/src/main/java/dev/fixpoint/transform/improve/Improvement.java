package dev.fixpoint.transform.improve;

import dev.fixpoint.pass.Pass;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A way to quantize better than plainly, in the order in which they are applied. */
public enum Improvement {
  /** Cross-layer equalization. */
  CLE(true) {
    @Override
    public Pass pass(Reference reference) {
      return new EqualizeLayers();
    }
  },
  /** SmoothQuant. */
  SMOOTH(true) {
    @Override
    public Pass pass(Reference reference) {
      return new SmoothActivations(reference, MIGRATION);
    }
  },
  /** The outlier split of LLM.int8(). */
  OUTLIERS(true) {
    @Override
    public Pass pass(Reference reference) {
      return new SplitOutliers(reference, SplitOutliers.THRESHOLD);
    }
  },
  /** Scales by the layer's outputs, with mean and deviation estimated anew. */
  ADAQUANT(false) {
    @Override
    public Pass pass(Reference reference) {
      return new SearchScales(reference);
    }
  },
  /** Rounding of weights by the layer's outputs. */
  ADAROUND(false) {
    @Override
    public Pass pass(Reference reference) {
      return new RoundWeights(reference);
    }
  },
  /** Bias correction. */
  BIAS(false) {
    @Override
    public Pass pass(Reference reference) {
      return new CorrectBiases(reference);
    }
  };

  /** Half of the range moves from activations into weights, as the paper of SmoothQuant has it. */
  private static final double MIGRATION = 0.5;

  private final boolean onFloat;

  Improvement(boolean onFloat) {
    this.onFloat = onFloat;
  }

  /** Whether it rewrites the float graph; else it changes constants of the fake-quantized one. */
  public boolean isOnFloat() {
    return onFloat;
  }

  /** The pass, not guarded. */
  public abstract Pass pass(Reference reference);

  /** The name in options. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The improvement with a name. */
  public static Optional<Improvement> ofText(String text) {
    return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
