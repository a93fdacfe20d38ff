package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.Entries;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What calls of operators have in common whose inputs all broadcast to the output. */
final class Broadcasts {
  private Broadcasts() {}

  /** The shape of the output. */
  static Shape shape(OpCall call) {
    return Broadcasting.shape(shapes(call));
  }

  /** The element type that all inputs share; throws where they do not. */
  static ElementType commonType(OpCall call) {
    return commonType(call, 0);
  }

  /** The element type that the inputs from a position on share; throws where they do not. */
  static ElementType commonType(OpCall call, int from) {
    ElementType common = ElementType.UNDEFINED;
    for (int i = from; i < call.inputCount(); i++) {
      ElementType type = call.type(i).elementType();
      boolean differs =
          type != common && type != ElementType.UNDEFINED && common != ElementType.UNDEFINED;
      if (differs) {
        throw new IllegalArgumentException(
            "inputs are of types "
                + common.text()
                + " and "
                + type.text()
                + "; insert a Cast where they should agree");
      }
      common = common == ElementType.UNDEFINED ? type : common;
    }
    return common;
  }

  /** The ranges of all inputs over the output. */
  static Entries entries(OpCall call, List<@Nullable Range> ranges) {
    return Entries.of(shape(call), shapes(call), Ranges.all(ranges, call.inputCount()));
  }

  /** The ranges and errors of all inputs over the output. */
  static Entries entries(OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return Entries.of(shape(call), shapes(call), Ranges.all(ranges, call.inputCount()), errors);
  }

  private static List<Shape> shapes(OpCall call) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      shapes.add(call.type(i).shape());
    }
    return shapes;
  }
}
