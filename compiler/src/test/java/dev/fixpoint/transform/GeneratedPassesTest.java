package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.testing.PassTester;
import dev.fixpoint.transform.fold.FoldConstants;
import dev.fixpoint.transform.fold.MergeEqualNodes;
import dev.fixpoint.transform.fold.RemoveDeadNodes;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.quantize.RecognizeRowwiseProducts;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds every built-in pass to the bounds of its rewrites on random networks: two for each of
 * {@code fixpoint.tries}.
 */
class GeneratedPassesTest {
  private static final int GRAPHS = 2 * Integer.getInteger("fixpoint.tries", 100);

  private static final List<OpDefinition> FLOAT_OPS =
      List.of(
          StandardOps.CONV,
          StandardOps.GEMM,
          StandardOps.MAT_MUL,
          StandardOps.ADD,
          StandardOps.MUL,
          StandardOps.RELU,
          StandardOps.SIGMOID,
          StandardOps.CLIP,
          StandardOps.MAX_POOL,
          StandardOps.AVERAGE_POOL,
          StandardOps.GLOBAL_AVERAGE_POOL,
          StandardOps.RESHAPE,
          StandardOps.TRANSPOSE,
          StandardOps.FLATTEN,
          StandardOps.CONCAT,
          StandardOps.SOFTMAX,
          StandardOps.IDENTITY);

  private static final Pipeline RECOGNITION =
      Pipeline.builder().then(new RecognizeRowwiseProducts()).build();

  static List<Pass> passes() {
    return List.of(new FoldConstants(), new RemoveDeadNodes(), new MergeEqualNodes());
  }

  @ParameterizedTest
  @MethodSource("passes")
  void aPassKeepsTheBoundsOfItsRewrites(Pass pass) {
    PassTester.Report report =
        PassTester.of(FLOAT_OPS).withGraphs(GRAPHS).check(Pipeline.builder().then(pass).build());
    assertThat(report.graphs()).isGreaterThan(GRAPHS / 2);
    assertThat(report.checked()).isPositive();
  }

  @Test
  void floatOptimizationsKeepTheBoundsOfTheirRewrites() {
    PassTester.Report report =
        PassTester.of(FLOAT_OPS).withGraphs(GRAPHS).check(StandardPipelines.floatOptimizations());
    assertThat(report.checked()).isGreaterThan(GRAPHS / 4);
  }

  private static Compiler compiler(PassTester.Case network) {
    return new Compiler(
        CompilerOptions.DEFAULT
            .withInputRanges(network.ranges())
            .withObservers(List.of(network.check())));
  }

  private static PassTester.Report check(PassTester.Compilation compilation) {
    return PassTester.of(FLOAT_OPS).withGraphs(GRAPHS).check(compilation);
  }

  @Test
  void quantizationAndLoweringKeepTheBoundsOfTheirRewrites() {
    PassTester.Report report =
        check(
            network -> {
              Compiler compiler = compiler(network);
              compiler.lower(compiler.quantize(network.graph(), network.batches()).graph());
            });
    assertThat(report.checked()).isGreaterThan(GRAPHS);
  }

  @Test
  void preparationForTrainingKeepsTheBoundsOfItsRewrites() {
    PassTester.Report report =
        check(network -> compiler(network).prepareTraining(network.graph(), network.batches()));
    assertThat(report.checked()).isGreaterThan(GRAPHS);
  }

  @ParameterizedTest
  @EnumSource(DynamicRange.class)
  void dynamicQuantizationKeepsTheBoundsOfItsRewrites(DynamicRange range) {
    PassTester.Report report =
        check(network -> compiler(network).quantizeDynamically(network.graph(), range));
    assertThat(report.checked()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void quantizationOfWeightsKeepsTheBoundsOfItsRewrites(boolean packed) {
    QuantizeWeights weights = QuantizeWeights.plain(new WeightFormat(ElementType.UINT4, 16));
    PassTester.Report report =
        check(network -> compiler(network).quantizeWeights(network.graph(), weights, packed));
    assertThat(report.checked()).isGreaterThan(GRAPHS / 4);
  }

  /** Read back as others write it, so that the products are recognized. */
  @Test
  void rangesForEachRowKeepTheBoundsOfTheirRewrites() {
    PassTester.Report report =
        check(
            network -> {
              Graph rows =
                  new Compiler(CompilerOptions.DEFAULT)
                      .quantizeDynamically(network.graph(), DynamicRange.TOKEN)
                      .graph();
              new PassManager(RECOGNITION, List.of(network.check()))
                  .run(
                      OnnxReader.read(OnnxWriter.toBytes(rows)),
                      new PassContext(new ReferenceInterpreter(), network.ranges()));
            });
    assertThat(report.checked()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Improvement.class)
  void improvementsKeepTheBoundsOfTheirRewrites(Improvement improvement) {
    PassTester.Report report =
        check(
            network ->
                new Compiler(
                        CompilerOptions.DEFAULT
                            .withImprovements(Improvements.of(improvement))
                            .withInputRanges(network.ranges())
                            .withObservers(List.of(network.check())))
                    .quantize(network.graph(), network.batches()));
    assertThat(report.checked()).isGreaterThan(GRAPHS);
  }

  @Test
  void indicesOfAnIntegerPoolLeaveTheGraphAsTheyAre() {
    Graph graph =
        OnnxTextReader.read(
            "indices",
            """
            indices (float[1,1,4] x) => (y, i) <float[1,1,1] w = {0.75}> {
              m, i = MaxPool <kernel_shape = [2], strides = [2]> (x)
              y = Conv(m, w)
            }
            """);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
    Tensor x = Tensor.ofFloats(Shape.of(1, 1, 4), 0.5f, -1, 0.25f, 1);

    Graph lowered =
        compiler.lower(compiler.quantize(graph, List.of(Map.of("x", x))).graph()).graph();

    assertThat(lowered.nodes()).extracting(node -> node.opId().name()).contains("QConv");
    assertThat(new ReferenceInterpreter().prepare(lowered).evaluate(Map.of("x", x)).get("i"))
        .isEqualTo(Tensor.ofLongs(ElementType.INT64, Shape.of(1, 1, 2), 0, 3));
  }

  /** The range of what the convolution reads is a point, and so is that of its weights. */
  @Test
  void theErrorOfWeightsCountsAlsoWhereNothingVaries() {
    Graph graph =
        OnnxTextReader.read(
            "ones",
            """
            ones (float[1,2,1] x) => (y) <float[1,2,1] w = {0.15783529, 1.3988721}> {
              s = Softmax(x)
              y = Conv(s, w)
            }
            """);
    DifferentialCheck check = new DifferentialCheck(5, 1);
    CompilerOptions options =
        CompilerOptions.DEFAULT
            .withInputRanges(Map.of("x", Range.of(-1, 1)))
            .withObservers(List.of(check));
    Tensor x = Tensor.filled(ElementType.FLOAT, Shape.of(1, 2, 1), 0.5);

    new Compiler(options).quantize(graph, List.of(Map.of("x", x)));

    assertThat(check.checked())
        .extracting(DifferentialCheck.Checked::rewrite)
        .contains("place-fake-quant");
  }
}
