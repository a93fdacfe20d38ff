package dev.fixpoint.runtime;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The speed of 8-bit convolutions of well-known networks, each as a share of what the multiply-add
 * units give in the same moment: a machine that others use, too, has no speed of its own.
 *
 * <p>That peak is the best of products of float32 matrices that stay in the caches.
 */
public final class LayerShapes {
  /**
   * A layer.
   *
   * @param name what it is called
   * @param sizes as {@link QConvBenchmark#shape}
   */
  public record Layer(String name, String sizes) {}

  /** Layers of MobileNetV2, ResNet-50 and ResNet-18. */
  public static final List<Layer> LAYERS =
      List.of(
          new Layer("1x1 12544,32,16", "112,32,16,1,1,1"),
          new Layer("1x1 3136,24,144", "56,24,144,1,1,1"),
          new Layer("1x1 784,192,32", "28,192,32,1,1,1"),
          new Layer("1x1 196,384,64", "14,384,64,1,1,1"),
          new Layer("1x1 196,64,384", "14,64,384,1,1,1"),
          new Layer("1x1 49,960,160", "7,960,160,1,1,1"),
          new Layer("1x1 49,320,1280", "7,320,1280,1,1,1"),
          new Layer("1x1 3136,64,256", "56,64,256,1,1,1"),
          new Layer("1x1 784,512,128", "28,512,128,1,1,1"),
          new Layer("1x1 196,1024,256", "14,1024,256,1,1,1"),
          new Layer("1x1 49,512,2048", "7,512,2048,1,1,1"),
          new Layer("3x3 56,64", "56,64,64,3,1,1"),
          new Layer("3x3 28,128", "28,128,128,3,1,1"),
          new Layer("3x3 14,256", "14,256,256,3,1,1"),
          new Layer("3x3 7,512", "7,512,512,3,1,1"),
          new Layer("3x3 s2 56,128", "56,128,128,3,2,1"),
          new Layer("3x3 s2 28,256", "28,256,256,3,2,1"),
          new Layer("3x3 s2 14,512", "14,512,512,3,2,1"),
          new Layer("7x7 s2 224,3", "224,3,64,7,2,1"),
          new Layer("3x3 s2 224,3", "224,3,32,3,2,1"),
          new Layer("depthwise 112,32", "112,32,32,3,1,32"),
          new Layer("depthwise s2 112,96", "112,96,96,3,2,96"),
          new Layer("depthwise 56,144", "56,144,144,3,1,144"),
          new Layer("depthwise s2 56,144", "56,144,144,3,2,144"),
          new Layer("depthwise 28,192", "28,192,192,3,1,192"),
          new Layer("depthwise 14,384", "14,384,384,3,1,384"),
          new Layer("depthwise 7,960", "7,960,960,3,1,960"));

  private static final int ROUNDS = 9;
  private static final int ROWS = 192;
  private static final int DEPTH = 512;
  private static final int COLUMNS = 64;

  private final double seconds;

  private LayerShapes(double seconds) {
    this.seconds = seconds;
  }

  /** Measures all layers; the first argument is how many seconds each may take. */
  public static void main(String[] arguments) {
    measure(LAYERS, arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1, System.out);
  }

  /** Measures layers and prints a line of a Markdown table for each. */
  static void measure(List<Layer> layers, double seconds, PrintStream out) {
    out.println("| layer | GMAC/s | peak | share |");
    out.println("| --- | ---: | ---: | ---: |");
    LayerShapes shapes = new LayerShapes(seconds);
    for (Layer layer : layers) {
      double[] speed = shapes.speed(layer);
      out.println(
          "| %s | %.1f | %.1f | %.2f |"
              .formatted(layer.name(), speed[0], speed[1], speed[0] / speed[1]));
    }
  }

  /** Multiply-accumulates in a nanosecond of the layer and of the peak, the best of a few each. */
  private double[] speed(Layer layer) {
    double[] best = new double[2];
    String[] sizes = layer.sizes().split(",", -1);
    long image = Long.parseLong(sizes[0]);
    Shape shape = Shape.of(1, Long.parseLong(sizes[1]), image, image);
    Map<String, Tensor> x = Map.of("x", Tensor.filled(ElementType.UINT8, shape, 77));
    Map<String, Tensor> a =
        Map.of("a", Tensor.filled(ElementType.FLOAT, Shape.of(ROWS, DEPTH), 0.5));
    try (InferenceSession session = InferenceSession.of(QConvBenchmark.graph(sizes));
        InferenceSession peak = InferenceSession.of(product())) {
      for (int round = 0; round < ROUNDS; round++) {
        best[0] = Math.max(best[0], fastest(session, x, "QConv"));
        best[1] = Math.max(best[1], fastest(peak, a, "MatMul"));
      }
    }
    return best;
  }

  private double fastest(InferenceSession session, Map<String, Tensor> feed, String operator) {
    List<ExecutionPlan.Step> steps = session.plan(Map.of()).steps();
    int index = 0;
    while (!steps.get(index).operator().equals(operator)) {
      index++;
    }
    double fastest = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9 / ROUNDS / 2);
    do {
      long nanos = session.profile(feed, 1)[index];
      fastest = Math.max(fastest, (double) steps.get(index).multiplyAccumulates() / nanos);
    } while (System.nanoTime() < end);
    return fastest;
  }

  private static Graph product() {
    GraphBuilder graph = new GraphBuilder("peak");
    float[] weights = new float[DEPTH * COLUMNS];
    Arrays.fill(weights, 0.25f);
    Value a = graph.input("a", TensorType.of(ElementType.FLOAT, ROWS, DEPTH));
    Value b = graph.constant("b", Tensor.ofFloats(Shape.of(DEPTH, COLUMNS), weights));
    return graph.output(graph.call("y", StandardOps.MAT_MUL, Attributes.NONE, a, b)).build();
  }
}
