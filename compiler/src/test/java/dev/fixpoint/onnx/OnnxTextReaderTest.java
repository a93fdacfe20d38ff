package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxTextReaderTest {
  private static Graph read(String text) {
    return OnnxTextReader.read("case.onnxtxt", text);
  }

  private static Tensor constant(String type, String values) {
    Graph graph = read("g () => (" + type + " y) <" + type + " y = " + values + "> {}");
    return graph.initializers().values().iterator().next();
  }

  private static AttributeValue attribute(String operator, String attribute) {
    Node node =
        read("g (x) => (y) { y = " + operator + " <" + attribute + "> (x) }").nodes().get(0);
    return node.attributes().values().values().iterator().next();
  }

  @Test
  void aGraphAloneIsOfOpset21AndTheFirstVersionOfOtherDomains() {
    Graph graph = read("g (float[N] x) => (float[N] y) { t = com.microsoft.Gelu(x)  y = Relu(t) }");

    assertThat(graph.info().opsets()).isEqualTo(Map.of("", 21L, "com.microsoft", 1L));
    assertThat(graph.info().irVersion()).isEqualTo(10);
    assertThat(Printed.nodes(graph)).containsExactly("t = com.microsoft.Gelu(x)", "y = Relu(t)");
  }

  @Test
  void aHeaderSaysWhatTheModelIs() {
    Graph graph =
        read(
            """
            <ir_version: 8, opset_import: ["" : 17], producer_name: "p", producer_version: "1",
             domain: "d", model_version: 3, doc_string: "all of it",
             metadata_props: ["k" : "v", "fixpoint.doc" : "the graph", "fixpoint.doc:y" : "node"]>
            g (float[2] x) => (float[2] y) { [name] y = Relu(x) }
            """);

    assertThat(graph.info().producerName()).isEqualTo("p");
    assertThat(graph.info().producerVersion()).isEqualTo("1");
    assertThat(graph.info().domain()).isEqualTo("d");
    assertThat(graph.info().modelVersion()).isEqualTo(3);
    assertThat(graph.info().docString()).isEqualTo("all of it");
    assertThat(graph.info().metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(graph.info().graphDocString()).isEqualTo("the graph");
    assertThat(graph.nodes().getFirst().docString()).isEqualTo("node");
    assertThat(graph.nodes().getFirst().name()).isEqualTo("name");
  }

  @Test
  void oldOperatorsAreLiftedAndFunctionsInlined() {
    Graph graph =
        read(
            """
            <ir_version: 8, opset_import: ["" : 9, "local" : 1]>
            g (float[2] x) => (float[2] y) { t = Clip <min = 0.0, max = 6.0> (x)
              y = local.twice <by = 2.0> (t) }
            <domain: "local", opset_import: ["" : 13]>
            twice <by> (a) => (b) { c = Constant <value_float : float = @by> ()  b = Mul(a, c) }
            """);

    assertThat(Printed.nodes(graph)).hasSize(2);
    assertThat(Printed.nodes(graph).get(0)).startsWith("t = Clip(x, 0.0, 6.0)");
    assertThat(Printed.nodes(graph).get(1)).startsWith("y = Mul(t, ");
  }

  @Test
  void elementsOfEveryTypeHaveTheirBits() {
    assertThat(constant("float[4]", "{0.1, -0, nan, -inf}"))
        .isEqualTo(Tensor.ofFloats(Shape.of(4), 0.1f, -0f, Float.NaN, Float.NEGATIVE_INFINITY));
    assertThat(constant("double[2]", "{0.1, 1e300}"))
        .isEqualTo(Tensor.ofDoubles(ElementType.DOUBLE, Shape.of(2), 0.1, 1e300));
    assertThat(constant("int8[2]", "{-128, 127}"))
        .isEqualTo(Tensor.ofLongs(ElementType.INT8, Shape.of(2), -128, 127));
    assertThat(constant("uint64", "{18446744073709551615}"))
        .isEqualTo(Tensor.ofLongs(ElementType.UINT64, Shape.SCALAR, -1));
    assertThat(constant("bool[2]", "{0, 1}"))
        .isEqualTo(Tensor.ofLongs(ElementType.BOOL, Shape.of(2), 0, 1));
    assertThat(constant("int4[3]", "{-8, 0, 7}"))
        .isEqualTo(Tensor.ofLongs(ElementType.INT4, Shape.of(3), -8, 0, 7));
    assertThat(constant("uint2[5]", "{3, 0, 1, 2, 3}"))
        .isEqualTo(Tensor.ofLongs(ElementType.UINT2, Shape.of(5), 3, 0, 1, 2, 3));
    assertThat(constant("string[2]", "{\"a\", \"\"}"))
        .isEqualTo(Tensor.ofStrings(Shape.of(2), List.of("a", "")));
    assertThat(constant("float[0,7]", "{}")).isEqualTo(Tensor.ofFloats(Shape.of(0, 7)));
  }

  @Test
  void smallFloatsAreBitsAsIntegersAndNumbersWithAPoint() {
    assertThat(constant("float16[2]", "{15360, 64512}"))
        .isEqualTo(Tensor.ofDoubles(ElementType.FLOAT16, Shape.of(2), 1, Double.NEGATIVE_INFINITY));
    assertThat(constant("float16[2]", "{1.0, -inf}"))
        .isEqualTo(constant("float16[2]", "{15360, 64512}"));
    assertThat(constant("float8e4m3fn", "{56}")).isEqualTo(constant("float8e4m3fn", "{1.0}"));
    assertThat(constant("float4e2m1[2]", "{0.5, -6.0}"))
        .isEqualTo(Tensor.ofDoubles(ElementType.FLOAT4E2M1, Shape.of(2), 0.5, -6));
  }

  /** The tie of float16 above 1, and a bit more than a double can say. */
  @Test
  void smallFloatsAreRoundedOnce() {
    String tie = "1.00048828125";
    assertThat(constant("float16", "{" + tie + "}").doubleAt(0)).isEqualTo(1.0);
    assertThat(constant("float16", "{" + tie + "00000000000000000001}").doubleAt(0))
        .isEqualTo(1 + 0x1p-10);
    assertThat(constant("float16", "{-" + tie + "00000000000000000001}").doubleAt(0))
        .isEqualTo(-1 - 0x1p-10);
    assertThat(constant("float16", "{1.00146484374999999999999999}").doubleAt(0))
        .isEqualTo(1 + 0x1p-10);
  }

  @Test
  void anAttributeWithoutATypeTakesItsKindFromTheLiteral() {
    assertThat(attribute("x.Op", "a = 1")).isEqualTo(new AttributeValue.OfInt(1));
    assertThat(attribute("x.Op", "a = 1.0")).isEqualTo(new AttributeValue.OfFloat(1));
    assertThat(attribute("x.Op", "a = \"s\"")).isEqualTo(new AttributeValue.OfString("s"));
    assertThat(attribute("x.Op", "a = [1]")).isEqualTo(new AttributeValue.OfInts(List.of(1L)));
    assertThat(attribute("x.Op", "a = [1, 2.0]"))
        .isEqualTo(new AttributeValue.OfFloats(List.of(1f, 2f)));
    assertThat(attribute("x.Op", "a = [\"s\"]"))
        .isEqualTo(new AttributeValue.OfStrings(List.of("s")));
    assertThat(attribute("x.Op", "a = int64[1] {3}"))
        .isEqualTo(new AttributeValue.OfTensor(Tensor.vector(3)));
    assertThat(attribute("x.Op", "a : floats = []"))
        .isEqualTo(new AttributeValue.OfFloats(List.of()));
  }

  @Test
  void anIntegerIsAFloatWhereTheSchemaSaysSo() {
    assertThat(attribute("LeakyRelu", "alpha = 1")).isEqualTo(new AttributeValue.OfFloat(1));
    assertThat(attribute("LeakyRelu", "alpha : float = 1"))
        .isEqualTo(new AttributeValue.OfFloat(1));
    assertThat(attribute("Flatten", "axis = 1")).isEqualTo(new AttributeValue.OfInt(1));
  }

  @Test
  void anInitializerAmongTheInputsIsAConstant() {
    Graph graph = read("g (float[1] x, float[1] w = {2}) => (float[1] y) { y = Mul(x, w) }");

    assertThat(graph.inputs()).hasSize(1);
    assertThat(Printed.nodes(graph)).containsExactly("y = Mul(x, [2.0])");
  }

  @Test
  void externalDataIsBesideTheFile(@TempDir Path folder) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(4, 1.5f).putFloat(8, 2.5f);
    Files.write(folder.resolve("w.bin"), data.array());
    Path file = folder.resolve("m.onnxtxt");
    String text =
        "g () => (float[2] w) <float[2] w = [\"location\" : \"%s\", \"offset\" : \"4\"]> {}";
    Files.writeString(file, text.formatted("w.bin"));

    assertThat(OnnxTextReader.read(file).initializers())
        .containsValue(Tensor.ofFloats(Shape.of(2), 1.5f, 2.5f));
    assertThatThrownBy(() -> read(text.formatted("w.bin")))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("case.onnxtxt:1:36: initializer 'w'");
    Files.writeString(file, text.formatted("../w.bin"));
    assertThatThrownBy(() -> OnnxTextReader.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("outside the model's folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          g (x) => (y) { y = Relu(x }            | 1:27: found '}', expected ',' or ')'
          g (x) => (y) { y = Relu(z) }           | 1:16: Relu node that makes 'y': reads 'z'
          g (x) => (z) { y = Relu(x) }           | 1:1: output 'z' of graph 'g' is made by no node
          g (float[2] x, float[3] z) => () { y = Add(x, z) } | 1:36: Add node that makes 'y'
          g (seq(float) x) => () {}              | 1:4: found a graph input that is no tensor
          g (float[-1] x) => () {}               | 1:10: found -1, expected a size
          g () => (w) <float[2] w = {1}> {}      | 1:27: found 1 values, expected 2 for float[2]
          g () => (w) <float[N] w = {1}> {}      | 1:14: found values of type float[N]
          g () => (w) <float[] w = {1}> {}       | 1:14: found values of type float[]
          g () => (w) <int8 w = {128}> {}        | 1:24: found 128, expected an integer from -128
          g () => (w) <bool w = {2}> {}          | 1:24: found 2, expected an integer from 0 to 1
          g () => (w) <float16 w = {1e9}> {}     | 1:27: found 1e9, expected a number within float16
          g () => (w) <float16[2] w = {1.0, 2}> {} | 1:35: found the integer 2 between numbers
          g () => (w) <complex64 w = {1}> {}     | 1:28: values of type complex64
          g () => (w) <float w = {1}, float w = {1}> {} | 1:35: found the initializer 'w' twice
          g () => (w) <int64[4294967296,4294967296] w = {1}> {} | 1:14: the dimensions
          g () => () {} <a: 1> f () => () {}     | 1:16: found 'a', expected one of domain
          <a: 1> g () => () {}                   | 1:2: found 'a', expected one of ir_version
          <ir_version: "1"> g () => () {}        | 1:14: found another value for 'ir_version'
          <ir_version: 1, ir_version: 1> g () => () {} | 1:17: found 'ir_version' twice
          <opset_import: ["" : 99]> g () => () {} | 1:27: opset 99 of the standard operators
          g (x) => (y) { y = Relu <a : int = 0.5> (x) } | 1:36: found '0.5', expected an integer
          g (x) => (y) { y = Relu <a : whole = 1> (x) } | 1:30: found 'whole', expected a kind of
          g (x) => (y) { y = Relu <a : ints = 1> (x) } | 1:37: found a literal, expected ints
          g (x) => (y) { y = Relu <a = 1, a = 1> (x) } | 1:33: found the attribute 'a' twice
          g (x) => (y) { y = Relu <a = @b> (x) } | 1:16: Relu node that makes 'y': attribute 'a'
          """)
  void anErrorNamesItsPlace(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("case.onnxtxt:" + message);
  }
}
