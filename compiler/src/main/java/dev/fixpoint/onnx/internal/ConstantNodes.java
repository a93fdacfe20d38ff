package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** The tensors of {@code Constant} nodes, which become initializers. */
final class ConstantNodes {
  static final OpId CONSTANT = OpId.of("Constant");

  private ConstantNodes() {}

  /** The tensor that the attributes of a Constant node give. */
  static Tensor tensor(Map<String, AttributeValue> attributes, String place) {
    if (attributes.size() != 1) {
      throw new ModelException(
          place + " has the attributes " + attributes.keySet() + "; it needs exactly one value");
    }
    Map.Entry<String, AttributeValue> only = attributes.entrySet().iterator().next();
    return switch (only.getValue()) {
      case AttributeValue.OfTensor tensor -> tensor.value();
      case AttributeValue.OfInt number ->
          Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, number.value());
      case AttributeValue.OfFloat number -> Tensor.ofFloats(Shape.SCALAR, number.value());
      case AttributeValue.OfString text -> Tensor.ofStrings(Shape.SCALAR, List.of(text.value()));
      case AttributeValue.OfInts numbers ->
          Tensor.vector(numbers.value().stream().mapToLong(Long::longValue).toArray());
      case AttributeValue.OfFloats numbers -> floats(numbers.value());
      case AttributeValue.OfStrings texts ->
          Tensor.ofStrings(Shape.of(texts.value().size()), texts.value());
      case AttributeValue.OfType _,
          AttributeValue.OfGraph _,
          AttributeValue.OfTensors _,
          AttributeValue.OfTypes _,
          AttributeValue.OfGraphs _ ->
          throw new ModelException(
              place + " has the attribute '" + only.getKey() + "', which is no value; use 'value'");
    };
  }

  private static Tensor floats(List<Float> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i);
    }
    return Tensor.ofFloats(Shape.of(values.length), values);
  }
}
