package dev.fixpoint.ir;

import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a graph, whether it is finished or being rewritten. */
public interface GraphView {
  /** The node that makes a value; null for inputs, initializers and captured values. */
  @Nullable Node producer(Value value);

  /** Every place where a value is read, subgraphs included; graph outputs are not uses. */
  List<Use> uses(Value value);

  /** Number of places where a value is read. */
  default int useCount(Value value) {
    return uses(value).size();
  }

  /** The type of a value, as far as known. */
  TensorType type(Value value);

  /** The tensor of an initializer; null for other values. */
  @Nullable Tensor constant(Value value);

  /** What is known of the entries of a value that describes a shape, or null. */
  @Nullable ShapeValue shapeValue(Value value);

  /** Whether a value is an output of the graph. */
  boolean isOutput(Value value);

  /** Opset version of a domain; 0 where the graph does not import it. */
  long opset(String domain);
}
