package dev.fixpoint.transform;

import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.BatchNormalization;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Random;

/** Pieces of graphs with seeded random constants, dead channels and negative scales among them. */
final class RuleGraphs {
  private final GraphBuilder builder = new GraphBuilder("g");
  private final Random random;

  RuleGraphs(long seed) {
    this.random = new Random(seed);
  }

  GraphBuilder builder() {
    return builder;
  }

  Value input(long... sizes) {
    return builder.input("x", TensorType.of(ElementType.FLOAT, sizes));
  }

  Value weights(String name, long... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values = new double[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return builder.constant(name, Tensor.ofDoubles(ElementType.FLOAT, shape, values));
  }

  /** A BatchNormalization; every fifth channel has next to no variance. */
  Value batchNorm(Value x, int channels, Attributes attributes) {
    double[] variance = new double[channels];
    for (int c = 0; c < channels; c++) {
      variance[c] = c % 5 == 4 ? 1e-8 : random.nextDouble() + 0.1;
    }
    return builder.call(
        "norm",
        StandardOps.BATCH_NORMALIZATION,
        attributes.with(BatchNormalization.EPSILON, 1e-5f),
        x,
        weights("gamma", channels),
        weights("beta", channels),
        weights("mean", channels),
        builder.constant(
            "variance", Tensor.ofDoubles(ElementType.FLOAT, Shape.of(channels), variance)));
  }
}
