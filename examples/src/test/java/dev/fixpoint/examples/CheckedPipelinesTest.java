package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.runtime.RuntimeEvaluator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rewrite from the float model to integers keeps its bound on random inputs. */
class CheckedPipelinesTest {
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void everyRewriteKeepsItsPromise(String network) {
    DifferentialCheck check = new DifferentialCheck(5, 1);
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT
                .withEvaluator(new RuntimeEvaluator())
                .withInputRanges(Map.of(Digits.INPUT, Range.of(0, 1)))
                .withObservers(List.of(check)));
    Graph model = OnnxReader.read(Digits.model(network));

    Graph quantized = compiler.quantize(model, Digits.calibration().batches(64)).graph();
    compiler.lower(quantized);

    assertThat(check.checked()).hasSizeGreaterThan(10);
    assertThat(check.unchecked()).isEmpty();
  }
}
