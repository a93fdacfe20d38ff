package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.fixpoint.SharedData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxWriteOptions.Operators;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxWriterTest {
  private static final TensorType PIXELS = TensorType.of(ElementType.FLOAT, 1, 3, 8, 8);

  private static Graph fused() {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", PIXELS);
    Value w = graph.constant("w", Tensor.filled(ElementType.FLOAT, Shape.of(3, 3, 1, 1), 0.5));
    Attributes relu = Attributes.NONE.with(Activation.KIND, "Relu");
    Value y = graph.call("y", StandardOps.FUSED_CONV, relu, x, w, null, x);
    return graph.output(y).build();
  }

  @Test
  void operatorsOfOursAreSpelledOut() {
    Graph back = OnnxReader.read(OnnxWriter.toBytes(fused()));

    assertThat(Printed.nodes(back))
        .containsExactly(
            "y_product = Conv(x, " + spelledWeights() + ")",
            "y_sum = Add(y_product, x)",
            "y = Relu(y_sum)");
    assertThat(back.info().opsets()).containsOnlyKeys("");
  }

  private static String spelledWeights() {
    return "[" + String.join(" ", List.of("0.5 ".repeat(9).trim().split(" "))) + "]";
  }

  @Test
  void operatorsOfOursAreKeptWhenAsked() {
    OnnxWriteOptions kept = OnnxWriteOptions.DEFAULT.withOperators(Operators.KEPT);

    Graph back = OnnxReader.read(OnnxWriter.toBytes(fused(), kept));

    assertThat(back.nodes()).hasSize(1);
    assertThat(back.nodes().getFirst().opId()).isEqualTo(StandardOps.FUSED_CONV.id());
    assertThat(back.info().opsets()).containsEntry(OpId.FIXPOINT, 1L);
  }

  @Test
  void whatTheModelSaysBesidesComesBack() {
    ModelInfo info =
        new ModelInfo(
            10,
            Map.of("", 21L, "com.microsoft", 1L),
            "a tool",
            "1.2",
            "org.example",
            7,
            "about the model",
            "about the graph",
            Map.of("author", "me"));
    Graph graph = fused().withInfo(info);

    assertThat(OnnxReader.read(OnnxWriter.toBytes(graph)).info()).isEqualTo(info);
  }

  @Test
  void theOpsetIsAtLeastWhatTheOperatorsNeed() {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", PIXELS);
    Value y = graph.call("y", new OpaqueOp(OpId.of("Swish")), Attributes.NONE, x);
    Graph back = OnnxReader.read(OnnxWriter.toBytes(graph.output(y).build()));

    assertThat(back.opset("")).isEqualTo(24);
    assertThat(back.info().irVersion()).isEqualTo(12);
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.writeString(file, "as it was");
    GraphBuilder graph = new GraphBuilder("g");
    Attributes bound = Attributes.NONE.with(Attribute.ofGraph("body"), new BoundBody());
    Value y = graph.call("y", new OpaqueOp(OpId.of("Odd")), bound);
    Graph unwritable = graph.output(y).build();

    assertThatThrownBy(() -> OnnxWriter.write(unwritable, file))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a subgraph attribute is no graph but BoundBody; write the model before it is bound for"
                + " evaluation");

    assertThat(file).hasContent("as it was");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static final class BoundBody implements Body {
    @Override
    public List<TensorType> inputTypes() {
      return List.of();
    }

    @Override
    public List<TensorType> outputTypes() {
      return List.of();
    }

    @Override
    public List<Tensor> evaluate(List<Tensor> inputs) {
      return List.of();
    }
  }

  @Test
  void aFileIsReplacedWhole(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, new byte[1 << 20]);

    OnnxWriter.write(fused(), file);

    assertThat(Files.readAllBytes(file)).isEqualTo(OnnxWriter.toBytes(fused()));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aStringAttributeAndAnIntegerOneComeBack() {
    GraphBuilder graph = new GraphBuilder("g");
    Attributes attributes =
        Attributes.of(
            Map.of(
                "all",
                new AttributeValue.OfTypes(List.of(PIXELS, TensorType.of(ElementType.INT4, 2)))));
    Value y = graph.call("y", new OpaqueOp(new OpId("ours", "Odd")), attributes);
    Graph made =
        graph.output(y).info(ModelInfo.DEFAULT.withOpsets(Map.of("", 21L, "ours", 1L))).build();

    assertThat(GraphDifference.between(made, OnnxReader.read(OnnxWriter.toBytes(made)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "digits/digits_mlp.onnx, 1x1x28x28",
    "digits/digits_rescnn.onnx, 1x1x28x28",
    "digits/digits_mobile.onnx, 1x1x28x28",
    "digits/digits_vit.onnx, 1x1x28x28",
    "qat/ort_qdq.onnx, 1x1x28x28",
    "qat/torch_qat.onnx, 1x1x28x28",
    "face/version-RFB-320.onnx, 1x3x240x320",
    "zoo/squeezenet1_1.onnx, 1x3x224x224"
  })
  void onnxRuntimeComputesTheSameFromTheLiftedFile(String network, String shape)
      throws IOException, OrtException {
    byte[] original = Files.readAllBytes(SharedData.path(network));
    byte[] written = OnnxWriter.toBytes(OnnxReader.read(original));
    long[] sizes = Stream.of(shape.split("x")).mapToLong(Long::parseLong).toArray();
    int count = Math.toIntExact(Shape.of(sizes).elementCount());
    SplittableRandom random = new SplittableRandom(1);
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }

    assertThat(run(written, pixels, sizes)).isEqualTo(run(original, pixels, sizes));
  }

  @ParameterizedTest
  @CsvSource({
    "digits/digits_mlp.onnx, 1x1x28x28, 11",
    "digits/digits_rescnn.onnx, 1x1x28x28, 11",
    "digits/digits_mobile.onnx, 1x1x28x28, 14",
    "digits/digits_vit.onnx, 1x1x28x28, 17",
    "qat/ort_qdq.onnx, 1x1x28x28, 13",
    "face/version-RFB-320.onnx, 1x3x240x320, 13",
    "zoo/squeezenet1_1.onnx, 1x3x224x224, 11"
  })
  void onnxRuntimeComputesTheSameInAnOlderOpset(String network, String shape, int opset)
      throws IOException, OrtException {
    Graph graph = OnnxReader.read(SharedData.path(network));
    byte[] older = OnnxWriter.toBytes(graph, OnnxWriteOptions.DEFAULT.withOpset(opset));
    long[] sizes = Stream.of(shape.split("x")).mapToLong(Long::parseLong).toArray();
    float[] pixels = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 17 / 17f;
    }

    assertThat(ModelProto.parseFrom(older).getOpsetImport(0).getVersion()).isEqualTo(opset);
    assertThat(run(older, pixels, sizes)).isEqualTo(run(OnnxWriter.toBytes(graph), pixels, sizes));
  }

  private static String refusal(int opset, OpDefinition op, Attributes attributes) {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", PIXELS);
    Graph made = graph.output(graph.call("y", op, attributes, x)).build();
    try {
      OnnxWriter.toBytes(made, OnnxWriteOptions.DEFAULT.withOpset(opset));
      return "written";
    } catch (ModelException e) {
      return e.getMessage();
    }
  }

  @Test
  void whatAnOlderOpsetCannotSayIsRefused() {
    assertThat(refusal(13, StandardOps.HARD_SWISH, Attributes.NONE))
        .isEqualTo("HardSwish node 'y': cannot be said in opset 13; write opset 14 or newer");
    assertThat(refusal(12, StandardOps.SOFTMAX, Attributes.NONE))
        .isEqualTo("Softmax node 'y': cannot be said in opset 12; write opset 13 or newer");
    Attributes two =
        Attributes.NONE
            .with(Attribute.ofInts("kernel_shape"), List.of(2L, 2L))
            .with(Attribute.ofInts("dilations"), List.of(2L, 2L));
    assertThat(refusal(17, StandardOps.AVERAGE_POOL, two))
        .isEqualTo(
            "AveragePool node 'y': with attribute 'dilations' cannot be said in opset 17; write"
                + " opset 19 or newer");
    Attributes one = two.with(Attribute.ofInts("dilations"), List.of(1L, 1L));
    assertThat(refusal(17, StandardOps.AVERAGE_POOL, one)).isEqualTo("written");
    assertThat(refusal(6, StandardOps.RELU, Attributes.NONE))
        .isEqualTo("opset 6 is not known; choose one from 7 to 28");
  }

  @Test
  void axesBecomeAttributesInAnOlderOpset() throws IOException {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", PIXELS);
    Value axes = graph.constant("axes", Tensor.vector(2, 3));
    Value y = graph.call("y", StandardOps.REDUCE_MEAN, Attributes.NONE, x, axes);
    Graph made = graph.output(y).build();

    NodeProto older = only(OnnxWriter.toBytes(made, OnnxWriteOptions.DEFAULT.withOpset(17)));
    NodeProto newer = only(OnnxWriter.toBytes(made, OnnxWriteOptions.DEFAULT.withOpset(18)));

    assertThat(older.getAttribute(0).getIntsList()).containsExactly(2L, 3L);
    assertThat(older.getInputList()).containsExactly("x");
    assertThat(newer.getInputList()).containsExactly("x", "axes");
  }

  private static NodeProto only(byte[] model) throws IOException {
    return ModelProto.parseFrom(model).getGraph().getNode(0);
  }

  private static List<FloatBuffer> run(byte[] model, float[] pixels, long[] sizes)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor input =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), sizes)) {
        String name = session.getInputNames().iterator().next();
        try (OrtSession.Result result = session.run(Map.of(name, input))) {
          return Stream.iterate(0, i -> i < result.size(), i -> i + 1)
              .map(i -> ((OnnxTensor) result.get(i)).getFloatBuffer())
              .toList();
        }
      }
    }
  }
}
