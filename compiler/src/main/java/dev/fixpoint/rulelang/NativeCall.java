package dev.fixpoint.rulelang;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments of one call of a {@link NativeFunction}, by position. */
public final class NativeCall {
  private final String name;
  private final List<@Nullable Operand> arguments;

  NativeCall(String name, List<@Nullable Operand> arguments) {
    this.name = name;
    this.arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }

  /** How many arguments are written. */
  public int count() {
    return arguments.size();
  }

  /** Whether an argument is there: it is written, and its value is not an omitted input. */
  public boolean has(int index) {
    return index < arguments.size() && arguments.get(index) != null;
  }

  /** A constant, or null where it is absent. */
  public @Nullable Computed find(int index) {
    Operand operand = index < arguments.size() ? arguments.get(index) : null;
    if (operand == null || operand instanceof Computed) {
      return (Computed) operand;
    }
    throw refuse("argument " + (index + 1) + " is no tensor");
  }

  /** A constant; refuses where it is absent. */
  public Computed tensor(int index) {
    Computed computed = find(index);
    if (computed == null) {
      throw refuse("argument " + (index + 1) + " is absent");
    }
    return computed;
  }

  /** An integer, such as an attribute. */
  public long integer(int index) {
    return tensor(index).asInteger();
  }

  /** A number, such as an attribute. */
  public double number(int index) {
    return tensor(index).asNumber();
  }

  /** A string. */
  public String text(int index) {
    if (has(index) && arguments.get(index) instanceof Operand.Text text) {
      return text.value();
    }
    throw refuse("argument " + (index + 1) + " is no string");
  }

  /** What to throw where the function has no value: the rule does not fire, for that reason. */
  public RuntimeException refuse(String reason) {
    return new Refusal(name + ": " + reason);
  }
}
