package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a tensor into parts along an axis: parts of given sizes, or equal ones. */
public final class Split implements DataMovement {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** Number of parts where no sizes are given; the last one may be smaller. */
  public static final Attribute<Long> NUM_OUTPUTS = Attribute.ofInt("num_outputs");

  /** {@code outputs... = Split(input, split?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Split")
          .versions(1, 2, 11, 13, 18)
          .input("input", Types.ALL)
          .optionalInput("split", Types.INT64)
          .variadicOutput("outputs", Types.ALL)
          .attributes(AXIS, NUM_OUTPUTS)
          .doc("Cuts a tensor into parts along an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    List<TensorType> types = new ArrayList<>();
    if (!input.shape().isRanked()) {
      for (int i = 0; i < call.outputCount(); i++) {
        types.add(input);
      }
      return types;
    }
    int axis = Axes.normalized(call.get(AXIS), input.shape().rank());
    Dimension whole = input.shape().dimension(axis);
    long[] sizes = sizes(call, whole);
    for (int i = 0; i < call.outputCount(); i++) {
      Dimension part = sizes == null ? Dimension.UNKNOWN : Dimension.of(sizes[i]);
      boolean isWhole = sizes == null && call.outputCount() == 1 && !call.hasInput(1);
      types.add(input.withShape(input.shape().with(axis, isWhole ? whole : part)));
    }
    return types;
  }

  /** The sizes of the parts, or null where they are not known. */
  private static long @Nullable [] sizes(OpCall call, Dimension whole) {
    if (!call.hasInput(1)) {
      // A branch that is never taken may cut what it cannot; evaluating it is what fails.
      return whole instanceof Dimension.Fixed fixed && isCuttable(call, fixed.size())
          ? equalSizes(call, fixed.size())
          : null;
    }
    long[] given = Axes.longs(call, 1);
    if (given == null) {
      return null;
    }
    long sum = 0;
    for (long size : given) {
      if (size < 0) {
        throw new IllegalArgumentException("a part cannot have size " + size);
      }
      sum = Math.addExact(sum, size);
    }
    if (given.length != call.outputCount() || (whole.isFixed() && !whole.isSize(sum))) {
      throw new IllegalArgumentException(
          "parts of sizes "
              + Arrays.toString(given)
              + " do not make "
              + call.outputCount()
              + " outputs of an axis of size "
              + whole);
    }
    return given;
  }

  private static boolean isCuttable(OpCall call, long whole) {
    long size = Math.ceilDiv(whole, call.outputCount());
    long last = whole - size * (call.outputCount() - 1);
    return last == size || (last >= 0 && call.attributes().has(NUM_OUTPUTS));
  }

  private static long[] equalSizes(OpCall call, long whole) {
    int count = call.outputCount();
    Long asked = call.attributes().find(NUM_OUTPUTS);
    if (asked != null && asked != count) {
      throw new IllegalArgumentException(
          "num_outputs is " + asked + ", but there are " + count + " outputs");
    }
    long size = Math.ceilDiv(whole, count);
    long last = whole - size * (count - 1);
    long[] sizes = new long[count];
    Arrays.fill(sizes, size);
    sizes[count - 1] = last;
    return sizes;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    int[] sizes = input.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int axis = Axes.normalized(call.get(AXIS), sizes.length);
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] = Elements.steps(sizes[i], strides[i]);
    }
    List<Tensor> parts = new ArrayList<>();
    if (!call.hasInput(1) && !isCuttable(call, sizes[axis])) {
      throw new IllegalArgumentException(
          "an axis of size "
              + sizes[axis]
              + " cannot be cut into "
              + call.outputCount()
              + " equal parts");
    }
    int start = 0;
    for (TensorType type : inferTypes(call)) {
      Shape shape = type.shape();
      offsets[axis] = Elements.steps(shape.intSize(axis), strides[axis]);
      for (int i = 0; i < offsets[axis].length; i++) {
        offsets[axis][i] += start * strides[axis];
      }
      parts.add(Elements.gather(input, shape, Elements.positions(offsets)));
      start += shape.intSize(axis);
    }
    return parts;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape shape = call.type(0).shape();
    if (!shape.isRanked()) {
      return Route.LUMPED;
    }
    int axis = Axes.normalized(call.get(AXIS), shape.rank());
    if (spread.axis() != axis) {
      return Route.along(spread.axis(), spread.count());
    }
    long[] sizes = sizes(call, Dimension.of(spread.count()));
    if (sizes == null) {
      return Route.LUMPED;
    }
    int start = 0;
    for (int i = 0; i < output; i++) {
      start += (int) sizes[i];
    }
    int[] entries = Elements.steps((int) sizes[output], 1);
    for (int i = 0; i < entries.length; i++) {
      entries[i] += start;
    }
    return Route.along(axis, entries);
  }
}
