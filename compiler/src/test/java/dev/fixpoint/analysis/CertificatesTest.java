package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ErrorBudgetException;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates in metadata, and the budget that they are held to. */
class CertificatesTest {
  private static final Map<String, Range> BOX = Map.of("x", Range.of(-1, 1));

  private static Graph network() {
    Random random = new Random(3);
    return RandomNetwork.draw(random, List.of(StandardOps.RELU), null);
  }

  private static List<Map<String, Tensor>> samples() {
    Random random = new Random(4);
    return List.of(
        Map.of("x", RandomNetwork.input(random)), Map.of("x", RandomNetwork.input(random)));
  }

  private static CompilerOptions options() {
    return CompilerOptions.DEFAULT.withInputRanges(BOX);
  }

  @Test
  void whatIsWrittenIsRead() {
    Graph graph = network();
    Certificates written =
        new Certificates(
            GraphHash.of(graph),
            BOX,
            Map.of(
                "y",
                new Certificate(
                    ErrorBound.perChannel(1, 0.5, 0.25), ErrorBound.unbounded("it overflows")),
                "z",
                new Certificate(ErrorBound.EXACT, ErrorBound.uniform(0.1))));

    Certificates read = Certificates.of(written.attachedTo(graph)).orElseThrow();

    assertThat(read.source()).isEqualTo(written.source());
    assertThat(read.box().get("x").hull()).isEqualTo(BOX.get("x").hull());
    assertThat(read.outputs().toString()).isEqualTo(written.outputs().toString());
  }

  @Test
  void theHashIsOfTheGraphAndNotOfItsFile(@TempDir Path folder) throws IOException {
    Graph graph = network();
    OnnxTextWriter.write(graph, folder.resolve("a.onnxtxt"));
    OnnxWriter.write(graph, folder.resolve("a.onnx"));
    Graph again = OnnxTextReader.read(folder.resolve("a.onnxtxt"));
    Graph other = RandomNetwork.draw(new Random(5), List.of(StandardOps.RELU), null);

    assertThat(GraphHash.of(again)).isEqualTo(GraphHash.of(graph));
    assertThat(GraphHash.of(OnnxReader.read(folder.resolve("a.onnx"))))
        .isEqualTo(GraphHash.of(graph));
    assertThat(GraphHash.of(other)).isNotEqualTo(GraphHash.of(graph));
    Map<String, String> more = new HashMap<>(Map.of("author", "somebody"));
    assertThat(GraphHash.of(graph.withInfo(graph.info().withMetadata(more))))
        .isEqualTo(GraphHash.of(graph));
  }

  @Test
  void whatIsNoCertificateIsRefused() {
    Graph graph = network();
    Map<String, String> metadata =
        Map.of("fixpoint.source", GraphHash.of(graph), "fixpoint.error.y", "channel one");

    assertThatThrownBy(() -> Certificates.of(graph.withInfo(graph.info().withMetadata(metadata))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("fixpoint.error.y");
  }

  @Test
  void aBudgetRefusesWithTheLargestContributions() {
    Compiler compiler = new Compiler(options().withErrorBudget(1e-9));

    assertThatThrownBy(() -> compiler.quantize(network(), samples()))
        .isInstanceOf(ErrorBudgetException.class)
        .hasMessageContaining("error budget is 1.00e-09")
        .hasMessageContaining("Largest contributions: ");
  }

  @Test
  void aBudgetThatIsKeptChangesNothing() {
    Graph graph = network();
    Compiler free = new Compiler(options());
    Certificate certificate =
        free.quantize(graph, samples()).errors().orElseThrow().outputs().values().iterator().next();
    Compiler kept = new Compiler(options().withErrorBudget(certificate.unclipped().max()));

    assertThat(GraphHash.of(kept.quantize(graph, samples()).graph()))
        .isEqualTo(GraphHash.of(free.quantize(graph, samples()).graph()));
  }
}
