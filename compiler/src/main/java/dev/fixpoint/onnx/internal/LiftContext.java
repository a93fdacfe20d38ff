package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a lift may ask and add while it changes a node. */
final class LiftContext {
  private static final OpId CAST_LIKE = OpId.of("CastLike");

  private final GraphAssembler assembler;
  private final Scope scope;
  private final long opset;

  LiftContext(GraphAssembler assembler, Scope scope, long opset) {
    this.assembler = assembler;
    this.scope = scope;
    this.opset = opset;
  }

  /** The opset that the node is written for. */
  long opset() {
    return opset;
  }

  /** The type of a value as far as known before the graph is complete. */
  TensorType type(Value value) {
    return assembler.types().type(value);
  }

  /** The tensor of a constant; null for other values. */
  @Nullable Tensor constant(Value value) {
    return assembler.types().constant(value);
  }

  /** Adds a constant named after the node. */
  Value constant(NodeDraft node, String hint, Tensor tensor) {
    Value value = assembler.newValue(node, hint, scope);
    assembler.addConstant(value, tensor, scope);
    return value;
  }

  /** Adds a constant scalar of the element type of another value. */
  Value scalarLike(NodeDraft node, String hint, float number, Value like) {
    ElementType type = type(like).elementType();
    if (type.isFloat()) {
      return constant(node, hint, Tensor.ofDoubles(type, Shape.SCALAR, number));
    }
    Value value = constant(node, hint, Tensor.ofFloats(Shape.SCALAR, number));
    return call(node, hint + "_cast", CAST_LIKE, Map.of(), List.of(value, like));
  }

  /** Adds a node whose output is new and named after the given one. */
  Value call(
      NodeDraft node,
      String hint,
      OpId op,
      Map<String, AttributeValue> attributes,
      List<? extends @Nullable Value> inputs) {
    Value output = assembler.newValue(node, hint, scope);
    call(node, op, attributes, inputs, output);
    return output;
  }

  /** Adds a node that makes an existing value. */
  void call(
      NodeDraft node,
      OpId op,
      Map<String, AttributeValue> attributes,
      List<? extends @Nullable Value> inputs,
      Value output) {
    assembler.emit(
        new NodeDraft(node.name(), "", op, attributes, inputs, List.of(output), List.of(true)),
        scope);
  }

  /** A value for an output that another node will finish. */
  Value newValue(NodeDraft node, String hint) {
    return assembler.newValue(node, hint, scope);
  }

  /** The refusal of a node that has no equal in the newer form. */
  ModelException refuse(NodeDraft node, String problem) {
    return new ModelException(node.describe() + " of opset " + opset + " " + problem);
  }
}
