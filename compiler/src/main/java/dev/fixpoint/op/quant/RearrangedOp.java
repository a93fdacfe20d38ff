package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator that means the same as another one of this catalogue, with its inputs in another
 * order.
 */
abstract class RearrangedOp implements OpDefinition {
  /** Stands for an input that this operator does not have. */
  static final int NONE = -1;

  private final OpSchema schema;
  private final OpDefinition target;
  private final int[] order;

  /**
   * An operator.
   *
   * @param order for each input of the target, which input of this operator it is, or {@link
   *     #NONE}; empty where the order is the same
   */
  RearrangedOp(OpSchema schema, OpDefinition target, int... order) {
    this.schema = schema;
    this.target = target;
    this.order = order;
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  /**
   * The call of the target; an operator with attributes of its own refuses or converts them here.
   */
  OpCall rearranged(OpCall call) {
    if (order.length == 0) {
      return call;
    }
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    List<@Nullable ShapeValue> shapeValues = new ArrayList<>();
    for (int input : order) {
      boolean there = input != NONE && call.hasInput(input);
      types.add(there ? call.type(input) : null);
      constants.add(there ? call.constant(input) : null);
      shapeValues.add(there ? call.shapeValue(input) : null);
    }
    return OpCall.of(call.attributes(), types, constants, shapeValues, call.outputCount());
  }

  private <T> List<T> rearranged(List<T> values, T absent) {
    if (order.length == 0) {
      return values;
    }
    List<T> result = new ArrayList<>();
    for (int input : order) {
      result.add(input == NONE || input >= values.size() ? absent : values.get(input));
    }
    return result;
  }

  private List<@Nullable Range> ranges(List<@Nullable Range> given) {
    if (order.length == 0) {
      return given;
    }
    List<@Nullable Range> result = new ArrayList<>();
    for (int input : order) {
      result.add(input == NONE || input >= given.size() ? null : given.get(input));
    }
    return result;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return target.inferTypes(rearranged(call));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return target.evaluate(rearranged(call));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return target.rangeTransfer(rearranged(call), ranges(ranges));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return target.errorTransfer(
        rearranged(call), ranges(ranges), rearranged(errors, ErrorBound.EXACT));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return target.localError(rearranged(call), ranges(ranges));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return target.multiplyAccumulates(rearranged(call));
  }
}
