package dev.fixpoint.rulelang;

import dev.fixpoint.tensor.ElementType;
import java.util.List;

/** What an expression of a rule is worth at a match. */
public sealed interface Operand
    permits Computed, Operand.Text, Operand.Texts, Operand.Type, Operand.Truth {
  /**
   * A string.
   *
   * @param value the characters
   */
  record Text(String value) implements Operand {}

  /**
   * A list of strings.
   *
   * @param values the strings
   */
  record Texts(List<String> values) implements Operand {
    /** Keeps an immutable copy. */
    public Texts {
      values = List.copyOf(values);
    }
  }

  /**
   * An element type.
   *
   * @param value the type
   */
  record Type(ElementType value) implements Operand {}

  /**
   * A truth value.
   *
   * @param holds whether it is true
   * @param reason why not, where it is false
   */
  record Truth(boolean holds, String reason) implements Operand {}
}
