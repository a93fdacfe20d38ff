package dev.fixpoint.rulelang;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.RuleLanguageParser.ArgumentContext;
import dev.fixpoint.grammar.RuleLanguageParser.ContractContext;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RewriteSite;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the clause {@code within} of a rule into an error contract. */
final class ContractReader {
  private static final List<String> CONTRACTS =
      List.of("bit_exact", "real_identity", "quantization", "lsb", "formula", "approximation");

  private final Names names;
  private final RuleVocabulary vocabulary;
  private final RewriteRule unbounded;
  private final RewriteRule withoutConditions;

  /**
   * A reader of contracts.
   *
   * @param unbounded the rule with any contract, to find again what its names stand for
   */
  ContractReader(Names names, RuleVocabulary vocabulary, RewriteRule unbounded) {
    this.names = names;
    this.vocabulary = vocabulary;
    this.unbounded = unbounded;
    this.withoutConditions =
        RewriteRule.named(unbounded.name())
            .match(unbounded.pattern())
            .replaceWith(unbounded.replacement())
            .within(unbounded.contract());
  }

  ErrorContract read(ContractContext written) {
    String name = written.id().getText();
    return switch (name) {
      case "bit_exact" -> plain(written, ErrorContract.bitExact());
      case "real_identity" -> plain(written, ErrorContract.realIdentity());
      case "quantization" -> plain(written, ErrorContract.quantization());
      case "lsb" -> steps(written);
      case "formula" -> {
        Expression bound = formula(written);
        yield ErrorContract.custom(TokenText.of(written), site -> bound(bound, site));
      }
      case "approximation" -> {
        Expression bound = formula(written);
        yield ErrorContract.custom(
            TokenText.of(written),
            site -> ErrorContract.realIdentity().bound(site).plus(bound(bound, site)));
      }
      default -> throw Errors.unknown(SourceRange.of(written.id()), "a contract", name, CONTRACTS);
    };
  }

  private static ErrorContract plain(ContractContext written, ErrorContract contract) {
    if (written.arguments() != null) {
      throw Errors.at(
          written.arguments(),
          "found arguments, expected none: write '" + written.id().getText() + "'");
    }
    return contract;
  }

  private static ArgumentContext argument(ContractContext written, String expected) {
    if (written.arguments() == null
        || written.arguments().argument().size() != 1
        || written.arguments().argument(0).expression() == null) {
      throw Errors.at(
          written,
          "found "
              + Errors.shown(TokenText.of(written))
              + ", expected one argument: "
              + written.id().getText()
              + "("
              + expected
              + ")");
    }
    return written.arguments().argument(0);
  }

  private static ErrorContract steps(ContractContext written) {
    ArgumentContext argument = argument(written, "k");
    Literal literal = PlainOperands.literal(argument, "an integer");
    long steps = literal.longValue();
    if (steps < 1 || steps > Integer.MAX_VALUE) {
      throw Errors.at(argument, "found " + steps + " integer steps, expected 1 or more");
    }
    return ErrorContract.lsb((int) steps);
  }

  private Expression formula(ContractContext written) {
    ArgumentContext argument = argument(written, "bound");
    ExpressionReader reader = new ExpressionReader(names, vocabulary, true);
    return reader.read(Objects.requireNonNull(argument.expression()), Kind.NUMBERS);
  }

  /** What the rule matched; also where one of its conditions is left out to see what it is for. */
  private @Nullable Match match(RewriteSite site) {
    Node root = site.nodes().getFirst();
    if (unbounded.matchAt(site.graph(), root) instanceof Match match) {
      return match;
    }
    return withoutConditions.matchAt(site.graph(), root) instanceof Match match ? match : null;
  }

  private ErrorBound bound(Expression formula, RewriteSite site) {
    Match match = match(site);
    if (match == null) {
      return ErrorBound.unbounded("the rule does not match where its contract is asked for");
    }
    try {
      Computed computed = new Evaluation(match, site.ranges()).numbers(formula);
      double[] errors = computed.errorValues();
      double largest = 0;
      double[] values = computed.values();
      for (int i = 0; i < values.length; i++) {
        largest = Math.max(largest, Math.nextUp(values[i] + errors[i]));
      }
      return largest <= Double.MAX_VALUE
          ? ErrorBound.uniform(largest)
          : ErrorBound.unbounded("the formula is not finite for these ranges");
    } catch (Refusal refusal) {
      return ErrorBound.unbounded(refusal.reason());
    }
  }
}
