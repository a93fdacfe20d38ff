package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any function of one 8-bit value as a table of its 256 results: {@code y = table[x & 0xff]}. A
 * table of QuantizeLinear after the function after DequantizeLinear makes the function exact in
 * integers.
 */
public final class QTable implements OpDefinition {
  /** Entries of a table. */
  public static final int SIZE = 256;

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QTable"))
          .versions(1)
          .input("x", Types.BYTES)
          .input("table", Types.BYTES)
          .output("y", Types.BYTES)
          .doc("A function of 8-bit values, looked up in a table.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    if (call.type(1).shape().isStatic() && call.type(1).shape().elementCount() != SIZE) {
      throw new IllegalArgumentException("a table has 256 entries, not " + call.type(1).shape());
    }
    return List.of(call.type(0).withElementType(call.type(1).elementType()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    byte[] x = call.tensor(0).toBytes();
    byte[] table = call.tensor(1).toBytes();
    for (int i = 0; i < x.length; i++) {
      x[i] = table[x[i] & 0xff];
    }
    return List.of(Tensor.ofBytes(call.tensor(1).elementType(), call.tensor(0).shape(), x));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Tensor table = call.constant(1);
    if (table == null) {
      return List.of(Range.of(StepTransfers.all(call.type(1).elementType())));
    }
    Interval x = StepTransfers.integers(ranges.get(0), call.type(0).elementType());
    Interval image = null;
    for (long value = (long) Math.ceil(x.low()); value <= x.high(); value++) {
      Interval entry = Interval.point(table.longAt(value & 0xff));
      image = image == null ? entry : image.join(entry);
    }
    return List.of(Range.of(image == null ? StepTransfers.all(table.elementType()) : image));
  }

  /** The largest difference of entries that lie at most so many steps apart. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    Tensor table = call.constant(1);
    boolean steady = StepTransfers.error(errors, 1) instanceof ErrorBound.Exact;
    if (table == null || !steady) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    ErrorBound error = errors.get(0);
    if (error instanceof ErrorBound.Exact || !error.isBounded()) {
      return List.of(error);
    }
    Interval x = StepTransfers.integers(ranges.get(0), call.type(0).elementType());
    int distance = (int) Math.min(error.max(), SIZE);
    return List.of(ErrorBound.uniform(spread(table, x, distance)));
  }

  private static double spread(Tensor table, Interval x, int distance) {
    long largest = 0;
    for (long a = (long) Math.ceil(x.low()); a <= x.high(); a++) {
      for (long b = a; b <= Math.min(x.high(), a + distance); b++) {
        largest = Math.max(largest, Math.abs(table.longAt(a & 0xff) - table.longAt(b & 0xff)));
      }
    }
    return largest;
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  /**
   * A Gather from the table; ONNX counts negative indices from the end, as the unsigned byte does.
   */
  @Override
  public Expansion expansion(OpCall call) {
    Expansion.Builder build = Expansion.builder();
    String index =
        build.call(
            OpId.of("Cast"),
            Attributes.NONE.with(Attribute.ofInt("to"), (long) ElementType.INT32.code()),
            List.of(Expansion.input(0)),
            "index");
    build.call(
        OpId.of("Gather"),
        Attributes.NONE,
        List.of(Expansion.input(1), index),
        Expansion.output(0));
    return build.build();
  }
}
