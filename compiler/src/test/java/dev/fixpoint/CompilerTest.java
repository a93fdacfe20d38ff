package dev.fixpoint;

import static dev.fixpoint.rewrite.Patterns.any;
import static dev.fixpoint.rewrite.Patterns.op;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CompilerTest {
  private static final Graph ABS =
      OnnxTextReader.read(
          "test",
          "<ir_version: 10, opset_import: [\"\" : 21]>"
              + " g (float[2] x) => (float[2] y) { y = Abs(x) }");

  private static RewriteRule turning(OpDefinition from, OpDefinition to) {
    return RewriteRule.named("turn-" + from.schema().id().name())
        .match(op(from).inputs(any()))
        .replaceWith(
            (match, build) ->
                build.define(match.root().output(), to, Attributes.NONE, match.root().input(0)))
        .within(ErrorContract.bitExact());
  }

  private static Compiler withRules(RewriteRule... rules) {
    return new Compiler(CompilerOptions.DEFAULT.withRules(new RuleSet(List.of(rules))));
  }

  @Test
  void rulesThatChaseEachOtherLeaveTheGraphInAFile() throws IOException {
    Compiler compiler =
        withRules(
            turning(StandardOps.ABS, StandardOps.NEG), turning(StandardOps.NEG, StandardOps.ABS));

    PassException failure = catchThrowableOfType(PassException.class, () -> compiler.optimize(ABS));

    Matcher file =
        Pattern.compile("the graph before the pass is in (.+)$").matcher(failure.getMessage());
    assertThat(failure).hasMessageContaining("keeps firing on what it made");
    assertThat(file.find()).isTrue();
    Path written = Path.of(file.group(1));
    assertThat(OnnxTextReader.read(written).nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("Abs");
    Files.delete(written);
  }

  @Test
  void rulesOfTheCallerApply() {
    Compiler compiler = withRules(turning(StandardOps.ABS, StandardOps.NEG));

    assertThat(compiler.optimize(ABS).graph().nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("Neg");
  }

  @Test
  void valuesThatDoNotFitTheModelLeaveNoFile() {
    Graph product =
        OnnxTextReader.read(
            "test",
            "<ir_version: 10, opset_import: [\"\" : 21]>"
                + " g (float[1, 1] x) => (float[1, 1] y) <float[1, 1] w = {2}> { y = MatMul(x, w) }");
    Tensor unfit = Tensor.filled(ElementType.FLOAT, Shape.of(1, 1), Double.NaN);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);

    assertThatThrownBy(() -> compiler.quantize(product, List.of(Map.of("x", unfit))))
        .isInstanceOf(PassException.class)
        .hasMessageNotContaining("the graph before the pass is in");
  }
}
