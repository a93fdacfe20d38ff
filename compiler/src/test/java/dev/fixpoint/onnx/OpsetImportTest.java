package dev.fixpoint.onnx;

import static dev.fixpoint.onnx.Protos.floats;
import static dev.fixpoint.onnx.Protos.graph;
import static dev.fixpoint.onnx.Protos.integer;
import static dev.fixpoint.onnx.Protos.ints;
import static dev.fixpoint.onnx.Protos.model;
import static dev.fixpoint.onnx.Protos.node;
import static dev.fixpoint.onnx.Protos.number;
import static dev.fixpoint.onnx.Protos.numbers;
import static dev.fixpoint.onnx.Protos.text;
import static dev.fixpoint.onnx.Protos.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import dev.fixpoint.op.OpRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpsetImportTest {
  private static Graph read(ModelProto.Builder model) {
    return OnnxReader.read(model.build().toByteArray());
  }

  private static List<String> lifted(long opset, NodeProto... nodes) {
    return Printed.nodes(read(model(opset, nodes)));
  }

  @Test
  void clipTakesItsBoundsAsInputs() {
    assertThat(lifted(6 + 1, node("Clip", "x", "y", number("min", 0), number("max", 6))))
        .containsExactly("y = Clip(x, 0.0, 6.0)");
  }

  @Test
  void clipWithOneBoundOmitsTheOther() {
    assertThat(lifted(10, node("Clip", "x", "y", number("max", 6))))
        .containsExactly("y = Clip(x, -, 6.0)");
  }

  @Test
  void clipOfAnUnknownTypeConvertsItsBounds() {
    Graph graph =
        read(
            model(7, node("Odd", "x", "t"), node("Clip", "t", "y", number("min", 0)))
                .addOpsetImport(Protos.opset("elsewhere", 1)));

    assertThat(Printed.nodes(graph))
        .containsExactly("t = Odd(x)", "y_min_cast = CastLike(0.0, t)", "y = Clip(t, y_min_cast)");
  }

  @Test
  void padTakesItsPadsAndValueAsInputs() {
    assertThat(
            lifted(
                10,
                node(
                    "Pad",
                    "x",
                    "y",
                    ints("pads", 0, 0, 1, 1, 0, 0, 1, 1),
                    number("value", 2),
                    text("mode", "constant"))))
        .containsExactly("y = Pad(x, [0 0 1 1 0 0 1 1], 2.0) {mode=constant}");
  }

  @Test
  void padWithoutPadsIsRefused() {
    assertThatThrownBy(() -> lifted(10, node("Pad", "x", "y")))
        .isInstanceOf(ModelException.class)
        .hasMessage("Pad node 'the Pad' has no attribute 'pads'; add it");
  }

  @Test
  void sliceTakesItsBoundsAsInputs() {
    assertThat(
            lifted(9, node("Slice", "x", "y", ints("starts", 0), ints("ends", 2), ints("axes", 1))))
        .containsExactly("y = Slice(x, [0], [2], [1])");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Squeeze", "ReduceSum", "ReduceMean", "ReduceMax", "ReduceL2"})
  void axesBecomeAnInput(String operator) {
    List<String> nodes =
        lifted(
            11,
            node("Unsqueeze", "x", "t", ints("axes", 0)),
            node(operator, "t", "y", ints("axes", 0)));

    assertThat(nodes).containsExactly("t = Unsqueeze(x, [0])", "y = " + operator + "(t, [0])");
  }

  @Test
  void reduceMeanKeepsItsAttributeAxesUntilOpset18() {
    assertThat(lifted(17, node("ReduceMean", "x", "y", ints("axes", -1), integer("keepdims", 0))))
        .containsExactly("y = ReduceMean(x, [-1]) {keepdims=0}");
  }

  @Test
  void splitTakesItsSizesAsInputOrItsCountAsAttribute() {
    assertThat(
            lifted(
                11,
                node("Split", "x", "a b", integer("axis", 1), ints("split", 1, 2)),
                node("Split", "b", "y -", integer("axis", 1))))
        .containsExactly(
            "a, b = Split(x, [1 2]) {axis=1}", "y, unused = Split(b) {axis=1, num_outputs=2}");
  }

  @Test
  void splitSaysItsCountFromOpset13To17() {
    assertThat(lifted(13, node("Split", "x", "y b", integer("axis", 0))))
        .containsExactly("y, b = Split(x) {axis=0, num_outputs=2}");
  }

  @Test
  void topKTakesItsCountAsInput() {
    assertThat(lifted(9, node("TopK", "x", "y i", integer("k", 3))))
        .containsExactly("y, i = TopK(x, [3])");
  }

  @Test
  void dropoutTakesItsRatioAsInputAndLosesAMaskThatNothingReads() {
    assertThat(lifted(9, node("Dropout", "x", "y mask", number("ratio", 0.25f))))
        .containsExactly("y = Dropout(x, 0.25)");
  }

  @Test
  void aDropoutMaskOfNumbersIsRefused() {
    assertThatThrownBy(() -> lifted(9, node("Dropout", "x", "t mask"), node("Add", "t mask", "y")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Dropout node 'the Dropout' of opset 9 gives its mask as numbers; do not read the"
                + " mask");
  }

  @Test
  void softmaxOverTheLastAxisStaysOne() {
    assertThat(lifted(11, node("Softmax", "x", "y", integer("axis", 3))))
        .containsExactly("y = Softmax(x) {axis=-1}");
  }

  @Test
  void softmaxIgnoresAxesOfOneElement() {
    GraphProto.Builder graph = graph(node("LogSoftmax", "z", "y")).addInput(value("z", 2, 7, 1, 1));

    assertThat(Printed.nodes(read(model(7, graph)))).containsExactly("y = LogSoftmax(z) {axis=1}");
  }

  @Test
  void softmaxOverSeveralAxesGoesThroughAMatrix() {
    assertThat(lifted(12, node("Softmax", "x", "y")))
        .containsExactlyInAnyOrder(
            "y_flat = Flatten(x) {axis=1}",
            "y_shape = Shape(x)",
            "y_of_flat = Softmax(y_flat) {axis=-1}",
            "y = Reshape(y_of_flat, y_shape) {allowzero=1}");
  }

  @Test
  void softmaxOfOpset13IsLeftAlone() {
    assertThat(lifted(13, node("Softmax", "x", "y"))).containsExactly("y = Softmax(x)");
  }

  @Test
  void softmaxAfterComputedShapesKnowsItsRank() {
    assertThat(
            lifted(
                9,
                node("Relu", "x", "t"),
                node("Transpose", "t", "u", ints("perm", 0, 2, 3, 1)),
                node("Softmax", "u", "y", integer("axis", 3))))
        .endsWith("y = Softmax(u) {axis=-1}");
  }

  private static GraphProto.Builder batchNormalization(NodeProto norm) {
    GraphProto.Builder graph = graph(norm);
    for (String name : List.of("s", "b", "m", "v")) {
      graph.addInitializer(floats(name, List.of(3L), 1, 1, 1));
    }
    return graph;
  }

  @Test
  void batchNormalizationLosesWhatItSaidOfTraining() {
    NodeProto norm = node("BatchNormalization", "x s b m v", "y mean var", integer("spatial", 1));

    assertThat(read(model(7, batchNormalization(norm))).nodes().getFirst().outputs()).hasSize(1);
    assertThat(read(model(7, batchNormalization(norm))).nodes().getFirst().attributes().values())
        .isEmpty();
  }

  @Test
  void batchNormalizationWhoseStatisticsAreReadIsTraining() {
    GraphProto.Builder graph =
        batchNormalization(node("BatchNormalization", "x s b m v", "y mean var"))
            .addOutput(ValueInfoProto.newBuilder().setName("mean"));

    assertThat(Printed.nodes(read(model(9, graph))))
        .containsExactly(
            "y, mean = BatchNormalization(x, [1.0 1.0 1.0], [1.0 1.0 1.0], [1.0 1.0 1.0],"
                + " [1.0 1.0 1.0]) {training_mode=1}");
  }

  @Test
  void batchNormalizationPerActivationIsRefused() {
    NodeProto norm = node("BatchNormalization", "x s b m v", "y", integer("spatial", 0));

    assertThatThrownBy(() -> read(model(8, batchNormalization(norm))))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "BatchNormalization node 'the BatchNormalization' of opset 8 has statistics per"
                + " activation (spatial = 0), which newer opsets do not have");
  }

  @Test
  void groupNormalizationSpreadsItsParametersOverChannels() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("g")
            .addInput(value("x", 1, 4, 2, 2))
            .addOutput(ValueInfoProto.newBuilder().setName("y"))
            .addInitializer(floats("s", List.of(2L), 1, 2))
            .addInitializer(floats("b", List.of(2L), 3, 4))
            .addNode(node("GroupNormalization", "x s b", "y", integer("num_groups", 2)));

    assertThat(Printed.nodes(read(model(18, graph))))
        .containsExactlyInAnyOrder(
            "y_channels = Shape(x) {start=1, end=2}",
            "y_group_size = Div(y_channels, [2])",
            "y_grid = Concat([2], y_group_size) {axis=0}",
            "y_scale_column = Reshape([1.0 2.0], [-1 1])",
            "y_scale_grid = Expand(y_scale_column, y_grid)",
            "y_scale = Reshape(y_scale_grid, [-1])",
            "y_bias_column = Reshape([3.0 4.0], [-1 1])",
            "y_bias_grid = Expand(y_bias_column, y_grid)",
            "y_bias = Reshape(y_bias_grid, [-1])",
            "y = GroupNormalization(x, y_scale, y_bias) {num_groups=2}");
  }

  @Test
  void upsampleIsResizeWithTheCoordinatesOfItsTime() {
    assertThat(
            lifted(
                7,
                node("Upsample", "x", "y", numbers("scales", 1, 1, 2, 2), text("mode", "linear"))))
        .containsExactly(
            "y = Resize(x, -, [1.0 1.0 2.0 2.0]) {mode=linear,"
                + " coordinate_transformation_mode=asymmetric, nearest_mode=floor}");
  }

  @Test
  void resizeOfOpset10RoundsUpWhereItShrinks() {
    GraphProto.Builder graph =
        graph(node("Resize", "x s", "y")).addInitializer(floats("s", List.of(4L), 1, 1, .5f, 1));

    assertThat(Printed.nodes(read(model(10, graph))))
        .containsExactly(
            "y = Resize(x, -, [1.0 1.0 0.5 1.0])"
                + " {coordinate_transformation_mode=asymmetric, nearest_mode=ceil}");
  }

  @Test
  void resizeOfOpset10ThatShrinksAndGrowsIsTwo() {
    GraphProto.Builder graph =
        graph(node("Resize", "x s", "y")).addInitializer(floats("s", List.of(4L), 1, 1, .5f, 2));

    assertThat(Printed.nodes(read(model(10, graph))))
        .containsExactly(
            "y_smaller = Resize(x, -, [1.0 1.0 0.5 1.0])"
                + " {coordinate_transformation_mode=asymmetric, nearest_mode=ceil}",
            "y = Resize(y_smaller, -, [1.0 1.0 1.0 2.0])"
                + " {coordinate_transformation_mode=asymmetric, nearest_mode=floor}");
  }

  @Test
  void resizeOmitsEmptyInputs() {
    GraphProto.Builder graph =
        graph(node("Resize", "x none scales", "y"))
            .addInitializer(floats("none", List.of(0L)))
            .addInitializer(floats("scales", List.of(4L), 1, 1, 2, 2));

    assertThat(Printed.nodes(read(model(11, graph))))
        .containsExactly("y = Resize(x, -, [1.0 1.0 2.0 2.0])");
  }

  @Test
  void scatterIsScatterElements() {
    OnnxReadOptions nothingKnown = OnnxReadOptions.DEFAULT.withRegistry(OpRegistry.of(List.of()));
    byte[] bytes = model(9, node("Scatter", "x x x", "y")).build().toByteArray();

    assertThat(Printed.nodes(OnnxReader.read(bytes, nothingKnown)))
        .containsExactly("y = ScatterElements(x, x, x)");
  }

  @Test
  void gridSampleModesHaveNewNames() {
    GraphProto.Builder graph =
        graph(node("GridSample", "x grid", "y", text("mode", "bilinear")))
            .addInput(value("grid", 2, 6, 6, 2));

    assertThat(Printed.nodes(read(model(16, graph))))
        .containsExactly("y = GridSample(x, grid) {mode=linear}");
  }

  @Test
  void roiAlignKeepsItsOldCoordinates() {
    GraphProto.Builder graph =
        graph(node("RoiAlign", "x rois batch", "y"))
            .addInput(value("rois", 1, 4))
            .addInput(value("batch").toBuilder().setType(Protos.type(7, 1)));

    assertThat(Printed.nodes(read(model(10, graph))))
        .containsExactly(
            "y = RoiAlign(x, rois, batch) {coordinate_transformation_mode=output_half_pixel}");
  }

  private static GraphProto.Builder scan(long batch) {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .setName("body")
            .addInput(value("s", 2))
            .addInput(value("e", 2))
            .addNode(node("Add", "s e", "t"))
            .addNode(node("Identity", "t", "o"))
            .addOutput(value("t", 2))
            .addOutput(value("o", 2));
    return GraphProto.newBuilder()
        .setName("g")
        .addInput(value("start", batch, 2))
        .addInput(value("xs", batch, 3, 2))
        .addOutput(ValueInfoProto.newBuilder().setName("y"))
        .addNode(
            node(
                "Scan",
                "- start xs",
                "last y",
                Protos.graph("body", body),
                integer("num_scan_inputs", 1),
                ints("directions", 1)));
  }

  @Test
  void aScanOverABatchOfOneLosesTheBatch() {
    assertThat(Printed.nodes(read(model(8, scan(1)))))
        .anyMatch(line -> line.startsWith("last_output_0, last_output_1 = Scan(last_input_0, "))
        .anyMatch(line -> line.contains("scan_input_directions=[1]"))
        .contains("last_input_1 = Squeeze(xs, [0])", "y = Unsqueeze(last_output_1, [0])");
  }

  @Test
  void aScanOverALargerBatchIsRefused() {
    assertThatThrownBy(() -> read(model(8, scan(2))))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Scan node 'the Scan' of opset 8 runs over a batch, which newer opsets do not have;"
                + " export it with opset 9 or newer");
  }

  @Test
  void theGraphSaysOpset21() {
    Graph graph = read(model(9, node("Relu", "x", "y")));

    assertThat(graph.opset("")).isEqualTo(21);
    assertThat(graph.info().irVersion()).isEqualTo(10);
  }

  @Test
  void theGraphSaysTheSmallestOpsetThatHoldsItsNodes() {
    assertThat(read(model(26, node("Relu", "x", "y"))).opset("")).isEqualTo(21);
    assertThat(read(model(26, node("Sin", "x", "y"))).opset("")).isEqualTo(22);
    assertThat(read(model(26, node("Swish", "x", "y"))).opset("")).isEqualTo(24);
  }

  @Test
  void anOldOpsetIsReadAsFarAsItsOperatorsDidNotChange() {
    assertThat(lifted(1, node("Softplus", "x", "y"))).containsExactly("y = Softplus(x)");
    assertThatThrownBy(() -> lifted(6, node("Add", "x x", "y")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Add node 'the Add' is of opset 6, and the operator changed until opset 7, the oldest"
                + " that is read; convert the model to that or a newer one");
  }

  @Test
  void anOpsetOfTheFutureIsRefused() {
    assertThatThrownBy(() -> lifted(29, node("Relu", "x", "y")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "opset 29 of the standard operators is not known, the newest is 28; convert the"
                + " model");
  }
}
