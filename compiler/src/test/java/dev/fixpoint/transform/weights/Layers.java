package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.SplittableRandom;

/** Graphs of one layer, with random weights among which are an outlier and a row of zeros. */
enum Layers {
  MAT_MUL {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 13, 40));
      Value w = g.constant("w", weights(seed, 40, 6));
      return g.output(g.call("y", StandardOps.MAT_MUL, Attributes.NONE, x, w)).build();
    }
  },
  GEMM {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 25, 40));
      Value w = g.constant("w", weights(seed, 7, 40));
      Value b = g.constant("b", random(seed + 1, 7));
      Attributes attributes =
          new Activation.Relu().addTo(Attributes.NONE.with(Attribute.ofInt("transB", 0), 1L));
      return g.output(g.call("y", StandardOps.FUSED_GEMM, attributes, x, w, b)).build();
    }
  },
  CONVOLUTION {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 4, 6, 5));
      Value w = g.constant("w", weights(seed, 6, 2, 3, 3));
      Attributes attributes =
          Attributes.NONE
              .with(Attribute.ofInt("group", 1), 2L)
              .with(WindowGeometry.PADS, List.of(1L, 0L, 1L, 2L))
              .with(WindowGeometry.DILATIONS, List.of(1L, 2L))
              .with(WindowGeometry.STRIDES, List.of(2L, 1L));
      return g.output(g.call("y", StandardOps.CONV, attributes, x, w)).build();
    }
  };

  abstract Graph graph(long seed);

  /** An input of the graph. */
  static Tensor input(Graph graph, long seed) {
    long[] sizes = graph.type(graph.inputs().getFirst()).shape().sizes();
    return random(seed, sizes);
  }

  private static Tensor weights(long seed, long... sizes) {
    float[] values = random(seed, sizes).toFloats();
    values[0] = 5;
    int row = values.length / (int) sizes[0];
    for (int i = row; i < 2 * row; i++) {
      values[i] = 0;
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  static Tensor random(long seed, long... sizes) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return Tensor.ofFloats(shape, values);
  }
}
