package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Einsum of ONNX (opset 12): sums of products of elements whose axes carry the labels of an
 * equation; labels that the result does not name are summed over.
 */
public final class Einsum implements OpDefinition {
  /** The equation, such as {@code ij,jk->ik}. */
  public static final Attribute<String> EQUATION = Attribute.ofString("equation").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Einsum")
          .versions(12)
          .variadicInput("Inputs", Types.NUMBERS)
          .output("Output", Types.NUMBERS)
          .attributes(EQUATION)
          .doc("Sums of products by an equation of labels.");

  private static final double DOUBLE_ROUNDOFF = 0x1p-53;
  private static final String UNKNOWN = "an input has no finite range or no known shape";

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  private static @Nullable List<Shape> shapes(OpCall call) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      if (!call.type(i).shape().isRanked()) {
        return null;
      }
      shapes.add(call.type(i).shape());
    }
    return shapes;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    List<Shape> shapes = shapes(call);
    if (shapes == null) {
      return List.of(call.type(0).withShape(Shape.UNRANKED));
    }
    EinsumEquation equation = EinsumEquation.of(call.get(EQUATION), shapes);
    Map<Character, Dimension> sizes = equation.sizes(shapes);
    List<Dimension> dimensions =
        equation.result().stream()
            .map(label -> sizes.getOrDefault(label, Dimension.UNKNOWN))
            .toList();
    return List.of(call.type(0).withShape(Shape.of(dimensions)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    List<double[]> operands = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      Tensor operand = call.tensor(i);
      if (type.elementType().isInteger()) {
        EinsumLoop.requireExact(operand);
      }
      operands.add(operand.toDoubles());
    }
    double[] y = EinsumLoop.of(call).apply(operands);
    if (type.elementType().isFloat()) {
      return List.of(Tensor.ofDoubles(type.elementType(), type.shape(), y));
    }
    return List.of(EinsumLoop.exact(type, y));
  }

  /** The number of products in each sum, or -1 where that is not known. */
  private static double terms(OpCall call) {
    List<Shape> shapes = shapes(call);
    if (shapes == null) {
      return -1;
    }
    EinsumEquation equation = EinsumEquation.of(call.get(EQUATION), shapes);
    Map<Character, Dimension> sizes = equation.sizes(shapes);
    double terms = 1;
    for (char label : equation.labels()) {
      if (!equation.result().contains(label)) {
        if (!(sizes.get(label) instanceof Dimension.Fixed fixed)) {
          return -1;
        }
        terms *= fixed.size();
      }
    }
    return terms;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    double terms = terms(call);
    Interval product = Interval.point(1);
    for (int i = 0; i < call.inputCount(); i++) {
      product = product.times(Ranges.at(ranges, i).hull());
    }
    if (terms < 0 || !product.isBounded()) {
      return List.of(Range.ALL);
    }
    Interval sum = product.times(terms);
    ElementType type = call.type(0).elementType();
    return List.of(Range.of(Transfers.stored(type, sum.widened(slack(call, ranges)))));
  }

  /** What a sum in double may be off. */
  private static double slack(OpCall call, List<@Nullable Range> ranges) {
    double terms = terms(call);
    double magnitude = terms;
    for (int i = 0; i < call.inputCount(); i++) {
      magnitude = Outward.multiplyUp(magnitude, Ranges.at(ranges, i).magnitude());
    }
    return 2 * (terms + 8 + call.inputCount()) * DOUBLE_ROUNDOFF * magnitude;
  }

  /** A product moves by no more than the sum, over its factors, of one's error times the others. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.stream().allMatch(error -> error instanceof ErrorBound.Exact)) {
      return List.of(ErrorBound.EXACT);
    }
    double sum = 0;
    for (int i = 0; i < call.inputCount(); i++) {
      double product = errors.get(i).max();
      for (int k = 0; k < call.inputCount() && product != 0; k++) {
        product = k == i ? product : product * Ranges.at(ranges, k).magnitude();
      }
      sum += product;
    }
    ErrorBound local = localError(call, ranges).getFirst();
    double moved = sum * terms(call) * (1 + 0x1p-20);
    return moved >= 0 && moved <= Double.MAX_VALUE
        ? List.of(ErrorBound.uniform(moved).plus(local.scaledBy(2)))
        : List.of(ErrorBound.unbounded(UNKNOWN));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    Range range = rangeTransfer(call, ranges).getFirst();
    if (!range.isBounded()) {
      return List.of(ErrorBound.unbounded(UNKNOWN));
    }
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range);
    return List.of(rounding.plus(ErrorBound.uniform(slack(call, ranges))));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (!type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    List<double[]> magnitudes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      double[] values = call.tensor(i).toDoubles();
      for (int k = 0; k < values.length; k++) {
        values[k] = Math.abs(values[k]);
      }
      magnitudes.add(values);
    }
    double steps = terms(call) + call.inputCount() + 4;
    double product = steps * Transfers.unitRoundoff(type);
    double relative = product < 1 ? product / (1 - product) : Double.POSITIVE_INFINITY;
    double[] errors = EinsumLoop.of(call).apply(magnitudes);
    for (int i = 0; i < errors.length; i++) {
      double rounding = Transfers.halfUlp(type, Math.abs(outputs.getFirst().doubleAt(i)));
      errors[i] =
          relative * errors[i] * (1 + 0x1p-20) + rounding + steps * Transfers.smallest(type);
    }
    return List.of(ErrorBound.perElement(errors));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    double terms = terms(call);
    boolean products = call.inputCount() > 1 && terms >= 0 && shape.isStatic();
    return products ? Math.multiplyExact(shape.elementCount(), (long) terms) : 0;
  }
}
