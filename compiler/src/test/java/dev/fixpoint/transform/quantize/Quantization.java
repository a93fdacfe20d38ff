package dev.fixpoint.transform.quantize;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A graph on its way to integers: with stubs, fake-quantized, and lowered. */
record Quantization(Graph plain, Graph stubbed, Graph fake, Graph lowered, PassContext context) {

  /** Quantizes a graph with one float input named {@code x} on some samples. */
  static Quantization of(Graph graph, QuantScheme scheme, Tensor... samples) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of("x", hull(samples)));
    List<Map<String, Tensor>> batches =
        List.of(samples).stream().map(sample -> Map.of("x", sample)).toList();
    Graph stubbed = run(context, graph, new InsertQuantStubs(scheme));
    Graph fake =
        run(
            context,
            stubbed,
            new CalibrateStubs(scheme, batches),
            new ProtectPrecision(scheme),
            new PlaceFakeQuant(scheme));
    Graph lowered = run(context, fake, new LowerToQuantized());
    return new Quantization(graph, stubbed, fake, lowered, context);
  }

  static Graph run(PassContext context, Graph graph, Pass... passes) {
    Pipeline.Builder builder = Pipeline.builder();
    List.of(passes).forEach(builder::then);
    return new PassManager(builder.build(), List.of()).run(graph, context);
  }

  static Graph lower(Graph graph) {
    return run(
        new PassContext(new ReferenceInterpreter(), Map.of()), graph, new LowerToQuantized());
  }

  private static Range hull(Tensor... samples) {
    Range range = Range.of(0, 0);
    for (Tensor sample : samples) {
      range = Range.of(range.hull().join(Range.ofTensor(sample).hull()));
    }
    return range;
  }

  static Tensor evaluate(Graph graph, Tensor x) {
    return new ReferenceInterpreter()
        .prepare(graph)
        .evaluate(Map.of("x", x))
        .values()
        .iterator()
        .next();
  }

  /** The value of an inner value of a graph. */
  static Tensor tap(Graph graph, Value value, Tensor x) {
    Map<Value, Tensor> seen = new HashMap<>();
    new ReferenceInterpreter().prepare(graph, Set.of(value)).evaluate(Map.of("x", x), seen::put);
    Tensor tensor = seen.get(value);
    if (tensor == null) {
      throw new IllegalStateException("'" + value.name() + "' was not computed");
    }
    return tensor;
  }

  static long count(Graph graph, OpDefinition op) {
    return graph.nodes().stream().filter(node -> node.calls(op)).count();
  }

  static Node only(Graph graph, OpDefinition op) {
    List<Node> nodes = graph.nodes().stream().filter(node -> node.calls(op)).toList();
    if (nodes.size() != 1) {
      throw new IllegalStateException(nodes.size() + " nodes of " + op.id() + " in " + graph);
    }
    return nodes.getFirst();
  }

  static Tensor random(long seed, double magnitude, long... sizes) {
    Random random = new Random(seed);
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((random.nextDouble() * 2 - 1) * magnitude);
    }
    return Tensor.ofFloats(shape, values);
  }

  static double largestDifference(Tensor a, Tensor b) {
    double largest = 0;
    for (int i = 0; i < a.elementCount(); i++) {
      largest = Math.max(largest, Math.abs(a.doubleAt(i) - b.doubleAt(i)));
    }
    return largest;
  }
}
