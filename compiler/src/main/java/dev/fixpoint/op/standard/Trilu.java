package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The triangle of each matrix (the last two axes) above or below the k-th diagonal, with zeros for
 * the rest; the diagonals are numbered from the main one upwards.
 */
public final class Trilu implements DataMovement {
  /** Whether the upper triangle is kept rather than the lower one. */
  public static final Attribute<Long> UPPER = Attribute.ofInt("upper", 1);

  /** {@code output = Trilu(input, k?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Trilu")
          .versions(14)
          .input("input", Types.ALL)
          .optionalInput("k", Types.INT64)
          .output("output", Types.ALL)
          .attributes(UPPER)
          .doc("The upper or lower triangle of matrices.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    if (input.shape().isRanked() && input.shape().rank() < 2) {
      throw new IllegalArgumentException(input + " has no matrices");
    }
    return List.of(input);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int rows = shape.intSize(-2);
    int columns = shape.intSize(-1);
    long diagonal = call.hasInput(1) ? Axes.single(call, 1).longAt(0) : 0;
    boolean upper = call.attributes().isSet(UPPER);
    int[] positions = Elements.steps(Math.toIntExact(input.elementCount()), 1);
    for (int i = 0; i < positions.length; i++) {
      long above = i % columns - (long) (i / columns % rows);
      if (upper ? above < diagonal : above > diagonal) {
        positions[i] = Elements.FILLER;
      }
    }
    return List.of(Elements.gather(input, shape, positions));
  }

  @Override
  public Interval filler(OpCall call, List<@Nullable Range> ranges) {
    return Interval.ZERO;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return Route.along(spread.axis(), spread.count());
  }
}
