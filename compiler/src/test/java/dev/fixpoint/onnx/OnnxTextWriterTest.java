package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.OnnxWriteOptions.Operators;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTextWriterTest {
  private static final String WITH_EVERYTHING =
      """
      <
        ir_version: 10,
        opset_import: ["" : 21, "com.example-2" : 1],
        producer_name: "a \\"b\\"",
        metadata_props: [
          "k" : "v",
          "fixpoint.doc:y" : "what it does",
          "fixpoint.doc:y | then_branch" : "the first branch",
          "fixpoint.doc:y | then_branch | a" : "inner"]
      >
      "my graph" (float[N,"a b",?] x, bool "float", float[] any, untyped) =>\
       (float[N,"a b",?] y, o) <
        float[4] "w.1" = {0.1, -0.0, -nan, 1.0E10},
        string s = {"\\\\"},
        float[N,"a b",?] t
      > {
        ["node/1"] t = Relu (x)
        y = If <else_branch: graph = e () => (float[N,"a b",?] b) {
            b = Neg (t)
          }, then_branch: graph = th () => (float[N,"a b",?] a) {
            a = Abs (t)
          }> ("float")
        o = com."example-2".Op <i: int = 1, f: float = nan, s: string = "x", n: floats = [],\
       t: tensor = int64[2] {1, 2}, ty: type_proto = float[N], b: tensors = [float {1.0}]> (any, ,\
       untyped, "w.1", s)
      }
      """;

  private static Graph withConstant(Tensor tensor) {
    GraphBuilder builder = new GraphBuilder("g");
    return builder.output(builder.constant("w", tensor)).build();
  }

  @Test
  void everythingIsWrittenAsItIsRead() {
    Graph graph = OnnxTextReader.read("text", WITH_EVERYTHING);

    assertThat(OnnxTextWriter.toText(graph)).isEqualTo(WITH_EVERYTHING);
    assertThat(graph.nodes().get(1).docString()).isEqualTo("what it does");
    assertThat(graph.info().metadata()).containsOnlyKeys("k");
  }

  @Test
  void briefIsTheGraphAlone() {
    Graph graph =
        OnnxTextReader.read(
            "text", "g (float[2] x) => (float[2] y) { t = Neg(x) u = Neg(t) y = Neg(u) }");

    assertThat(OnnxTextWriter.toText(graph, OnnxTextOptions.BRIEF))
        .isEqualTo(
            """
            g (float[2] x) => (float[2] y) {
              t = Neg (x)
              u = Neg (t)
              y = Neg (u)
            }
            """);
  }

  @Test
  void ourOperatorsAreKeptOrSpelledOut() {
    String text =
        "g (float[1,1,4,4] x) => (y) <float[1,1,1,1] w = {2}> { y = dev.fixpoint.FusedConv"
            + " <activation = \"Relu\"> (x, w) }";
    Graph graph = OnnxTextReader.read("text", text);

    String kept = OnnxTextWriter.toText(graph);
    String expanded =
        OnnxTextWriter.toText(graph, OnnxTextOptions.DEFAULT.withOperators(Operators.EXPANDED));

    assertThat(kept).contains("dev.fixpoint.FusedConv");
    assertThat(GraphDifference.between(graph, OnnxTextReader.read("kept", kept))).isEmpty();
    assertThat(expanded).contains("= Conv").contains("= Relu").doesNotContain("dev.fixpoint");
    assertThat(OnnxTextReader.read("expanded", expanded).nodes()).hasSize(2);
  }

  @Test
  void whatTextCannotSayIsRefused() {
    Graph complex = withConstant(Tensor.ofBits(ElementType.COMPLEX64, Shape.SCALAR, 0));
    assertThatThrownBy(() -> OnnxTextWriter.toText(complex))
        .isInstanceOf(ModelException.class)
        .hasMessage("initializer 'w' has elements of type complex64, which text cannot say");
    Graph payload = withConstant(Tensor.ofBits(ElementType.FLOAT, Shape.SCALAR, 0x7fc0_0001));
    assertThatThrownBy(() -> OnnxTextWriter.toText(payload))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("initializer 'w' has a NaN with a payload at element 0");
  }

  @Test
  void aFileThatCannotBeWrittenIsAsItWas(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.onnxtxt");
    Files.writeString(file, "before");
    Graph payload = withConstant(Tensor.ofBits(ElementType.FLOAT, Shape.SCALAR, 0x7fc0_0001));

    assertThatThrownBy(() -> OnnxTextWriter.write(payload, file))
        .isInstanceOf(ModelException.class);

    assertThat(file).hasContent("before");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void documentationThatIsAPropertyAlreadyIsRefused() {
    Graph graph = OnnxTextReader.read("text", WITH_EVERYTHING);
    var info = graph.info().withMetadata(Map.of("fixpoint.doc:y", "another"));

    assertThatThrownBy(() -> OnnxTextWriter.toText(graph.withInfo(info)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'fixpoint.doc:y'");
  }
}
