package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Views a tensor in another shape. In the shape, 0 stands for the input's dimension at that
 * position (unless {@link #ALLOW_ZERO}), and one -1 for what is left.
 */
public final class Reshape implements DataMovement {
  /** Whether 0 means a dimension of size 0. */
  public static final Attribute<Long> ALLOW_ZERO = Attribute.ofInt("allowzero", 0);

  /** {@code reshaped = Reshape(data, shape)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Reshape")
          .versions(1, 5, 13, 14, 19, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .input("shape", Types.INT64)
          .output("reshaped", Types.ALL)
          .attributes(ALLOW_ZERO)
          .doc("Views a tensor in another shape.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(outputShape(call)));
  }

  private static Shape outputShape(OpCall call) {
    ShapeValue target = target(call);
    if (target == null) {
      int rank = Axes.length(call, 1);
      return rank < 0 ? Shape.UNRANKED : Shape.ofRank(rank);
    }
    Shape data = call.type(0).shape();
    List<Dimension> dimensions = new ArrayList<>();
    int open = -1;
    int opens = 0;
    boolean allowZero = call.attributes().isSet(ALLOW_ZERO);
    for (int i = 0; i < target.size(); i++) {
      Dimension dimension = dimension(target.entries().get(i), data, i, allowZero);
      if (dimension == null) {
        opens += 1;
        open = i;
      }
      dimensions.add(dimension == null ? Dimension.UNKNOWN : dimension);
    }
    requireOneInferred(target, allowZero);
    if (opens == 1 && data.isRanked()) {
      dimensions.set(open, rest(data, dimensions, open));
    }
    Shape shape = Shape.of(dimensions);
    if (shape.isStatic() && data.isStatic() && shape.elementCount() != data.elementCount()) {
      throw new IllegalArgumentException("cannot view " + data + " as " + shape);
    }
    return shape;
  }

  /** The dimension that an entry asks for, or null where the other dimensions decide it. */
  private static @Nullable Dimension dimension(
      @Nullable Affine entry, Shape data, int position, boolean allowZero) {
    if (entry == null || (!entry.isConstant() && !isPositive(entry))) {
      return null;
    }
    if (!entry.isConstant() || entry.constant() > 0) {
      return entry.dimension();
    }
    if (entry.constant() == 0) {
      return allowZero ? Dimension.of(0) : inputDimension(data, position);
    }
    if (entry.constant() != -1) {
      throw new IllegalArgumentException("a dimension cannot be " + entry);
    }
    return null;
  }

  private static Dimension inputDimension(Shape data, int position) {
    if (!data.isRanked()) {
      return Dimension.UNKNOWN;
    }
    if (position >= data.rank()) {
      throw new IllegalArgumentException(
          "the shape has 0 at position " + position + ", which " + data + " does not have");
    }
    return data.dimension(position);
  }

  private static boolean isPositive(Affine entry) {
    return entry.constant() >= 0 && entry.terms().values().stream().allMatch(c -> c > 0);
  }

  private static void requireOneInferred(ShapeValue target, boolean allowZero) {
    Affine minusOne = Affine.of(-1);
    long inferred = target.entries().stream().filter(minusOne::equals).count();
    if (inferred > 1) {
      throw new IllegalArgumentException("the shape has more than one -1");
    }
    if (inferred == 1 && allowZero && target.entries().contains(Affine.of(0))) {
      throw new IllegalArgumentException("the shape has both 0 and -1 although zeros are sizes");
    }
  }

  private static Dimension rest(Shape data, List<Dimension> dimensions, int open) {
    List<Dimension> others = new ArrayList<>(dimensions);
    others.remove(open);
    if (data.isStatic() && others.stream().allMatch(Dimension::isFixed)) {
      long known = Shape.of(others).elementCount();
      if (known == 0 || data.elementCount() % known != 0) {
        throw new IllegalArgumentException(
            data + " has no size that fits the open place of " + dimensions);
      }
    }
    Affine rest = Reshaping.quotient(data.dimensions(), others);
    return rest == null ? Dimension.UNKNOWN : rest.dimension();
  }

  private static @Nullable ShapeValue target(OpCall call) {
    Tensor constant = call.constant(1);
    if (constant == null) {
      return call.shapeValue(1);
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (long entry : constant.toLongs()) {
      entries.add(Affine.of(entry));
    }
    return ShapeValue.vector(entries);
  }

  /**
   * The shape input as numbers although it may hold symbols: an entry that is the input's dimension
   * at its position becomes 0, and one other symbol -1. Null where that cannot say it.
   */
  public static long @Nullable [] numericShape(OpCall call) {
    ShapeValue target = target(call);
    Shape data = call.type(0).shape();
    if (target == null || (call.attributes().isSet(ALLOW_ZERO) && !target.isConstant())) {
      return null;
    }
    long[] numbers = new long[target.size()];
    int inferred = 0;
    for (int i = 0; i < numbers.length; i++) {
      Affine entry = target.entries().get(i);
      if (entry != null && entry.isConstant()) {
        numbers[i] = entry.constant();
      } else if (entry != null && isDimension(entry, data, i)) {
        numbers[i] = 0;
      } else {
        numbers[i] = -1;
      }
      inferred += numbers[i] == -1 ? 1 : 0;
    }
    return inferred <= 1 ? numbers : null;
  }

  private static boolean isDimension(Affine entry, Shape data, int position) {
    return data.isRanked()
        && position < data.rank()
        && entry.equals(Axes.affine(data.dimension(position)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0).reshaped(outputShape(call)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return Reshaping.along(call.type(0).shape(), outputShape(call), spread);
  }
}
