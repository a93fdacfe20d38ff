package dev.fixpoint.rulelang;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.TypeConditions;
import org.jspecify.annotations.Nullable;

/**
 * The condition of the library that a comparison of a rank or an element type says in other words.
 */
final class ValueHooks {
  private ValueHooks() {}

  /** A condition that holds in the same places, with hooks, or null. */
  static @Nullable Condition like(Expression expression) {
    if (!(expression instanceof Expression.Compared compared)
        || !(compared.left() instanceof Expression.AboutValue about)
        || !(compared.right() instanceof Expression.Fixed fixed)
        || about.name().value() == null) {
      return null;
    }
    Capture<Value> value = about.name().value();
    return switch (about.function()) {
      case RANK -> rank(value, compared.relation(), fixed.value());
      case TYPE ->
          fixed.value() instanceof Operand.Type type && compared.relation() == Relation.EQUAL
              ? TypeConditions.elementType(value, type.value())
              : null;
      case SHAPE, SIZE, ELEMENTS, READERS, PRESENT, READ_ELSEWHERE -> null;
    };
  }

  private static @Nullable Condition rank(Capture<Value> value, Relation relation, Operand wanted) {
    if (!(wanted instanceof Computed number) || number.isFloat() || number.shape().rank() != 0) {
      return null;
    }
    long rank = number.asInteger();
    if (rank < 0 || rank > 64) {
      return null;
    }
    int n = (int) rank;
    return switch (relation) {
      case EQUAL -> TypeConditions.rank(value, n);
      case GREATER_OR_EQUAL -> TypeConditions.rankAtLeast(value, n);
      case GREATER -> TypeConditions.rankAtLeast(value, n + 1);
      case LESS_OR_EQUAL -> TypeConditions.rankAtMost(value, n);
      case LESS -> n == 0 ? null : TypeConditions.rankAtMost(value, n - 1);
      case NOT_EQUAL -> null;
    };
  }
}
