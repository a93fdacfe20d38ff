package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor written down in the node: ONNX Constant, opset 21; sparse tensors are not supported. */
public final class Constant implements OpDefinition {
  /** Any tensor. */
  public static final Attribute<Tensor> VALUE = Attribute.ofTensor("value");

  /** A float32 scalar. */
  public static final Attribute<Float> FLOAT = Attribute.ofFloat("value_float");

  /** A float32 vector. */
  public static final Attribute<List<Float>> FLOATS = Attribute.ofFloats("value_floats");

  /** An int64 scalar. */
  public static final Attribute<Long> INT = Attribute.ofInt("value_int");

  /** An int64 vector. */
  public static final Attribute<List<Long>> INTS = Attribute.ofInts("value_ints");

  /** A scalar string. */
  public static final Attribute<String> STRING = Attribute.ofString("value_string");

  /** A vector of strings. */
  public static final Attribute<List<String>> STRINGS = Attribute.ofStrings("value_strings");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Constant")
          .versions(1, 9, 11, 12, 13, 19, 21, 23, 24, 25)
          .output("output", Types.ALL)
          .attributes(VALUE, FLOAT, FLOATS, INT, INTS, STRING, STRINGS)
          .doc("A tensor written down in the node.");

  Constant() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(value(call.attributes()).type());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(value(call.attributes()));
  }

  private static Tensor value(Attributes attributes) {
    if (attributes.has(VALUE)) {
      return attributes.get(VALUE);
    }
    if (attributes.has(FLOAT)) {
      return Tensor.ofFloats(Shape.SCALAR, attributes.get(FLOAT));
    }
    if (attributes.has(FLOATS)) {
      List<Float> values = attributes.get(FLOATS);
      double[] doubles = values.stream().mapToDouble(Float::doubleValue).toArray();
      return Tensor.ofDoubles(ElementType.FLOAT, Shape.of(values.size()), doubles);
    }
    if (attributes.has(INT)) {
      return Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, attributes.get(INT));
    }
    if (attributes.has(INTS)) {
      return Tensor.vector(attributes.get(INTS).stream().mapToLong(Long::longValue).toArray());
    }
    if (attributes.has(STRING)) {
      return Tensor.ofStrings(Shape.SCALAR, List.of(attributes.get(STRING)));
    }
    if (attributes.has(STRINGS)) {
      List<String> values = attributes.get(STRINGS);
      return Tensor.ofStrings(Shape.of(values.size()), values);
    }
    throw new IllegalArgumentException(
        "a Constant needs an attribute 'value' or one of its kin; sparse tensors are not"
            + " supported");
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Tensor value = value(call.attributes());
    return List.of(value.elementType().isNumeric() ? Range.ofTensor(value) : Range.ALL);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeValue.ofTensor(value(call.attributes()));
  }
}
