package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of values while a graph is assembled: what is declared and, where lifts or subgraphs
 * ask for it, what follows from that. A node that stands before its inputs, or contradicts them,
 * gets no type here; the finished graph reports the latter.
 */
final class KnownTypes implements GraphView {
  private final boolean inferring;
  private final Map<Value, TensorType> types = new HashMap<>();
  private final Map<Value, Tensor> constants = new HashMap<>();
  private final Map<Value, ShapeValue> shapeValues = new HashMap<>();

  KnownTypes(boolean inferring) {
    this.inferring = inferring;
  }

  void declare(Value value, TensorType type) {
    types.put(value, type);
  }

  void constant(Value value, Tensor tensor) {
    constants.put(value, tensor);
    types.put(value, tensor.type());
  }

  /** Infers the types of a node's outputs. */
  void visit(Node node) {
    if (!inferring) {
      return;
    }
    OpCall call = TypeInference.call(this, node);
    try {
      record(node, call, TypeInference.inferTypes(node, call));
    } catch (ModelException e) {
      // Not decided here: in a branch that is not taken, the contradiction is none.
    }
  }

  private void record(Node node, OpCall call, List<TensorType> inferred) {
    for (int i = 0; i < inferred.size(); i++) {
      Value output = node.output(i);
      TensorType declared = type(output);
      TensorType type = inferred.get(i);
      types.put(output, type.isCompatibleWith(declared) ? type.refinedBy(declared) : type);
    }
    ShapeValue shapeValue = TypeInference.shapeValue(node, call);
    if (shapeValue != null) {
      shapeValues.put(node.output(), shapeValue);
    }
  }

  @Override
  public TensorType type(Value value) {
    return types.getOrDefault(value, TensorType.UNKNOWN);
  }

  @Override
  public @Nullable Tensor constant(Value value) {
    return constants.get(value);
  }

  @Override
  public @Nullable ShapeValue shapeValue(Value value) {
    return shapeValues.get(value);
  }

  @Override
  public @Nullable Node producer(Value value) {
    throw new UnsupportedOperationException("the graph is not connected yet");
  }

  @Override
  public List<Use> uses(Value value) {
    throw new UnsupportedOperationException("the graph is not connected yet");
  }

  @Override
  public boolean isOutput(Value value) {
    throw new UnsupportedOperationException("the graph is not connected yet");
  }

  @Override
  public long opset(String domain) {
    throw new UnsupportedOperationException("the graph is not connected yet");
  }
}
