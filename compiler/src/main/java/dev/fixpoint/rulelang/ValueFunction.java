package dev.fixpoint.rulelang;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a rule may ask of the type and the uses of a value. */
enum ValueFunction {
  /** The element type. */
  TYPE(0, Kind.TYPE),
  /** The number of dimensions. */
  RANK(0, Kind.NUMBERS),
  /** The sizes of all dimensions. */
  SHAPE(0, Kind.NUMBERS),
  /** The size of one dimension; negative ones count from the last. */
  SIZE(1, Kind.NUMBERS),
  /** The number of elements. */
  ELEMENTS(0, Kind.NUMBERS),
  /** How often nodes read it. */
  READERS(0, Kind.NUMBERS),
  /** Whether it is there. */
  PRESENT(0, Kind.TRUTH),
  /** Whether nodes outside of the match read it, subgraphs included, or the graph gives it out. */
  READ_ELSEWHERE(0, Kind.TRUTH);

  private final int more;
  private final Kind kind;

  ValueFunction(int more, Kind kind) {
    this.more = more;
    this.kind = kind;
  }

  /** The function with a name, or null. */
  static @Nullable ValueFunction ofText(String text) {
    return Arrays.stream(values()).filter(f -> f.text().equals(text)).findFirst().orElse(null);
  }

  /** The names of all. */
  static List<String> names() {
    return Arrays.stream(values()).map(ValueFunction::text).toList();
  }

  /** The name. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many numbers it takes after the value. */
  int more() {
    return more;
  }

  /** What it gives. */
  Kind kind() {
    return kind;
  }

  /** The answer for a value that is there. */
  Operand of(Match match, Value value, List<Computed> arguments) {
    TensorType type = match.type(value);
    return switch (this) {
      case TYPE -> new Operand.Type(type.elementType());
      case RANK -> Computed.integer(ranked(value, type.shape()).rank());
      case SHAPE -> Computed.untyped(Tensor.vector(fixed(value, type.shape()).sizes()));
      case SIZE -> size(value, type.shape(), arguments.getFirst().asInteger());
      case ELEMENTS -> Computed.integer(fixed(value, type.shape()).elementCount());
      case READERS -> Computed.integer(match.graph().useCount(value));
      case PRESENT -> new Operand.Truth(true, "");
      case READ_ELSEWHERE -> readElsewhere(match, value);
    };
  }

  private static Operand readElsewhere(Match match, Value value) {
    boolean elsewhere =
        match.graph().isOutput(value)
            || match.graph().uses(value).stream()
                .anyMatch(use -> !match.nodes().contains(use.node()));
    return new Operand.Truth(elsewhere, "'" + value + "' is read by the match alone");
  }

  private static Operand size(Value value, Shape shape, long axis) {
    int rank = ranked(value, shape).rank();
    long position = axis < 0 ? axis + rank : axis;
    if (position < 0 || position >= rank) {
      throw new Refusal("'" + value + "' of shape " + shape + " has no dimension " + axis);
    }
    if (!Shape.of(List.of(shape.dimension((int) position))).isStatic()) {
      throw new Refusal("dimension " + axis + " of '" + value + "' is not known");
    }
    return Computed.integer(shape.size((int) position));
  }

  private static Shape ranked(Value value, Shape shape) {
    if (!shape.isRanked()) {
      throw new Refusal("the rank of '" + value + "' is not known");
    }
    return shape;
  }

  private static Shape fixed(Value value, Shape shape) {
    if (!shape.isStatic()) {
      throw new Refusal("the shape of '" + value + "' is not known: " + shape);
    }
    return shape;
  }
}
