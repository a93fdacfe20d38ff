package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A float operator that writes 8-bit integers: {@code saturate(rint(f(x, …) / y_scale) +
 * y_zero_point)}, where {@code f} rounds to float32 as the operator does by itself. This is the
 * operator and QuantizeLinear in one; the last two inputs are the output's scale and zero point.
 */
abstract class QuantizedResult implements OpDefinition {
  private final OpDefinition function;
  private final OpSchema schema;
  private final int scale;

  /**
   * An operator whose results are quantized.
   *
   * @param schema with the operands of the function alone
   * @param operands how many there are
   */
  QuantizedResult(OpDefinition function, OpSchema.Builder schema, int operands) {
    this.function = function;
    this.scale = operands;
    this.schema =
        schema
            .input("y_scale", QuantTypes.FLOAT)
            .optionalInput("y_zero_point", Types.BYTES)
            .output("y", Types.BYTES)
            .doc(function.id().name() + " of float values that writes 8-bit integers.");
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    TensorType real = function.inferTypes(real(call)).getFirst();
    return List.of(real.withElementType(outputType(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    return List.of(quantize(call, function.evaluate(real(call)).getFirst()));
  }

  private Tensor quantize(OpCall call, Tensor real) {
    QuantParams output = OutputParameters.of(call, scale, scale + 1);
    IntegerOutput integers = new IntegerOutput(output.elementType(), real.shape());
    float[] reals = real.toFloats();
    for (int i = 0; i < reals.length; i++) {
      integers.set(i, output.quantize(reals[i], 0));
    }
    return integers.tensor();
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (!isKnown(call)) {
      return List.of(Range.of(StepTransfers.all(outputType(call))));
    }
    Range real =
        function.rangeTransfer(real(call), ranges.subList(0, operands(ranges.size()))).getFirst();
    QuantParams output = OutputParameters.of(call, scale, scale + 1);
    return List.of(Range.of(StepTransfers.quantized(real.hull(), output)));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, scale, scale + 1);
    if (!isKnown(call) || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    ErrorBound real =
        function
            .errorTransfer(
                real(call),
                ranges.subList(0, operands(ranges.size())),
                errors.subList(0, operands(errors.size())))
            .getFirst();
    return List.of(steps(call, real));
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  /**
   * What another order of the float sums moves, a tie included; at most from one end of the
   * integers to the other, also where rows of nearly equal numbers leave the function no bound.
   */
  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    OpCall real = real(call);
    ErrorBound moved = function.machineError(real, function.evaluate(real)).getFirst();
    ElementType type = outputType(call);
    return List.of(
        moved.isBounded()
            ? steps(call, moved)
            : ErrorBound.uniform((double) type.maxInteger() - type.minInteger()));
  }

  /** The error in steps; that of the function has its own roundings in it. */
  private ErrorBound steps(OpCall call, ErrorBound real) {
    return StepTransfers.quantized(real, 0, OutputParameters.of(call, scale, scale + 1));
  }

  @Override
  public final Expansion expansion(OpCall call) {
    ExpansionChain chain = new ExpansionChain();
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < scale; i++) {
      operands.add(call.hasInput(i) ? Expansion.input(i) : "");
    }
    while (operands.getLast().isEmpty()) {
      operands.removeLast();
    }
    return chain
        .start(function.id(), call.attributes(), operands)
        .then(
            OpId.of("QuantizeLinear"),
            Attributes.NONE,
            Expansion.input(scale),
            chain.zeroPoint(call, scale + 1, outputType(call)))
        .build();
  }

  private ElementType outputType(OpCall call) {
    return OutputParameters.elementType(call, scale, scale + 1);
  }

  private boolean isKnown(OpCall call) {
    return OutputParameters.known(call, scale, scale + 1);
  }

  /** How many of so many inputs belong to the function. */
  private int operands(int inputs) {
    return Math.min(scale, inputs);
  }

  /** The call of the function alone. */
  private OpCall real(OpCall call) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < operands(call.inputCount()); i++) {
      types.add(call.hasInput(i) ? call.type(i) : null);
      tensors.add(call.constant(i));
    }
    return OpCall.of(call.attributes(), types, tensors, List.of(), 1);
  }
}
