package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RefusedRewrite;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The outlier split of LLM.int8() (T. Dettmers et al., "LLM.int8(): 8-bit Matrix Multiplication for
 * Transformers at Scale", arXiv:2208.07339): input columns of a matrix product that reach a
 * magnitude of 6 on calibration data go through a product of their own, which stays in float.
 *
 * <pre>
 *   y = MatMul(x, w) + b    →    r = MatMul(Gather(x, regular), w[regular]) + b
 *                                o = MatMul(Gather(x, outliers), w[outliers])
 *                                y = r + o
 * </pre>
 *
 * Both are equal over the reals. A product with more outliers than regular columns is left alone.
 *
 * @param reference graph and calibration data
 * @param threshold magnitude from which a column is an outlier
 */
public record SplitOutliers(Reference reference, double threshold) implements Pass {
  /** The threshold of the paper. */
  public static final double THRESHOLD = 6;

  /** Finds the names of the nodes that must stay in float for the split to be worth anything. */
  public static final Pattern FLOAT_NODES =
      Pattern.compile("_(outlier|regular)_(columns|part)\\d*$");

  private static final String NAME = "outliers";
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Map<Node, Value> layers = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      Activation activation = Activation.of(node.attributes());
      boolean layer =
          node.hasInput(0)
              && ActivationNode.has(activation)
              && SmoothActivations.isLayer(graph, new Use(node, 0))
              && !FLOAT_NODES.matcher(node.name()).find();
      if (layer && hasKnownDepth(graph, node)) {
        layers.put(node, node.input(0));
      }
    }
    if (layers.isEmpty()) {
      return graph;
    }
    Map<Value, double[]> magnitudes =
        ChannelMagnitudes.of(
            graph, Set.copyOf(layers.values()), context.evaluator(), reference.batches());
    return context.rewrite(
        graph,
        rewriter ->
            layers.forEach(
                (node, input) ->
                    split(rewriter, context, node, magnitudes.getOrDefault(input, new double[0]))));
  }

  private static boolean hasKnownDepth(GraphView graph, Node node) {
    Shape shape = graph.type(node.input(0)).shape();
    return shape.isRanked() && shape.rank() >= 2 && shape.dimension(-1).isFixed();
  }

  private void split(Rewriter rewriter, PassContext context, Node node, double[] magnitudes) {
    long[] outliers = columns(magnitudes, true);
    long[] regular = columns(magnitudes, false);
    if (outliers.length == 0) {
      return;
    }
    if (outliers.length >= regular.length) {
      context.refuse(
          NAME, node, outliers.length + " of " + magnitudes.length + " columns reach " + threshold);
      return;
    }
    try {
      rewriter.replace(
          NAME,
          List.of(node),
          build -> replace(build, rewriter.graph(), node, outliers, regular),
          ErrorContract.realIdentity());
    } catch (RefusedRewrite refusal) {
      context.refuse(NAME, node, String.valueOf(refusal.getMessage()));
    }
  }

  private long[] columns(double[] magnitudes, boolean outliers) {
    return IntStream.range(0, magnitudes.length)
        .filter(j -> magnitudes[j] >= threshold == outliers)
        .asLongStream()
        .toArray();
  }

  private static void replace(
      ReplacementBuilder build, GraphView graph, Node node, long[] outliers, long[] regular) {
    String name = node.output().name();
    Activation activation = Activation.of(node.attributes());
    Attributes plain =
        node.attributes().without(Activation.KIND.name()).without(Activation.PARAMETERS.name());
    Value rest = build.value(name + "_without_outliers");
    List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, gathered(build, node.input(0), regular, name + "_regular_columns"));
    inputs.set(1, rows(build, graph, node, regular));
    build.node(node.op(), plain, inputs, List.of(rest));
    Value apart = build.value(name + "_outlier_part");
    build.node(
        node.op(),
        plain,
        Arrays.asList(
            gathered(build, node.input(0), outliers, name + "_outlier_columns"),
            rows(build, graph, node, outliers)),
        List.of(apart));
    if (activation instanceof Activation.None) {
      build.define(node.output(), StandardOps.ADD, Attributes.NONE, rest, apart);
      return;
    }
    Value sum = build.call(name + "_sum", StandardOps.ADD, Attributes.NONE, rest, apart);
    ActivationNode.define(build, node.output(), activation, sum);
  }

  private static Value gathered(
      ReplacementBuilder build, Value value, long[] columns, String name) {
    Value indices = build.constant(name + "_indices", Tensor.vector(columns));
    return build.call(name, StandardOps.GATHER, Attributes.NONE.with(AXIS, -1L), value, indices);
  }

  /** The weights that belong to some input columns. */
  private static Value rows(ReplacementBuilder build, GraphView graph, Node node, long[] columns) {
    Value value = node.input(WeightedOperator.WEIGHTS);
    Tensor tensor = graph.constant(value);
    if (tensor == null) {
      throw new IllegalArgumentException("'" + value.name() + "' is not constant");
    }
    WeightMatrix matrix = WeightMatrix.of(node, tensor.shape()).orElseThrow();
    double[] all = tensor.toDoubles();
    double[] kept = new double[matrix.rows() * columns.length];
    Shape shape =
        matrix.transposed()
            ? Shape.of(columns.length, matrix.rows())
            : Shape.of(matrix.rows(), columns.length);
    for (int row = 0; row < matrix.rows(); row++) {
      for (int k = 0; k < columns.length; k++) {
        int at = matrix.transposed() ? k * matrix.rows() + row : row * columns.length + k;
        kept[at] = all[matrix.position(row, (int) columns[k])];
      }
    }
    return build.constant(
        value.name() + "_columns", Tensor.ofDoubles(tensor.elementType(), shape, kept));
  }
}
