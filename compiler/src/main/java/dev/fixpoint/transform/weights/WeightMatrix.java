package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.Optional;

/**
 * The constant weights of a layer seen as a matrix: one row for each output channel, one column for
 * each input that it sums over (of a convolution: channel of the group, then tap).
 *
 * @param shape shape of the weights as they are stored
 * @param rows output channels
 * @param columns inputs of one output channel
 * @param groups into how many groups rows are divided, each with inputs of its own
 * @param transposed whether columns are stored one beside the other's rows: {@code [columns, rows]}
 */
public record WeightMatrix(Shape shape, int rows, int columns, int groups, boolean transposed) {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);

  /**
   * The matrix of a layer.
   *
   * @return empty where the node is no layer with constant weights, or these are a stack of
   *     matrices, or those of a transposed convolution, which are no rows
   */
  public static Optional<WeightMatrix> of(GraphView graph, Node node) {
    if (!WeightedOperator.isWeighted(node)) {
      return Optional.empty();
    }
    Tensor weights = graph.constant(node.input(WeightedOperator.WEIGHTS));
    return weights == null ? Optional.empty() : of(node, weights.shape());
  }

  /** The matrix of a layer whose weights have the given shape. */
  public static Optional<WeightMatrix> of(Node node, Shape shape) {
    int axis = WeightedOperator.channelAxis(node, shape);
    if (axis < 0
        || WeightedOperator.isTransposedConvolution(node)
        || shape.rank() < 2
        || shape.elementCount() == 0) {
      return Optional.empty();
    }
    int rows = shape.intSize(axis);
    int columns = Math.toIntExact(shape.elementCount() / rows);
    int groups = WeightedOperator.isConvolution(node) ? node.attributes().getInt(GROUP) : 1;
    return Optional.of(new WeightMatrix(shape, rows, columns, groups, axis == 1));
  }

  /** Row-major position of an element in the stored weights. */
  public int position(int row, int column) {
    return transposed ? column * rows + row : row * columns + column;
  }

  /** The axis of the stored weights along which the inputs lie; the channels of a convolution. */
  public int inputAxis() {
    return transposed ? 0 : 1;
  }

  /** The axis of the stored weights along which output channels lie. */
  public int channelAxis() {
    return transposed ? 1 : 0;
  }

  /** The group that a row belongs to. */
  public int group(int row) {
    return row / (rows / groups);
  }

  /** One row of a tensor of this form. */
  public double[] row(double[] stored, int row) {
    double[] values = new double[columns];
    for (int k = 0; k < columns; k++) {
      values[k] = stored[position(row, k)];
    }
    return values;
  }
}
