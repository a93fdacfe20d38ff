package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.SourceRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** The names of one rule: those of its pattern and those that {@code let} binds. */
final class Names {
  /** The name of values that do not matter. */
  static final String ANYTHING = "_";

  private final Map<String, Name> pattern = new LinkedHashMap<>();
  private final Map<String, Let> lets = new LinkedHashMap<>();

  /**
   * Results of an expression that have names.
   *
   * @param range where the binding stands
   * @param targets names of the results
   * @param expression what they are worth
   * @param kind kind of each result
   * @param used whether something needs one of them, by position
   */
  record Let(
      SourceRange range, List<String> targets, Expression expression, Kind kind, boolean[] used) {}

  /** Adds a name of the pattern. */
  void add(Name name) {
    pattern.put(name.text(), name);
  }

  /** Adds the names of a binding. */
  void add(Let let, List<SourceRange> places) {
    for (int i = 0; i < let.targets.size(); i++) {
      String target = let.targets.get(i);
      if (target.equals(ANYTHING)) {
        continue;
      }
      if (pattern.containsKey(target) || lets.putIfAbsent(target, let) != null) {
        throw Errors.at(
            places.get(i), "found '" + target + "' again, expected a name that is not taken");
      }
    }
  }

  /** A name of the pattern, or null. */
  @Nullable Name pattern(String text) {
    return pattern.get(text);
  }

  /** The binding of a name, or null. */
  @Nullable Let let(String text) {
    return lets.get(text);
  }

  /** A name of the pattern that something needs; an error where there is none. */
  Name use(ParserRuleContext place) {
    Name name = pattern.get(place.getText());
    if (name == null) {
      throw unknown(place);
    }
    name.use();
    return name;
  }

  /** Notes that something needs a bound name. */
  static void use(Let let, String text) {
    let.used[let.targets.indexOf(text)] = true;
  }

  /** The error for a name that does not exist. */
  RuntimeException unknown(ParserRuleContext place) {
    List<String> all = new ArrayList<>(pattern.keySet());
    all.addAll(lets.keySet());
    return Errors.unknown(SourceRange.of(place), "a name of this rule", place.getText(), all);
  }

  /** Refuses names that nothing needs. */
  void requireUsed() {
    for (Name name : pattern.values()) {
      if (!name.isUsed()) {
        throw Errors.at(
            name.range(),
            "found " + Errors.shown(name.text()) + ", which nothing reads, expected '_'");
      }
    }
    for (Let let : lets.values()) {
      for (int i = 0; i < let.targets.size(); i++) {
        if (!let.used[i] && !let.targets.get(i).equals(ANYTHING)) {
          throw Errors.at(
              let.range,
              "found "
                  + Errors.shown(let.targets.get(i))
                  + ", which nothing reads, expected only what is needed");
        }
      }
    }
  }
}
