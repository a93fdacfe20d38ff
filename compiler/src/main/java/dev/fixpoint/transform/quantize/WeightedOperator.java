package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operators that multiply and accumulate, seen alike: which axis of the weights is the output
 * channel, and what a Gemm's factors make of weights and bias.
 */
public final class WeightedOperator {
  /** Factor of the products of a Gemm. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);

  /** Factor of the addend of a Gemm. */
  public static final Attribute<Float> BETA = Attribute.ofFloat("beta", 1);

  /** Whether the left side of a Gemm is transposed. */
  public static final Attribute<Long> TRANS_A = Attribute.ofInt("transA", 0);

  /** Whether the right side of a Gemm is transposed. */
  public static final Attribute<Long> TRANS_B = Attribute.ofInt("transB", 0);

  /** Position of the weights, or of the right operand. */
  public static final int WEIGHTS = 1;

  /** Position of the bias. */
  public static final int BIAS = 2;

  /** Position of the residual of a fused convolution. */
  public static final int RESIDUAL = QuantRole.RESIDUAL;

  private WeightedOperator() {}

  /** Whether a node multiplies and accumulates: a convolution or a matrix product. */
  public static boolean isWeighted(Node node) {
    return QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED));
  }

  /** Whether a node is a convolution, and not the transpose of one. */
  public static boolean isConvolution(Node node) {
    return node.calls(StandardOps.CONV) || node.calls(StandardOps.FUSED_CONV);
  }

  /** Whether a node is the transpose of a convolution. */
  public static boolean isTransposedConvolution(Node node) {
    return node.calls(StandardOps.CONV_TRANSPOSE) || node.calls(StandardOps.FUSED_CONV_TRANSPOSE);
  }

  /** Whether a node is a Gemm. */
  public static boolean isGemm(Node node) {
    return node.calls(StandardOps.GEMM) || node.calls(StandardOps.FUSED_GEMM);
  }

  /**
   * The axis of constant weights along which output channels lie, those of one group for the
   * transpose of a convolution; -1 where there is none.
   */
  public static int channelAxis(Node node, Shape weights) {
    if (isTransposedConvolution(node)) {
      return 1;
    }
    if (isConvolution(node)) {
      return 0;
    }
    if (isGemm(node)) {
      return node.attributes().isSet(TRANS_B) ? 0 : 1;
    }
    return weights.rank() == 2 ? 1 : -1;
  }

  /** What the products of a node are multiplied with: alpha of a Gemm, else 1. */
  public static float productFactor(Node node) {
    return isGemm(node) ? node.get(ALPHA) : 1;
  }

  /** What the bias of a node is multiplied with: beta of a Gemm, else 1. */
  public static float biasFactor(Node node) {
    return isGemm(node) ? node.get(BETA) : 1;
  }

  /** Why a node cannot run on integers; empty where it can. */
  static Optional<String> refusal(GraphView graph, Node node) {
    if (graph.type(node.input(0)).elementType() != ElementType.FLOAT) {
      return Optional.of("its values are not float32 numbers");
    }
    if (graph.constant(node.input(0)) != null) {
      return Optional.of("its left side is constant");
    }
    Tensor weights = graph.constant(node.input(WEIGHTS));
    if (weights == null && !QdqView.isQuantizedConstant(graph, node.input(WEIGHTS))) {
      return variableRefusal(graph, node);
    }
    if (weights != null && !isFinite(weights)) {
      return Optional.of("a weight is NaN or infinite");
    }
    Shape shape = graph.type(node.input(WEIGHTS)).shape();
    boolean perTensorOnly = channelAxis(node, shape) < 0;
    return node.hasInput(BIAS) ? biasRefusal(graph, node, shape, perTensorOnly) : Optional.empty();
  }

  private static Optional<String> variableRefusal(GraphView graph, Node node) {
    if (isConvolution(node) || isTransposedConvolution(node)) {
      return Optional.of("its weights are computed");
    }
    if (node.hasInput(BIAS)) {
      return Optional.of("both sides are computed and there is an addend");
    }
    if (isGemm(node) && node.get(ALPHA) != 1) {
      return Optional.of("both sides are computed and alpha is not 1");
    }
    Shape right = graph.type(node.input(WEIGHTS)).shape();
    return right.isRanked() ? Optional.empty() : Optional.of("the rank of a side is not known");
  }

  private static Optional<String> biasRefusal(
      GraphView graph, Node node, Shape weights, boolean perTensorOnly) {
    Value bias = node.input(BIAS);
    boolean constant = graph.constant(bias) != null || QdqView.isQuantizedConstant(graph, bias);
    if (!constant) {
      return Optional.of("its bias is computed");
    }
    if (perTensorOnly) {
      return Optional.of("its weights are a stack of matrices with an addend");
    }
    Shape shape = graph.type(bias).shape();
    long channels = OutputChannels.of(node, weights).count();
    return isRow(shape, channels)
        ? Optional.empty()
        : Optional.of("its bias " + shape + " differs from row to row");
  }

  /** Whether a bias of this shape is the same for every row of an output with so many channels. */
  static boolean isRow(Shape shape, long channels) {
    if (!shape.isStatic()) {
      return false;
    }
    for (int d = 0; d + 1 < shape.rank(); d++) {
      if (shape.size(d) != 1) {
        return false;
      }
    }
    return shape.rank() == 0 || shape.size(-1) == 1 || shape.size(-1) == channels;
  }

  private static boolean isFinite(Tensor weights) {
    for (double weight : weights.toDoubles()) {
      if (!Double.isFinite(weight)) {
        return false;
      }
    }
    return true;
  }

  /** The bias of each channel in real units, times its factor; null where there is none. */
  static double @Nullable [] biases(GraphView graph, Node node, int channels) {
    Value value = node.inputOrNull(BIAS);
    if (value == null) {
      return null;
    }
    Tensor bias = QdqView.realConstant(graph, value);
    if (bias == null) {
      throw new IllegalArgumentException("the bias '" + value.name() + "' is not constant");
    }
    double[] given = bias.toDoubles();
    double[] each = new double[channels];
    for (int c = 0; c < channels; c++) {
      each[c] = given[given.length == 1 ? 0 : c] * biasFactor(node);
    }
    return each;
  }
}
