package dev.fixpoint.runtime.kernel;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call as a kernel sees it when it is prepared: the node, the types of all operands, the
 * constants, the layouts in which inputs exist, and the store for packed constants.
 *
 * @param node the node
 * @param call types and constants of its inputs
 * @param outputTypes types of its outputs
 * @param inputLayouts layout in which each input exists before the step
 * @param packed store that all plans of a session share
 * @param released constant inputs of which only that store still has the numbers
 */
public record KernelCall(
    Node node,
    OpCall call,
    List<TensorType> outputTypes,
    List<Layout> inputLayouts,
    PackedStore packed,
    Set<Integer> released) {

  /** Keeps immutable copies. */
  public KernelCall {
    outputTypes = List.copyOf(outputTypes);
    inputLayouts = List.copyOf(inputLayouts);
    released = Set.copyOf(released);
  }

  /** Whether an input is there. */
  public boolean has(int input) {
    return call.hasInput(input);
  }

  /** The type of an input; throws when absent. */
  public TensorType type(int input) {
    return call.type(input);
  }

  /** The shape of an input; throws when absent. */
  public Shape shape(int input) {
    return call.type(input).shape();
  }

  /** The element type of an input, or UNDEFINED when absent. */
  public ElementType element(int input) {
    return has(input) ? call.type(input).elementType() : ElementType.UNDEFINED;
  }

  /** The constant of an input, or null. */
  public @Nullable Tensor constant(int input) {
    return call.constant(input);
  }

  /** The constant of an input; throws when there is none. */
  public Tensor tensor(int input) {
    return call.tensor(input);
  }

  /** Whether an input is absent or a constant. */
  public boolean isConstantOrAbsent(int input) {
    return !has(input) || isConstant(input);
  }

  /** Whether an input is a constant, be it one that only the store of packed constants has. */
  public boolean isConstant(int input) {
    return released.contains(input) || constant(input) != null;
  }

  /** The type of the first output. */
  public TensorType outputType() {
    return outputTypes.getFirst();
  }

  /** The value of an attribute, or its default; throws where there is neither. */
  public <T> T get(Attribute<T> key) {
    return call.get(key);
  }

  /** Whether all inputs and outputs lie in arrays: float32 or 8-bit, of static shape. */
  public boolean isArrayCall() {
    for (int i = 0; i < call.inputCount(); i++) {
      if (has(i) && !Buffer.isArrayType(type(i))) {
        return false;
      }
    }
    return outputTypes.stream().allMatch(Buffer::isArrayType);
  }
}
