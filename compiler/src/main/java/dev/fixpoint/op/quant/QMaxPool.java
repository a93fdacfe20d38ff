package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MaxPool on integers of 16 bits, for which the operator of ONNX (opset 22) has no form: the
 * largest integer of each window, padding being smaller than all.
 */
public final class QMaxPool implements OpDefinition {
  private static final Set<ElementType> TYPES = Set.of(ElementType.INT16, ElementType.UINT16);
  private static final Attribute<Long> TO = Attribute.ofInt("to");

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QMaxPool"))
          .versions(1)
          .input("x", TYPES)
          .output("y", TYPES)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Largest 16-bit integer of each window.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return StandardOps.MAX_POOL.inferTypes(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return StandardOps.MAX_POOL.evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return StandardOps.MAX_POOL.rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return StandardOps.MAX_POOL.errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  /** A MaxPool in float32, which holds all integers of 16 bits. */
  @Override
  public Expansion expansion(OpCall call) {
    return new ExpansionChain()
        .start(
            OpId.of("Cast"),
            Attributes.NONE.with(TO, (long) ElementType.FLOAT.code()),
            List.of(Expansion.input(0)))
        .then(OpId.of("MaxPool"), call.attributes())
        .then(OpId.of("Cast"), Attributes.NONE.with(TO, (long) call.type(0).elementType().code()))
        .build();
  }
}
