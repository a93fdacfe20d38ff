package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The position of an extreme element along an axis. A definition says which. */
abstract class ArgOp implements OpDefinition {
  /** The axis along which to look. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** Whether the axis stays, with size 1. */
  public static final Attribute<Long> KEEP_DIMS = Attribute.ofInt("keepdims", 1);

  /** Whether the last of equal elements counts instead of the first. */
  public static final Attribute<Long> LAST = Attribute.ofInt("select_last_index", 0);

  private final OpSchema schema;

  ArgOp(String name, String doc) {
    this.schema =
        OpSchema.of(name)
            .versions(1, 11, 12, 13)
            .input("data", Types.NUMBERS)
            .output("reduced", Types.INT64)
            .attributes(AXIS, KEEP_DIMS, LAST)
            .doc(doc);
  }

  /** Whether a number is more extreme than another: positive, or 0 where they are equal. */
  abstract int compare(double a, double b);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    boolean keep = call.attributes().isSet(KEEP_DIMS);
    return List.of(
        new TensorType(
            ElementType.INT64,
            shape.isRanked() ? ReducedAxes.shape(shape, axis(call), keep) : Shape.UNRANKED));
  }

  private static boolean[] axis(OpCall call) {
    int rank = call.type(0).shape().rank();
    boolean[] along = new boolean[rank];
    along[Axes.normalized(call.get(AXIS), rank)] = true;
    return along;
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    int[] offsets = Groups.offsets(x.shape(), axis(call), true);
    if (offsets.length == 0) {
      throw new IllegalArgumentException("an axis without elements has no extreme one");
    }
    int[] bases = Groups.offsets(x.shape(), axis(call), false);
    IntBinaryOperator order = order(x);
    boolean last = call.attributes().isSet(LAST);
    long[] result = new long[bases.length];
    for (int i = 0; i < bases.length; i++) {
      int best = 0;
      for (int j = 1; j < offsets.length; j++) {
        int comparison = order.applyAsInt(bases[i] + offsets[j], bases[i] + offsets[best]);
        best = comparison > 0 || (comparison == 0 && last) ? j : best;
      }
      result[i] = best;
    }
    return List.of(Tensor.ofLongs(ElementType.INT64, inferTypes(call).getFirst().shape(), result));
  }

  /** Compares two elements by position; 64-bit integers beyond 2^53 exactly. */
  private IntBinaryOperator order(Tensor x) {
    if (x.elementType().isInteger() && x.elementType().bits() == 64) {
      long flip = x.elementType() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
      long[] longs = x.toLongs();
      int sign = compare(1, 0);
      return (a, b) -> sign * Long.compare(longs[a] ^ flip, longs[b] ^ flip);
    }
    double[] values = x.toDoubles();
    return (a, b) -> compare(values[a], values[b]);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.of(0, last(call)));
  }

  private static double last(OpCall call) {
    Shape shape = call.type(0).shape();
    boolean known =
        shape.isRanked()
            && shape.dimension(Axes.normalized(call.get(AXIS), shape.rank())).isFixed();
    return known
        ? Math.max(0, shape.size(Axes.normalized(call.get(AXIS), shape.rank())) - 1)
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(
        errors.getFirst().isBounded() && errors.getFirst().max() > 0
            ? ErrorBound.uniform(last(call))
            : errors.getFirst());
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
