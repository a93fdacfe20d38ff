package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs any operator by its reference semantics, on tensors copied out of the buffers. */
public final class ReferenceKernel implements Kernel {
  /** The only instance. */
  public static final ReferenceKernel INSTANCE = new ReferenceKernel();

  private ReferenceKernel() {}

  @Override
  public boolean supports(KernelCall call) {
    return true;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    if (call.node().op() instanceof OpaqueOp) {
      throw new IllegalArgumentException(
          "operator "
              + call.node().opId()
              + " cannot run: it has no definition here; register one, or remove the node");
    }
    return new Evaluated(call.node());
  }

  private record Evaluated(Node node) implements PreparedKernel {
    @Override
    public boolean isInteger() {
      return node.opId().name().startsWith("Q");
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      List<@Nullable Tensor> inputs = new ArrayList<>();
      for (int i = 0; i < node.inputs().size(); i++) {
        Buffer input = operands.inputOrNull(i);
        inputs.add(input == null ? null : input.toTensor());
      }
      OpCall call = OpCall.ofTensors(bound(operands), inputs, node.outputs().size());
      List<Tensor> outputs = evaluate(call);
      for (int i = 0; i < node.outputs().size(); i++) {
        operands.output(i).set(outputs.get(i));
      }
    }

    /** What the operator refuses is told with the node's name. */
    private List<Tensor> evaluate(OpCall call) {
      try {
        return node.op().evaluate(call);
      } catch (IllegalArgumentException
          | IllegalStateException
          | ArithmeticException
          | UnsupportedOperationException e) {
        throw new ModelException(node.describe() + ": " + e.getMessage(), e);
      }
    }

    /** The attributes, with the values that subgraphs read from outside bound to them. */
    private Attributes bound(Operands operands) {
      if (!hasSubgraph()) {
        return node.attributes();
      }
      Map<Value, Tensor> captured = new LinkedHashMap<>();
      int at = node.inputs().size();
      for (Value value : node.captures()) {
        captured.put(value, operands.input(at++).toTensor());
      }
      Map<String, AttributeValue> values = new LinkedHashMap<>(node.attributes().values());
      values.replaceAll((_, value) -> BoundBody.bind(value, captured));
      return Attributes.of(values);
    }

    private boolean hasSubgraph() {
      return node.attributes().values().values().stream()
          .anyMatch(
              value ->
                  (value instanceof AttributeValue.OfGraph graph
                          && graph.value() instanceof GraphBody)
                      || value instanceof AttributeValue.OfGraphs);
    }
  }
}
