package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The different elements of a tensor, or its different slices along an axis, with the index of each
 * one's first occurrence, the place of every original among them, and how often each occurs.
 */
public final class Unique implements Selection {
  /** The axis, in [-rank, rank - 1]; the tensor is flattened where absent. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis");

  /** Whether the result is in ascending order rather than in that of first occurrence. */
  public static final Attribute<Long> SORTED = Attribute.ofInt("sorted", 1);

  /** {@code Y, indices?, inverse_indices?, counts? = Unique(X)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Unique")
          .versions(11)
          .input("X", Types.ALL)
          .output("Y", Types.ALL)
          .optionalOutput("indices", Types.INT64)
          .optionalOutput("inverse_indices", Types.INT64)
          .optionalOutput("counts", Types.INT64)
          .attributes(AXIS, SORTED)
          .doc("The different elements or slices of a tensor.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    Long axis = call.attributes().find(AXIS);
    Shape shape = axis == null ? Shape.ofRank(1) : input.shape();
    Dimension originals = Dimension.UNKNOWN;
    if (axis != null && shape.isRanked()) {
      originals = shape.dimension(Axes.normalized(axis, shape.rank()));
      shape = shape.with(Axes.normalized(axis, shape.rank()), Dimension.UNKNOWN);
    }
    if (axis == null && input.shape().isRanked()) {
      originals = Axes.product(input.shape().dimensions());
    }
    TensorType found = new TensorType(ElementType.INT64, Shape.ofRank(1));
    TensorType inverse = found.withShape(Shape.of(List.of(originals)));
    return List.of(input.withShape(shape), found, inverse, found).subList(0, call.outputCount());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Long given = call.attributes().find(AXIS);
    Tensor viewed = given == null ? input.reshaped(Shape.of(input.elementCount())) : input;
    int[] sizes = viewed.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int axis = given == null ? 0 : Axes.normalized(given, sizes.length);
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] = i == axis ? new int[] {0} : Elements.steps(sizes[i], strides[i]);
    }
    Groups groups = Groups.of(viewed, sizes[axis], strides[axis], Elements.positions(offsets));
    if (!call.attributes().isSet(SORTED)) {
      groups = groups.byFirst();
    }
    int[] first = groups.first();
    offsets[axis] = first.clone();
    for (int i = 0; i < first.length; i++) {
      offsets[axis][i] *= strides[axis];
    }
    Shape shape = viewed.shape().with(axis, Dimension.of(first.length));
    Tensor values = Elements.gather(viewed, shape, Elements.positions(offsets));
    return List.of(values, vector(first), vector(groups.inverse()), vector(groups.counts()))
        .subList(0, call.outputCount());
  }

  private static Tensor vector(int[] values) {
    return Tensor.vector(Arrays.stream(values).asLongStream().toArray());
  }

  /** The originals by group; groups are in the order of the result. */
  private record Groups(List<List<Integer>> members, int originals) {
    static Groups of(Tensor tensor, int originals, int stride, int[] slice) {
      Comparator<Integer> elements = TopK.order(tensor);
      Comparator<Integer> slices =
          (a, b) -> {
            for (int position : slice) {
              int order = elements.compare(a * stride + position, b * stride + position);
              if (order != 0) {
                return order;
              }
            }
            return 0;
          };
      TreeMap<Integer, List<Integer>> groups = new TreeMap<>(slices);
      for (int i = 0; i < originals; i++) {
        groups.computeIfAbsent(i, _ -> new ArrayList<>()).add(i);
      }
      return new Groups(List.copyOf(groups.values()), originals);
    }

    Groups byFirst() {
      List<List<Integer>> sorted = new ArrayList<>(members);
      Collections.sort(sorted, Comparator.comparing(List::getFirst));
      return new Groups(sorted, originals);
    }

    int[] first() {
      return members.stream().mapToInt(List::getFirst).toArray();
    }

    int[] counts() {
      return members.stream().mapToInt(List::size).toArray();
    }

    int[] inverse() {
      int[] inverse = new int[originals];
      for (int group = 0; group < members.size(); group++) {
        for (int original : members.get(group)) {
          inverse[original] = group;
        }
      }
      return inverse;
    }
  }

  @Override
  public Interval image(OpCall call, int output) {
    return output == 0 ? Interval.ALL : Intervals.SIZES;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    List<Range> result = new ArrayList<>(Selection.super.rangeTransfer(call, ranges));
    result.set(0, Ranges.at(ranges, 0).uniform());
    return result;
  }
}
