package dev.fixpoint.rulelang;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.rewrite.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule computes or asks, checked, and worth something at each match. */
sealed interface Expression {
  /** A number, string, type or tensor that stands in the rule. */
  record Fixed(Operand value) implements Expression {}

  /** A constant of the graph. */
  record Constant(Name name) implements Expression {}

  /** A result that {@code let} has named. */
  record Bound(Names.Let let, int index) implements Expression {}

  /** An attribute of a matched node, or its default. */
  record AttributeOf(Name name, Attribute<?> key) implements Expression {}

  /** Single numbers or strings side by side. */
  record ListOf(List<Expression> elements, Kind kind) implements Expression {
    /** Keeps an immutable copy. */
    public ListOf {
      elements = List.copyOf(elements);
    }
  }

  /** A call of an ONNX operator; an omitted input is null. */
  record Call(OpDefinition op, List<AttributeValueOf> attributes, List<@Nullable Expression> inputs)
      implements Expression {}

  /**
   * An attribute of a call or of a new node.
   *
   * @param key which one
   * @param value what it is worth
   */
  record AttributeValueOf(Attribute<?> key, Expression value) {}

  /** A call of a native function; an omitted argument is null. */
  record Native(String name, NativeFunction function, List<@Nullable Expression> arguments)
      implements Expression {}

  /** A question about the type or the uses of a value. */
  record AboutValue(ValueFunction function, Name name, List<Expression> more)
      implements Expression {}

  /** A condition of the library. */
  record Holds(Condition condition) implements Expression {}

  /** An arithmetic operator between neighbours, from left to right. */
  record Chain(List<Expression> operands, List<OpDefinition> operators) implements Expression {
    /** Keeps immutable copies. */
    public Chain {
      operands = List.copyOf(operands);
      operators = List.copyOf(operators);
    }
  }

  /** The negative of numbers. */
  record Minus(Expression operand) implements Expression {}

  /** Whether a relation holds between all elements. */
  record Compared(Expression left, Relation relation, Expression right) implements Expression {}

  /** Whether a condition does not hold. */
  record Not(Expression operand) implements Expression {}

  /** Whether all conditions hold. */
  record All(List<Expression> operands) implements Expression {
    /** Keeps an immutable copy. */
    public All {
      operands = List.copyOf(operands);
    }
  }

  /** Whether one condition holds at least. */
  record Any(List<Expression> operands) implements Expression {
    /** Keeps an immutable copy. */
    public Any {
      operands = List.copyOf(operands);
    }
  }

  /** The range of a value of the graph, in a contract. */
  record RangeOf(RangeFunction function, Name name) implements Expression {}
}
