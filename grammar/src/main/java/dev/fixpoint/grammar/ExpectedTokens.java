package dev.fixpoint.grammar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.jspecify.annotations.Nullable;

/**
 * What could have stood at a place, found by a walk over the parser's automaton (ATN) from the last
 * token that fitted. The walk does not go into rules that have a name for users, such as "a type".
 */
final class ExpectedTokens {

  private static final int SHOWN = 10;

  private final ATN atn;
  private final TokenNames names;
  private final Set<Integer> types = new LinkedHashSet<>();
  private final Set<String> rules = new LinkedHashSet<>();
  private final Set<Place> seen = new HashSet<>();

  /** A state of the automaton, and where it goes on when its rule ends. */
  private record Place(ATNState state, @Nullable Place caller) {}

  ExpectedTokens(Parser parser, TokenNames names) {
    this.atn = parser.getATN();
    this.names = names;
  }

  /** Adds what fits at a state of a rule that was called as its context says. */
  void addAfter(ATNState state, @Nullable RuleContext context) {
    walk(new Place(state, callerOf(context)));
  }

  /** Adds what the parser was still hoping for when it found no way through a longer lookahead. */
  void addDeadEnds(NoViableAltException failure) {
    for (var config : failure.getDeadEndConfigs()) {
      if (config.state instanceof RuleStopState) {
        walk(new Place(config.state, callerOf(failure.getCtx())));
      } else {
        for (Transition transition : config.state.getTransitions()) {
          addTypes(transition);
        }
      }
    }
  }

  private @Nullable Place callerOf(@Nullable RuleContext context) {
    if (context == null || context.invokingState < 0) {
      return null;
    }
    var call = (RuleTransition) atn.states.get(context.invokingState).transition(0);
    return new Place(call.followState, callerOf(context.parent));
  }

  private void walk(Place place) {
    if (!seen.add(place)) {
      return;
    }
    if (place.state instanceof RuleStopState) {
      if (place.caller != null) {
        walk(place.caller);
      }
      return;
    }
    for (Transition transition : place.state.getTransitions()) {
      if (transition instanceof RuleTransition call) {
        String name = names.rules().get(call.target.ruleIndex);
        if (name == null) {
          walk(new Place(call.target, new Place(call.followState, place.caller)));
        } else {
          rules.add(name);
        }
      } else if (transition.isEpsilon()) {
        walk(new Place(transition.target, place.caller));
      } else {
        addTypes(transition);
      }
    }
  }

  private void addTypes(Transition transition) {
    if (transition.label() != null) {
      types.addAll(transition.label().toList());
    }
  }

  /** The expectation in words, such as {@code a name, ',' or '>'}; empty if nothing fits. */
  String inWords() {
    var words = new LinkedHashSet<>(rules);
    words.addAll(names.of(types));
    var list = new ArrayList<>(words);
    int more = list.size() - SHOWN;
    if (more > 1) {
      list.subList(SHOWN, list.size()).clear();
      list.add(more + " others");
    }
    return switch (list.size()) {
      case 0 -> "";
      case 1 -> list.getFirst();
      default -> String.join(", ", list.subList(0, list.size() - 1)) + " or " + list.getLast();
    };
  }
}
