package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.RuleTester;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CustomRuleFileTest {
  static List<RewriteRule> rules() {
    return new CustomRuleFile().rules().rules();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleKeepsItsPromiseOnGeneratedGraphs(RewriteRule rule) {
    RuleTester.of(rule).check();
  }

  @Test
  void rulesApplyWithTheStandardOnes() {
    var model =
        OnnxTextReader.read(
            "model",
            """
            <ir_version: 10, opset_import: ["" : 21]>
            g (float[N, 8] x) => (float[N, 8] z) < float a = {1.702} >
            {
              s = Sigmoid(x)
              y = Mul(s, x)
              m = Mul(a, y)
              t = Sigmoid(m)
              z = Mul(y, t)
            }
            """);
    CompilerOptions options = CompilerOptions.DEFAULT.withRules(new CustomRuleFile().rules());

    CompiledModel optimized = new Compiler(options).optimize(model);

    assertThat(optimized.graph().nodes())
        .extracting(Node::opId)
        .extracting(Object::toString)
        .containsExactly("Swish", "Swish");
  }
}
