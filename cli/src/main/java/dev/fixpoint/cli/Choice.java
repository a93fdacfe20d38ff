package dev.fixpoint.cli;

import java.util.Map;

/** Values of options that are names of something. */
final class Choice {
  private Choice() {}

  /** What a value names; refuses one that names nothing, with all that would. */
  static <T> T of(String option, String value, Map<String, T> known) {
    T found = known.get(value);
    if (found == null) {
      throw new CommandException(
          option
              + " "
              + value
              + ": this is not available; give "
              + String.join(" or ", known.keySet().stream().sorted().toList()));
    }
    return found;
  }
}
