package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window function {@code a₀ - a₁ cos(2πn/N) + a₂ cos(4πn/N)} at n = 0, 1, …: ONNX HannWindow,
 * HammingWindow and BlackmanWindow, opset 17. A definition says its coefficients.
 */
abstract class CosineWindow implements ShapeFunction {
  /** Element type of the output, as in {@code TensorProto.DataType}. */
  public static final Attribute<Long> OUTPUT_DATATYPE =
      Attribute.ofInt("output_datatype", ElementType.FLOAT.code());

  /** Whether N is the size of the window rather than one less. */
  public static final Attribute<Long> PERIODIC = Attribute.ofInt("periodic", 1);

  private final OpSchema schema;
  private final double[] coefficients;

  CosineWindow(OpSchema schema, double... coefficients) {
    this.schema = schema;
    this.coefficients = coefficients.clone();
  }

  static OpSchema schema(String name) {
    return OpSchema.of(name)
        .versions(17)
        .input("size", Types.INDICES)
        .output("output", Types.NUMBERS)
        .attributes(OUTPUT_DATATYPE, PERIODIC)
        .doc("A window function of cosines.");
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    Long number = Axes.number(call, 0);
    ShapeValue value = call.shapeValue(0);
    Dimension size = value == null ? Dimension.UNKNOWN : value.dimension(0);
    Shape shape = Shape.of(List.of(number == null ? size : Dimension.of(number)));
    return List.of(new TensorType(ElementTypes.given(call, OUTPUT_DATATYPE), shape));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    int size = type.shape().intSize(0);
    int period = call.attributes().isSet(PERIODIC) ? size : Math.max(size - 1, 1);
    double[] values = new double[size];
    for (int n = 0; n < size; n++) {
      values[n] = at(2 * Math.PI * n / period);
    }
    if (type.elementType().isFloat()) {
      return List.of(Tensor.ofDoubles(type.elementType(), type.shape(), values));
    }
    long[] whole = Arrays.stream(values).mapToLong(value -> (long) value).toArray();
    return List.of(Tensor.ofLongs(type.elementType(), type.shape(), whole));
  }

  private double at(double angle) {
    double value = 0;
    for (int k = 0; k < coefficients.length; k++) {
      value += coefficients[k] * Math.cos(k * angle) * (k % 2 == 0 ? 1 : -1);
    }
    return value;
  }

  @Override
  public final Interval image(OpCall call) {
    double sum = Arrays.stream(coefficients).sum();
    return Interval.symmetric(2 * sum);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = ElementTypes.given(call, OUTPUT_DATATYPE);
    // Three cosines of arguments that are off by an ulp, their products and their sum.
    return List.of(ErrorBound.uniform(8 * Transfers.evaluation(type, image(call).magnitude())));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.unbounded("no rounding bound is stated for cosines"));
  }
}
