package dev.fixpoint.transform.improve;

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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Networks of two layers with random weights whose channels differ in range. */
enum SmallNetworks {
  /** Convolution with Relu, then a depthwise one. */
  CONVOLUTIONS {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 3, 6, 6));
      Attributes pad = Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
      Value h =
          g.call(
              "h",
              StandardOps.FUSED_CONV,
              new Activation.Relu().addTo(pad),
              x,
              g.constant("w1", uneven(seed, 4, 3, 3, 3)),
              g.constant("b1", random(seed + 1, 0.5, 4)));
      Value y =
          g.call(
              "y",
              StandardOps.CONV,
              pad.with(Attribute.ofInt("group", 1), 4L),
              h,
              g.constant("w2", random(seed + 2, 0.5, 4, 1, 3, 3)),
              g.constant("b2", random(seed + 3, 0.5, 4)));
      return g.output(y).build();
    }
  },
  /** Gemm with Relu, then a product without bias. */
  PRODUCTS {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 24, 10));
      Attributes attributes =
          new Activation.Relu().addTo(Attributes.NONE.with(Attribute.ofInt("transB", 0), 1L));
      Value h =
          g.call(
              "h",
              StandardOps.FUSED_GEMM,
              attributes,
              x,
              g.constant("w1", uneven(seed, 12, 10)),
              g.constant("b1", random(seed + 1, 0.5, 12)));
      Value w = g.constant("w2", random(seed + 2, 0.5, 12, 5));
      return g.output(g.call("y", StandardOps.MAT_MUL, Attributes.NONE, h, w)).build();
    }
  },
  /** Normalization whose first channel is large, then two products of it. */
  NORMALIZED {
    @Override
    Graph graph(long seed) {
      GraphBuilder g = new GraphBuilder("g");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 3, 7, 16));
      float[] scale = random(seed, 1, 16).toFloats();
      scale[0] = 100;
      Value n =
          g.call(
              "n",
              StandardOps.LAYER_NORMALIZATION,
              Attributes.NONE,
              x,
              g.constant("scale", Tensor.ofFloats(Shape.of(16), scale)),
              g.constant("shift", random(seed + 1, 0.5, 16)));
      Value a =
          g.call(
              "a",
              StandardOps.FUSED_MAT_MUL,
              Attributes.NONE,
              n,
              g.constant("wa", thin(seed + 2)),
              g.constant("ba", random(seed + 3, 0.5, 6)));
      Value b =
          g.call("b", StandardOps.MAT_MUL, Attributes.NONE, n, g.constant("wb", thin(seed + 4)));
      return g.output(a).output(b).build();
    }

    /** Weights that read the large channel little. */
    private Tensor thin(long seed) {
      float[] values = random(seed, 0.5, 16, 6).toFloats();
      for (int i = 0; i < 6; i++) {
        values[i] /= 100;
      }
      return Tensor.ofFloats(Shape.of(16, 6), values);
    }
  };

  abstract Graph graph(long seed);

  /** Calibration data. */
  static List<Map<String, Tensor>> batches(Graph graph, long seed) {
    return LongStream.range(seed, seed + 4).mapToObj(each -> input(graph, each)).toList();
  }

  static Map<String, Tensor> input(Graph graph, long seed) {
    long[] sizes = graph.type(graph.inputs().getFirst()).shape().sizes();
    return Map.of("x", random(seed + 1000, 1, sizes));
  }

  /** Rows that differ in range by a factor of ten each. */
  private static Tensor uneven(long seed, long... sizes) {
    float[] values = random(seed, 0.5, sizes).toFloats();
    int row = values.length / (int) sizes[0];
    for (int i = 0; i < values.length; i++) {
      values[i] *= (float) Math.pow(10, -(i / row % 3));
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  static Tensor random(long seed, double magnitude, long... sizes) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-magnitude, magnitude);
    }
    return Tensor.ofFloats(shape, values);
  }
}
