package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.cli.report.GraphPicture;
import dev.fixpoint.examples.Digits;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.runtime.RuntimeEvaluator;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Pictures of graphs, those of the documentation among them. */
class PicturesTest {
  private static final Path DOCUMENTED = Path.of("../docs/img/rewriting.svg");
  private static final String NETWORK = "rescnn";

  @TempDir Path folder;

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  /** {@code -Dfixpoint.write=true} writes the picture instead. */
  @Test
  void theDocumentsShowWhatTheCompilerMakesOfANetwork() throws IOException {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph source = OnnxReader.read(Digits.model(NETWORK));
    Graph quantized = compiler.quantize(source, Digits.calibration().batches(64)).graph();
    Map<String, Graph> stages = new LinkedHashMap<>();
    stages.put("as exported", source);
    stages.put("fused, with fake quantizers", quantized);
    stages.put("lowered: on integers", compiler.lower(quantized).graph());
    String picture = GraphPicture.of(stages);
    if (Boolean.getBoolean("fixpoint.write")) {
      Files.writeString(DOCUMENTED, picture);
    }

    assertThat(Files.readString(DOCUMENTED)).isEqualTo(picture);
  }

  @Test
  void everyNodeThatMovesDataIsDrawn() throws Exception {
    Path model = folder.resolve("mlp.onnx");
    Graph graph = OnnxReader.read(Digits.model("mlp"));
    OnnxWriter.write(graph, model);
    Path file = folder.resolve("mlp.svg");

    CommandRun run = CommandRun.of("inspect", model, "--picture", file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    Document svg = parsed(Files.readString(file));
    assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(graph.nodes().size());
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("mlp.onnx")
        .contains(graph.nodes().stream().map(Node::opId).map(id -> id.name()).toList());
  }
}
