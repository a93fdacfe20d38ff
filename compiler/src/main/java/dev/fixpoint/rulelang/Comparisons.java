package dev.fixpoint.rulelang;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;

/**
 * Comparisons: exact, and true where they hold for all elements. A single number is compared with
 * every element; otherwise shapes have to be the same, and tensors of different shapes are not
 * equal.
 */
final class Comparisons {
  private Comparisons() {}

  /** Whether a relation holds. */
  static Operand.Truth compare(Operand left, Relation relation, Operand right) {
    if (left instanceof Computed a && right instanceof Computed b) {
      return numbers(a, relation, b);
    }
    boolean holds = left.equals(right) == (relation == Relation.EQUAL);
    return new Operand.Truth(holds, shown(left) + " " + relation + " " + shown(right));
  }

  private static Operand.Truth numbers(Computed a, Relation relation, Computed b) {
    boolean wide = a.shape().rank() != 0 && b.shape().rank() != 0;
    if (wide && !a.shape().equals(b.shape())) {
      return new Operand.Truth(
          relation == Relation.NOT_EQUAL,
          "the shapes " + a.shape() + " and " + b.shape() + " differ");
    }
    if (relation == Relation.NOT_EQUAL) {
      Operand.Truth equal = numbers(a, Relation.EQUAL, b);
      return new Operand.Truth(!equal.holds(), shown(a) + " equals " + shown(b));
    }
    long count = Math.max(a.tensor().elementCount(), b.tensor().elementCount());
    count = a.tensor().elementCount() == 0 || b.tensor().elementCount() == 0 ? 0 : count;
    for (long i = 0; i < count; i++) {
      long atA = a.shape().rank() == 0 ? 0 : i;
      long atB = b.shape().rank() == 0 ? 0 : i;
      if (!holds(a.tensor(), atA, relation, b.tensor(), atB)) {
        return new Operand.Truth(
            false,
            element(a.tensor(), atA)
                + " against "
                + element(b.tensor(), atB)
                + (count > 1 ? " at element " + i : ""));
      }
    }
    return new Operand.Truth(true, "");
  }

  private static boolean holds(Tensor a, long atA, Relation relation, Tensor b, long atB) {
    boolean text = a.elementType() == ElementType.STRING;
    if (text || b.elementType() == ElementType.STRING) {
      return text
          && b.elementType() == ElementType.STRING
          && relation == Relation.EQUAL
          && a.strings().get((int) atA).equals(b.strings().get((int) atB));
    }
    return isFloat(a) || isFloat(b)
        ? relation.holds(a.doubleAt(atA), b.doubleAt(atB))
        : relation.holds(a.longAt(atA), b.longAt(atB));
  }

  private static boolean isFloat(Tensor tensor) {
    return tensor.elementType() == ElementType.DOUBLE;
  }

  private static String element(Tensor tensor, long at) {
    return switch (tensor.elementType()) {
      case STRING -> "\"" + tensor.strings().get((int) at) + "\"";
      case DOUBLE -> String.valueOf(tensor.doubleAt(at));
      default -> String.valueOf(tensor.longAt(at));
    };
  }

  private static String shown(Operand operand) {
    return switch (operand) {
      case Operand.Text text -> "\"" + text.value() + "\"";
      case Operand.Texts texts -> texts.values().toString();
      case Operand.Type type -> type.value().text();
      case Operand.Truth truth -> String.valueOf(truth.holds());
      case Computed computed ->
          computed.tensor().elementCount() == 1
              ? element(computed.tensor(), 0)
              : "a tensor of shape " + computed.shape();
    };
  }
}
