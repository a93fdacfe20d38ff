package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
  private static final TensorType TYPE = TensorType.of(ElementType.FLOAT, 1, 1, 4, 4);
  private static final Tensor INPUT =
      Tensor.ofFloats(TYPE.shape(), 1, -2, 3, -4, 5, -6, 7, -8, -1, -2, -3, -4, -5, -6, -7, -8);

  private static Graph run(Graph graph, Pass pass) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());
    return new PassManager(Pipeline.builder().then(pass).build(), List.of()).run(graph, context);
  }

  private static Map<String, Tensor> outputs(Graph graph) {
    Evaluator.Evaluation evaluation = new ReferenceInterpreter().prepare(graph);
    return evaluation.evaluate(Map.of("x", INPUT));
  }

  private static Graph withNeutral(OpDefinition op, float neutral) {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value one = builder.constant("c", Tensor.ofFloats(Shape.SCALAR, neutral));
    Value same = builder.call("same", op, Attributes.NONE, one, x);
    return builder.output(builder.call("y", StandardOps.RELU, Attributes.NONE, same)).build();
  }

  @Test
  void passInJavaRemovesFactorsOfOne() {
    Graph graph = withNeutral(StandardOps.MUL, 1);

    Graph after = run(graph, new CustomPass());

    assertThat(after.nodes()).hasSize(1);
    assertThat(outputs(after)).isEqualTo(outputs(graph));
  }

  @Test
  void passInJavaKeepsOtherFactors() {
    Graph graph = withNeutral(StandardOps.MUL, 2);

    assertThat(run(graph, new CustomPass())).isSameAs(graph);
  }

  @Test
  void passInKotlinRemovesAddedZeros() {
    Graph graph = withNeutral(StandardOps.ADD, 0);

    Graph after = run(graph, new DropZeroAdds());

    assertThat(after.nodes()).hasSize(1);
    assertThat(outputs(after)).isEqualTo(outputs(graph));
  }

  @Test
  void passInKotlinKeepsOtherTerms() {
    Graph graph = withNeutral(StandardOps.ADD, 1);

    assertThat(run(graph, new DropZeroAdds())).isSameAs(graph);
  }

  @Test
  void ruleMovesReluBehindThePool() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value relu = builder.call("r", StandardOps.RELU, Attributes.NONE, x);
    Attributes window =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(2L, 2L))
            .with(WindowGeometry.STRIDES, List.of(2L, 2L));
    Graph graph = builder.output(builder.call("y", StandardOps.MAX_POOL, window, relu)).build();

    Graph after = run(graph, new RewritePass("custom", RuleSet.of(CustomRule.RULE)));

    assertThat(after.nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("MaxPool", "Relu");
    assertThat(outputs(after)).isEqualTo(outputs(graph));
  }

  @Test
  void fileIsQuantizedInTenLines(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("mlp.onnx"), Digits.model("mlp"));
    Path target = folder.resolve("mlp.qdq.onnx");
    Map<String, Tensor> inputs = Digits.test().batches(500).getFirst();

    Map<String, Tensor> outputs =
        QuantizeModel.run(file, target, Digits.calibration().batches(64), inputs);

    assertThat(outputs).isEqualTo(QuantizeModel.run("mlp"));
    assertThat(Files.size(target)).isLessThan(Files.size(file) / 3);
  }

  @Test
  void networkIsQuantizedInTenLines() {
    Tensor logits = QuantizeModel.run("mlp").get(Digits.OUTPUT);

    assertThat(Logits.accuracy(logits, Digits.test().labels())).isGreaterThanOrEqualTo(0.958);
  }
}
