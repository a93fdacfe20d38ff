package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Entries;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversion of every element to another type. A definition says which type that is. */
abstract class CastOp implements OpDefinition {
  /** Whether numbers too large for an 8-bit float become the largest one. */
  public static final Attribute<Long> SATURATE = Attribute.ofInt("saturate", 1);

  /** How numbers between powers of two become float8e8m0: up, down or nearest. */
  public static final Attribute<String> ROUND_MODE = Attribute.ofString("round_mode", "up");

  private final OpSchema schema;

  CastOp(OpSchema schema) {
    this.schema = schema;
  }

  /** The type of the result. */
  abstract ElementType target(OpCall call);

  private Conversion conversion(OpCall call) {
    return new Conversion(
        call.type(0).elementType(),
        target(call),
        call.attributes().isSet(SATURATE),
        call.get(ROUND_MODE));
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withElementType(target(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    return List.of(conversion(call).apply(call.tensor(0)));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Ranges.at(ranges, 0).map(conversion(call)::image));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    Conversion conversion = conversion(call);
    return List.of(
        Entries.ofSame(call.type(0).shape(), Ranges.at(ranges, 0), errors.getFirst())
            .error((x, moves) -> conversion.shift(x[0], moves[0])));
  }

  /** A conversion stands for the identity as far as floats go; to integers it is what it does. */
  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    Conversion conversion = conversion(call);
    Range range = Ranges.at(ranges, 0);
    double[] values = range.intervals().stream().mapToDouble(conversion::rounding).toArray();
    return List.of(ErrorBound.of(range.spread(), values));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }

  /** Passes entries between the types of indices. */
  @Override
  public final @Nullable ShapeValue shapeValue(OpCall call) {
    return Types.INDICES.contains(target(call)) ? call.shapeValue(0) : null;
  }
}
