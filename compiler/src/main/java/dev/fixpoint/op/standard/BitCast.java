package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bits of each element read as another type of the same width: ONNX BitCast, opset 26. */
public final class BitCast implements OpDefinition {
  /** The number of the type in ONNX. */
  public static final Attribute<Long> TO = Attribute.ofInt("to").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitCast")
          .versions(26)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(TO)
          .doc("The bits of each element read as another type.");

  BitCast() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType from = call.type(0);
    ElementType to = Cast.typeOf(call.attributes().getInt(TO));
    if (from.elementType() != ElementType.UNDEFINED && from.elementType().bits() != to.bits()) {
      throw new IllegalArgumentException(
          "cannot read the bits of " + from.elementType().text() + " as " + to.text());
    }
    return List.of(from.withElementType(to));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0).reinterpreted(Cast.typeOf(call.attributes().getInt(TO))));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.of(Transfers.all(Cast.typeOf(call.attributes().getInt(TO)))));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(
        errors.getFirst() instanceof ErrorBound.Exact
            ? ErrorBound.EXACT
            : ErrorBound.unbounded("bits that differ mean anything in another type"));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
