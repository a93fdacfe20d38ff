package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that contain quantized operators get graphs, of which nothing is said but the rule. */
class QuantizedGraphsTest {
  private static final int GRAPHS = 60;
  private static final Capture<Node> CALL = Capture.ofNode("call");
  private static final Capture<Value> X = Capture.ofValue("x");

  static Stream<OpDefinition> operators() {
    return Stream.of(
        QuantOps.Q_CONV,
        QuantOps.Q_GEMM,
        QuantOps.Q_MAT_MUL,
        QuantOps.DYNAMIC_Q_MAT_MUL,
        QuantOps.Q_ADD,
        QuantOps.Q_MUL,
        QuantOps.Q_AVERAGE_POOL,
        QuantOps.Q_GLOBAL_AVERAGE_POOL,
        QuantOps.Q_TABLE,
        QuantOps.Q_CONCAT,
        QuantOps.REQUANTIZE,
        QuantOps.QUANT_STUB,
        QuantOps.DEQUANT_STUB,
        QuantOps.FAKE_QUANT,
        QuantOps.Q_LINEAR_CONV,
        QuantOps.Q_LINEAR_MAT_MUL);
  }

  /** {@code Identity(Op(...)) = Op(...)}. */
  private static RewriteRule identityBehind(OpDefinition op) {
    return RewriteRule.named("remove-identity-behind-operator")
        .match(Patterns.op(StandardOps.IDENTITY).input(0, Patterns.op(op).capture(CALL)))
        .replaceWith(
            (match, build) -> {
              Node call = match.get(CALL);
              build.node(call.op(), call.attributes(), call.inputs(), match.root().outputs());
            })
        .within(ErrorContract.bitExact());
  }

  /** {@code Op(Identity(x), ...) = Op(x, ...)}: the operator fits to what was drawn before it. */
  private static RewriteRule identityBefore(OpDefinition op, int input) {
    return RewriteRule.named("remove-identity-before-operator")
        .match(
            Patterns.op(op)
                .capture(CALL)
                .input(input, Patterns.op(StandardOps.IDENTITY).input(0, Patterns.any(X))))
        .replaceWith(
            (match, build) -> {
              Node call = match.get(CALL);
              List<@Nullable Value> inputs = new ArrayList<>(call.inputs());
              inputs.set(input, match.get(X));
              build.node(call.op(), call.attributes(), inputs, call.outputs());
            })
        .within(ErrorContract.bitExact());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void aRuleBehindAQuantizedOperatorIsTried(OpDefinition op) {
    RuleReport report = RuleTester.of(identityBehind(op)).report(GRAPHS).requireFlawless();

    assertThat(report.graphs()).isEqualTo(GRAPHS);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void aRuleBeforeAQuantizedOperatorIsTried(OpDefinition op) {
    int data = op == QuantOps.Q_CONCAT ? 2 : 0;
    RuleReport report = RuleTester.of(identityBefore(op, data)).report(GRAPHS).requireFlawless();

    assertThat(report.graphs()).isEqualTo(GRAPHS);
  }
}
