package dev.fixpoint.examples.peer;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.Concat;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Random;

/** Layers of image networks with seeded weights, added to one graph. */
final class Layers {
  private final GraphBuilder graph;
  private final Random random;
  private int count;

  Layers(String name, long seed) {
    this.graph = new GraphBuilder(name);
    this.random = new Random(seed);
  }

  Value input(long... sizes) {
    return graph.input("x", TensorType.of(ElementType.FLOAT, sizes));
  }

  /** Images of three channels. */
  Value images(Dimension batch, int size) {
    Shape shape = Shape.of(List.of(batch, Dimension.of(3), Dimension.of(size), Dimension.of(size)));
    return graph.input("x", new TensorType(ElementType.FLOAT, shape));
  }

  Graph output(Value value) {
    return graph.output(value).build();
  }

  /** A node with one output. */
  Value call(OpDefinition op, Attributes attributes, Value... inputs) {
    return graph.call(op.id().name() + "_" + count++, op, attributes, inputs);
  }

  Value constant(Tensor tensor) {
    return graph.constant("c_" + count++, tensor);
  }

  /** Normally distributed numbers, so that sums of {@code fanIn} products keep their size. */
  Value weights(long fanIn, long... sizes) {
    return gaussian(0, Math.sqrt(2.0 / fanIn), sizes);
  }

  /** Normally distributed numbers. */
  Value gaussian(double mean, double deviation, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return constant(Tensor.ofFloats(shape, values));
  }

  /** A convolution with bias, its padding half its kernel. */
  Value conv(Value x, long in, long out, long kernel, long stride, long groups) {
    long pad = kernel / 2;
    return conv(x, in, out, kernel, stride, groups, pad);
  }

  private Value conv(Value x, long in, long out, long kernel, long stride, long groups, long pad) {
    Attributes attributes =
        Attributes.NONE
            .with(Conv.GROUP, groups)
            .with(WindowGeometry.KERNEL_SHAPE, List.of(kernel, kernel))
            .with(WindowGeometry.PADS, List.of(pad, pad, pad, pad))
            .with(WindowGeometry.STRIDES, List.of(stride, stride));
    Value w = weights(in / groups * kernel * kernel, out, in / groups, kernel, kernel);
    return call(StandardOps.CONV, attributes, x, w, gaussian(0, 0.1, out));
  }

  /** A convolution without padding. */
  Value valid(Value x, long in, long out, long kernel, long stride) {
    return conv(x, in, out, kernel, stride, 1, 0);
  }

  /** A BatchNormalization that changes sizes little. */
  Value norm(Value x, long channels) {
    Value variance =
        constant(Tensor.ofFloats(Shape.of(channels), positive(Math.toIntExact(channels))));
    return call(
        StandardOps.BATCH_NORMALIZATION,
        Attributes.NONE,
        x,
        gaussian(1, 0.1, channels),
        gaussian(0, 0.1, channels),
        gaussian(0, 0.1, channels),
        variance);
  }

  private float[] positive(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return values;
  }

  Value relu(Value x) {
    return call(StandardOps.RELU, Attributes.NONE, x);
  }

  Value clip(Value x, float low, float high) {
    return call(
        StandardOps.CLIP,
        Attributes.NONE,
        x,
        constant(Tensor.ofFloats(Shape.SCALAR, low)),
        constant(Tensor.ofFloats(Shape.SCALAR, high)));
  }

  Value add(Value a, Value b) {
    return call(StandardOps.ADD, Attributes.NONE, a, b);
  }

  Value concat(Value... parts) {
    return call(StandardOps.CONCAT, Attributes.NONE.with(Concat.AXIS, 1L), parts);
  }

  /** The largest of each three by three neighbours, every second one. */
  Value maxPool(Value x, long pad) {
    Attributes attributes =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(3L, 3L))
            .with(WindowGeometry.PADS, List.of(pad, pad, pad, pad))
            .with(WindowGeometry.STRIDES, List.of(2L, 2L));
    return call(StandardOps.MAX_POOL, attributes, x);
  }

  /** The mean of each channel, as a row for each image. */
  Value flatMean(Value x) {
    Value mean = call(StandardOps.GLOBAL_AVERAGE_POOL, Attributes.NONE, x);
    return call(StandardOps.FLATTEN, Attributes.NONE, mean);
  }

  Value linear(Value x, long in, long out) {
    return call(StandardOps.GEMM, Attributes.NONE, x, weights(in, in, out), gaussian(0, 0.1, out));
  }
}
