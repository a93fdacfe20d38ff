package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** Steps that make a graph smaller or simpler, and what counts as such. */
final class Reductions {
  /** What the elements of a constant are replaced by, simplest first. */
  static final List<DoubleUnaryOperator> SIMPLER =
      List.of(_ -> 0, _ -> 1, Math::rint, v -> Math.rint(4 * v) / 4);

  private Reductions() {}

  /** A graph is smaller if it has fewer nodes, then fewer elements, then simpler ones. */
  static double weight(GraphDraft draft) {
    double weight = 1e6 * (draft.build().nodes().size() + draft.build().outputs().size());
    for (Value input : draft.inputs()) {
      Shape shape = draft.trueType(input).shape();
      weight += 100 * (1 + (shape.isStatic() ? shape.elementCount() : 1));
    }
    for (Tensor constant : draft.constants().values()) {
      weight += 100 * (1 + constant.elementCount());
      if (constant.elementType().isNumeric()) {
        for (double value : constant.toDoubles()) {
          weight += value == 0 ? 0 : value == 1 ? 0.01 : value == Math.rint(value) ? 0.1 : 1;
        }
      }
    }
    return weight;
  }

  /** Takes a node away; its readers read an input instead. */
  static boolean removed(GraphDraft draft, Node node) {
    for (Value output : node.outputs()) {
      draft.dropOutput(output);
    }
    boolean read =
        draft.nodes().stream()
            .anyMatch(other -> node.outputs().stream().anyMatch(other.inputs()::contains));
    if (read) {
      for (Value output : node.outputs()) {
        draft.reroute(output, draft.addInput("input", draft.typeBefore(output)));
      }
    }
    draft.remove(node);
    return !draft.outputs().isEmpty();
  }

  /** Takes a node away that makes an output: what it reads is the output instead. */
  static boolean promoted(GraphDraft draft, Node node, Value input) {
    boolean made = draft.nodes().stream().anyMatch(other -> other.outputs().contains(input));
    if (!made || node.outputs().stream().noneMatch(draft.outputs()::contains)) {
      return false;
    }
    draft.makeOutput(input);
    return removed(draft, node);
  }

  /** Takes an input or constant away that nothing reads. */
  static boolean unread(GraphDraft draft, Value source) {
    boolean read = draft.nodes().stream().anyMatch(node -> node.inputs().contains(source));
    if (!read && !draft.outputs().contains(source)) {
      draft.removeSource(source);
      return true;
    }
    return false;
  }

  /** Replaces the elements of a constant of floats. */
  static boolean simplified(GraphDraft draft, Value constant, DoubleUnaryOperator simpler) {
    Tensor tensor = Objects.requireNonNull(draft.constants().get(constant));
    if (!tensor.elementType().isFloat()) {
      return false;
    }
    double[] values = Arrays.stream(tensor.toDoubles()).map(simpler).toArray();
    draft.setConstant(constant, Tensor.ofDoubles(tensor.elementType(), tensor.shape(), values));
    return true;
  }

  /** Sizes above one of inputs and constants, without repetition. */
  static List<Long> sizes(GraphDraft draft) {
    List<Long> sizes = new ArrayList<>();
    draft.inputs().forEach(input -> addSizes(draft.trueType(input).shape(), sizes));
    draft.constants().values().forEach(tensor -> addSizes(tensor.shape(), sizes));
    return sizes.stream().distinct().toList();
  }

  private static void addSizes(Shape shape, List<Long> sizes) {
    if (shape.isRanked()) {
      for (Dimension dimension : shape.dimensions()) {
        if (dimension instanceof Dimension.Fixed(long size) && size > 1) {
          sizes.add(size);
        }
      }
    }
  }

  /**
   * Lets all inputs and constants of a size have a smaller one, of which the first elements stay.
   */
  static boolean resized(GraphDraft draft, long size, long smaller) {
    for (Value input : List.copyOf(draft.inputs())) {
      TensorType type = draft.trueType(input);
      if (type.shape().isRanked()) {
        draft.retype(input, type.withShape(resized(type.shape(), size, smaller)));
      }
    }
    for (Value constant : List.copyOf(draft.constants().keySet())) {
      Tensor tensor = Objects.requireNonNull(draft.constants().get(constant));
      Shape shape = resized(tensor.shape(), size, smaller);
      if (!shape.equals(tensor.shape())) {
        draft.setConstant(constant, first(tensor, shape));
      }
    }
    return true;
  }

  private static Shape resized(Shape shape, long size, long smaller) {
    List<Dimension> dimensions = new ArrayList<>();
    for (Dimension dimension : shape.dimensions()) {
      dimensions.add(dimension.equals(Dimension.of(size)) ? Dimension.of(smaller) : dimension);
    }
    return Shape.of(dimensions);
  }

  /** The elements of a tensor whose indices a smaller shape has. */
  private static Tensor first(Tensor tensor, Shape shape) {
    int count = Math.toIntExact(shape.elementCount());
    int[] from = new int[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      int stride = 1;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        from[i] += rest % shape.intSize(axis) * stride;
        rest /= shape.intSize(axis);
        stride *= tensor.shape().intSize(axis);
      }
    }
    return tensor.elementType().isFloat()
        ? Tensor.ofDoubles(
            tensor.elementType(),
            shape,
            Arrays.stream(from).mapToDouble(tensor::doubleAt).toArray())
        : Tensor.ofLongs(
            tensor.elementType(), shape, Arrays.stream(from).mapToLong(tensor::longAt).toArray());
  }
}
