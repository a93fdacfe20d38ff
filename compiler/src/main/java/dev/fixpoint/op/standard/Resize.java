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
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resize of ONNX (opset 19): every axis interpolated on its own, by the nearest element, linearly,
 * or with a cubic kernel. Interpolated integers are cut off towards zero and saturate.
 */
public final class Resize implements OpDefinition {
  /** Whether the kernel is widened where the output is smaller. */
  public static final Attribute<Long> ANTIALIAS = Attribute.ofInt("antialias", 0);

  /** Axes that roi, scales and sizes speak of; all where absent. */
  public static final Attribute<List<Long>> AXES = Attribute.ofInts("axes");

  /** How output coordinates become input coordinates. */
  public static final Attribute<String> COORDINATE_TRANSFORMATION_MODE =
      Attribute.ofString("coordinate_transformation_mode", "half_pixel");

  /** The coefficient of cubic interpolation. */
  public static final Attribute<Float> CUBIC_COEFF_A = Attribute.ofFloat("cubic_coeff_a", -0.75f);

  /** Whether taps outside the input weigh nothing. */
  public static final Attribute<Long> EXCLUDE_OUTSIDE = Attribute.ofInt("exclude_outside", 0);

  /** The value outside the input when cropping. */
  public static final Attribute<Float> EXTRAPOLATION_VALUE =
      Attribute.ofFloat("extrapolation_value", 0);

  /** Whether sizes are met exactly or bound one common factor. */
  public static final Attribute<String> KEEP_ASPECT_RATIO_POLICY =
      Attribute.ofString("keep_aspect_ratio_policy", "stretch");

  /** Interpolation: nearest, linear or cubic. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "nearest");

  /** Choice between two neighbours. */
  public static final Attribute<String> NEAREST_MODE =
      Attribute.ofString("nearest_mode", "round_prefer_floor");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Resize")
          .versions(10, 11, 13, 18, 19)
          .input("X", Types.ALL)
          .optionalInput("roi", Types.FLOATS)
          .optionalInput("scales", Types.FLOATS)
          .optionalInput("sizes", Types.INT64)
          .output("Y", Types.ALL)
          .attributes(
              ANTIALIAS,
              AXES,
              COORDINATE_TRANSFORMATION_MODE,
              CUBIC_COEFF_A,
              EXCLUDE_OUTSIDE,
              EXTRAPOLATION_VALUE,
              KEEP_ASPECT_RATIO_POLICY,
              MODE,
              NEAREST_MODE)
          .doc("Elements between elements, axis by axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    return List.of(x.shape().isRanked() ? x.withShape(ResizePlan.of(call).shape()) : x);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    ResizeMap map = ResizeMap.of(call);
    Shape shape = map.shape();
    if (ResizeRule.of(call).mode() == ResizeRule.Mode.NEAREST) {
      float outside = call.get(EXTRAPOLATION_VALUE);
      Tensor filler =
          outside == 0 || !x.elementType().isNumeric()
              ? null
              : Tensor.scalar(x.elementType(), outside);
      return List.of(Elements.gather(x, shape, map.positions(), filler));
    }
    double[] y = map.apply(x.toDoubles(), call.get(EXTRAPOLATION_VALUE));
    return List.of(PoolBounds.store(this, x.elementType(), shape, y));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ResizeBounds.of(call).range(Ranges.at(ranges, 0)));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound chosen = Choices.error(errors, 1);
    ErrorBound error = errors.getFirst();
    return List.of(ResizeBounds.of(call).error(Ranges.at(ranges, 0), error).plus(chosen));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ResizeBounds.of(call).localError(Ranges.at(ranges, 0)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (ResizeRule.of(call).mode() == ResizeRule.Mode.NEAREST) {
      return List.of(ErrorBound.EXACT);
    }
    if (!type.isFloat()) {
      return List.of(ErrorBound.uniform(1));
    }
    // Coordinates in the element type are off by a few ulps of the size; weights follow.
    double u = Transfers.unitRoundoff(type);
    ResizeMap map = ResizeMap.of(call);
    Range x = Range.ofTensor(call.tensor(0));
    double weights = 32 * u * (map.largestSize() + 2) * map.gain() * map.shape().rank();
    double rounding = Transfers.halfUlp(type, Range.ofTensor(outputs.getFirst()).magnitude());
    return List.of(
        ErrorBound.uniform(weights * x.magnitude() + rounding + Transfers.smallest(type)));
  }
}
