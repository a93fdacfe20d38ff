package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LayerNormalization of ONNX (opset 17): all axes from one on normalized together, then scaled and
 * shifted. Two more outputs are the means and the inverse standard deviations.
 */
public final class LayerNormalization extends NormalizationOp {
  /** First axis of those that are normalized together; negative counts from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** Added to the variance. */
  public static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);

  /** Type in which statistics are computed and given; the reference computes in double. */
  public static final Attribute<Long> STASH_TYPE = Attribute.ofInt("stash_type", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LayerNormalization")
          .versions(17)
          .input("X", Types.FLOATS)
          .input("Scale", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .optionalOutput("Mean", Types.FLOATS)
          .optionalOutput("InvStdDev", Types.FLOATS)
          .attributes(AXIS, EPSILON, STASH_TYPE)
          .doc("Axes from one on normalized together, then scaled and shifted.");

  private static final String STATISTICS = "no bound is stated for the statistics";

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    List<TensorType> types = new ArrayList<>(super.inferTypes(call));
    ElementType stash =
        ElementType.ofCode(call.attributes().getInt(STASH_TYPE)).orElse(ElementType.UNDEFINED);
    for (int i = 1; i < call.outputCount(); i++) {
      types.add(new TensorType(stash, statistics(call)));
    }
    return types;
  }

  private static Shape statistics(OpCall call) {
    Shape shape = call.type(0).shape();
    if (!shape.isRanked()) {
      return shape;
    }
    for (int axis = GroupSizes.axis(call, AXIS); axis < call.type(0).shape().rank(); axis++) {
      shape = shape.with(axis, Dimension.of(1));
    }
    return shape;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    List<Tensor> outputs = new ArrayList<>(super.evaluate(call));
    if (call.outputCount() > 1) {
      Grouping grouping = grouping(call);
      double[] x = call.tensor(0).toDoubles();
      double[] means = new double[grouping.groups()];
      double[] inverses = new double[grouping.groups()];
      for (int group = 0; group < means.length; group++) {
        GroupMoments moments = GroupMoments.of(x, grouping, group, true);
        means[group] = moments.mean();
        inverses[group] = moments.inverse(epsilon(call));
      }
      List<TensorType> types = inferTypes(call);
      ElementType stash = types.get(1).elementType();
      outputs.add(Tensor.ofDoubles(stash, types.get(1).shape(), means));
      outputs.add(Tensor.ofDoubles(stash, types.get(1).shape(), inverses));
    }
    return outputs.subList(0, Math.max(1, call.outputCount()));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return withStatistics(call, super.rangeTransfer(call, ranges), Range.ALL);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    List<ErrorBound> of = super.errorTransfer(call, ranges, errors);
    ErrorBound statistics =
        errors.getFirst() instanceof ErrorBound.Exact
            ? ErrorBound.EXACT
            : ErrorBound.unbounded(STATISTICS);
    return withStatistics(call, of, statistics);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    List<ErrorBound> of = super.localError(call, ranges);
    return withStatistics(call, of, ErrorBound.unbounded(STATISTICS));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    List<ErrorBound> of = super.machineError(call, outputs);
    return withStatistics(call, of, ErrorBound.unbounded(STATISTICS));
  }

  private static <T> List<T> withStatistics(OpCall call, List<T> first, T others) {
    List<T> all = new ArrayList<>(first);
    all.addAll(Transfers.each(Math.max(0, call.outputCount() - 1), others));
    return all;
  }

  @Override
  Grouping grouping(OpCall call) {
    Shape x = call.type(0).shape();
    int groups = 1;
    for (int axis = 0; axis < GroupSizes.axis(call, AXIS); axis++) {
      groups = Math.multiplyExact(groups, x.intSize(axis));
    }
    return Grouping.contiguous(x, groups);
  }

  @Override
  long groupSize(OpCall call) {
    Shape x = call.type(0).shape();
    return x.isRanked() ? GroupSizes.from(x, GroupSizes.axis(call, AXIS)) : -1;
  }

  @Override
  double epsilon(OpCall call) {
    return call.get(EPSILON);
  }
}
