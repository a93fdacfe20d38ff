package dev.fixpoint.examples

import dev.fixpoint.CompiledModel
import dev.fixpoint.Compiler
import dev.fixpoint.CompilerOptions
import dev.fixpoint.ErrorBudgetException
import dev.fixpoint.analysis.AffineAnalysis
import dev.fixpoint.analysis.Certificate
import dev.fixpoint.analysis.Certificates
import dev.fixpoint.analysis.ClipCount
import dev.fixpoint.analysis.Derivation
import dev.fixpoint.analysis.ErrorAnalysis
import dev.fixpoint.analysis.ErrorPrediction
import dev.fixpoint.analysis.ErrorReport
import dev.fixpoint.analysis.GraphHash
import dev.fixpoint.analysis.RangeAnalysis
import dev.fixpoint.analysis.ReferenceInterpreter
import dev.fixpoint.analysis.WeightWitness
import dev.fixpoint.bound.Accumulator
import dev.fixpoint.bound.ErrorBound
import dev.fixpoint.bound.Gain
import dev.fixpoint.bound.Interval
import dev.fixpoint.bound.Outward
import dev.fixpoint.bound.Range
import dev.fixpoint.bound.Spread
import dev.fixpoint.bound.Verdict
import dev.fixpoint.calibration.Calibration
import dev.fixpoint.calibration.CalibrationData
import dev.fixpoint.calibration.CalibrationException
import dev.fixpoint.calibration.CalibrationMethod
import dev.fixpoint.calibration.Calibrator
import dev.fixpoint.calibration.Observer
import dev.fixpoint.calibration.QuantScheme
import dev.fixpoint.calibration.TargetProfile
import dev.fixpoint.calibration.ValueSummary
import dev.fixpoint.ir.Evaluator
import dev.fixpoint.ir.Graph
import dev.fixpoint.ir.GraphBuilder
import dev.fixpoint.ir.GraphDifference
import dev.fixpoint.ir.GraphVerifier
import dev.fixpoint.ir.GraphView
import dev.fixpoint.ir.ModelException
import dev.fixpoint.ir.ModelInfo
import dev.fixpoint.ir.Node
import dev.fixpoint.ir.Provenance
import dev.fixpoint.ir.Use
import dev.fixpoint.ir.Value
import dev.fixpoint.onnx.OnnxReadOptions
import dev.fixpoint.onnx.OnnxReader
import dev.fixpoint.onnx.OnnxTensors
import dev.fixpoint.onnx.OnnxTextOptions
import dev.fixpoint.onnx.OnnxTextReader
import dev.fixpoint.onnx.OnnxTextWriter
import dev.fixpoint.onnx.OnnxWriteOptions
import dev.fixpoint.onnx.OnnxWriter
import dev.fixpoint.op.Affine
import dev.fixpoint.op.Attribute
import dev.fixpoint.op.AttributeValue
import dev.fixpoint.op.Attributes
import dev.fixpoint.op.Body
import dev.fixpoint.op.Broadcasting
import dev.fixpoint.op.Expansion
import dev.fixpoint.op.OpCall
import dev.fixpoint.op.OpDefinition
import dev.fixpoint.op.OpId
import dev.fixpoint.op.OpRegistry
import dev.fixpoint.op.OpSchema
import dev.fixpoint.op.ShapeValue
import dev.fixpoint.op.Transfers
import dev.fixpoint.op.WeightedSum
import dev.fixpoint.op.standard.StandardOps
import dev.fixpoint.pass.BrokenPromiseException
import dev.fixpoint.pass.DifferentialCheck
import dev.fixpoint.pass.GraphDump
import dev.fixpoint.pass.GraphProperty
import dev.fixpoint.pass.Pass
import dev.fixpoint.pass.PassContext
import dev.fixpoint.pass.PassException
import dev.fixpoint.pass.PassManager
import dev.fixpoint.pass.PassObserver
import dev.fixpoint.pass.PassTimes
import dev.fixpoint.pass.Pipeline
import dev.fixpoint.pass.RewritePass
import dev.fixpoint.rewrite.Capture
import dev.fixpoint.rewrite.Condition
import dev.fixpoint.rewrite.Conditions
import dev.fixpoint.rewrite.ErrorContract
import dev.fixpoint.rewrite.Hook
import dev.fixpoint.rewrite.Match
import dev.fixpoint.rewrite.MatchResult
import dev.fixpoint.rewrite.Neighbourhood
import dev.fixpoint.rewrite.Pattern
import dev.fixpoint.rewrite.Patterns
import dev.fixpoint.rewrite.Replacement
import dev.fixpoint.rewrite.ReplacementBuilder
import dev.fixpoint.rewrite.RewriteException
import dev.fixpoint.rewrite.RewriteListener
import dev.fixpoint.rewrite.RewriteRecord
import dev.fixpoint.rewrite.RewriteRule
import dev.fixpoint.rewrite.RewriteSite
import dev.fixpoint.rewrite.Rewriter
import dev.fixpoint.rewrite.RuleSet
import dev.fixpoint.rewrite.TypeConditions
import dev.fixpoint.rewrite.Values
import dev.fixpoint.rulelang.Computed
import dev.fixpoint.rulelang.ConditionLibrary
import dev.fixpoint.rulelang.NativeCall
import dev.fixpoint.rulelang.NativeFunction
import dev.fixpoint.rulelang.NativeLibrary
import dev.fixpoint.rulelang.RuleLibrary
import dev.fixpoint.rulelang.RuleLoader
import dev.fixpoint.rulelang.RulePrinter
import dev.fixpoint.rulelang.RuleVocabulary
import dev.fixpoint.runtime.ExecutionOptions
import dev.fixpoint.runtime.ExecutionPlan
import dev.fixpoint.runtime.InferenceSession
import dev.fixpoint.runtime.KernelChoice
import dev.fixpoint.runtime.RuntimeEvaluator
import dev.fixpoint.runtime.kernel.Kernel
import dev.fixpoint.runtime.kernel.KernelProvider
import dev.fixpoint.runtime.kernel.KernelRegistry
import dev.fixpoint.runtime.kernel.Layout
import dev.fixpoint.tensor.Dimension
import dev.fixpoint.tensor.ElementType
import dev.fixpoint.tensor.Granularity
import dev.fixpoint.tensor.QuantParams
import dev.fixpoint.tensor.Rounding
import dev.fixpoint.tensor.Shape
import dev.fixpoint.tensor.Tensor
import dev.fixpoint.tensor.TensorType
import dev.fixpoint.testing.CaseFile
import dev.fixpoint.testing.EnumeratedProof
import dev.fixpoint.testing.GraphTemplate
import dev.fixpoint.testing.GuardReport
import dev.fixpoint.testing.OpTester
import dev.fixpoint.testing.PassTester
import dev.fixpoint.testing.RuleReport
import dev.fixpoint.testing.RuleTable
import dev.fixpoint.testing.RuleTester
import dev.fixpoint.testing.SmallestFailure
import dev.fixpoint.transform.GraphProperties
import dev.fixpoint.transform.StandardPipelines
import dev.fixpoint.transform.StandardRules
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** The public API as Kotlin sees it, compiled with warnings as errors. */
class ApiFromKotlinTest {
  private val text =
    """
    <ir_version: 10, opset_import: ["" : 21]>
    g (float[N, 2] x) => (float[N, 2] y) <float[2, 2] w = {1, 2, 3, 4}, float[2] b = {0.5, -0.5}> {
      p = MatMul (x, w)
      s = Add (p, b)
      i = Identity (s)
      y = Relu (i)
    }
    """
  private val graph: Graph = OnnxTextReader.read("text", text)
  private val x: Tensor = Tensor.ofFloats(Shape.of(1, 2), 1f, -2f)

  @Test
  fun tensorsShapesAndParameters() {
    val type = TensorType.of(ElementType.FLOAT, 1, 2)
    val sizes: List<String> =
      graph.type(graph.inputs().single()).shape().dimensions().map {
        when (it) {
          is Dimension.Fixed -> "${it.size}"
          is Dimension.Symbolic -> it.name
          is Dimension.Unknown -> "?"
        }
      }
    val params: QuantParams = QuantParams.asymmetric(ElementType.UINT8, -2.0, 3.0)

    assertThat(x.type()).isEqualTo(type)
    assertThat(x[0, 1]).isEqualTo(-2.0)
    assertThat(sizes).containsExactly("N", "2")
    assertThat(params.withRounding(Rounding.HALF_EVEN).zeroPoint(0)).isEqualTo(102)
  }

  @Test
  fun boundsAndIntervals() {
    val bound: ErrorBound = ErrorBound.uniform(0.5) + ErrorBound.perChannel(1, 0.0, 1.0)
    val verdict: Verdict = bound.check(x, Tensor.ofFloats(Shape.of(1, 2), 1.5f, -2f))
    val told =
      when (bound) {
        is ErrorBound.Exact -> "exact"
        is ErrorBound.Uniform -> "uniform"
        is ErrorBound.PerChannel -> "along ${bound.axis}"
        is ErrorBound.PerElement -> "each"
        is ErrorBound.Unbounded -> bound.reason
      }

    assertThat(verdict.holds).isTrue()
    assertThat(told).isEqualTo("along 1")
    assertThat(bound.scaledBy(Gain.of(2.0)).max()).isGreaterThanOrEqualTo(3.0)
    assertThat(Range.of(Interval(-1.0, 2.0)).spread()).isInstanceOf(Spread.Uniform::class.java)
    assertThat(Outward.addUp(0.1, 0.2)).isGreaterThan(0.1 + 0.2)
    assertThat(Accumulator.of(1000, 255, 0).fitsFloat()).isTrue()
  }

  @Test
  fun graphsAreBuiltAndLookedThrough() {
    val builder = GraphBuilder("g")
    val input: Value = builder.input("x", TensorType.of(ElementType.FLOAT, 2))
    val output: Value = builder.call("y", StandardOps.RELU, Attributes.NONE, input)
    val built: Graph = builder.output(
      output,
    ).info(ModelInfo.DEFAULT.withProducer("me", "1")).build()
    val view: GraphView = built
    val node: Node = checkNotNull(view.producer(output))

    GraphVerifier.verify(built)
    assertThat(view.producer(input)).isNull()
    assertThat(view.uses(input)).containsExactly(Use(node, 0))
    assertThat(node.provenance()).isEqualTo(Provenance.source("y"))
    assertThat(GraphDifference.between(built, built)).isEmpty
    assertThat(
      RangeAnalysis.of(built, mapOf("x" to Range.of(-1.0, 2.0)))[output]?.hull(),
    ).isEqualTo(Interval(0.0, 2.0))
    assertThatThrownBy {
      OnnxTextReader.read("broken", "g (")
    }.isInstanceOf(ModelException::class.java)
  }

  @Test
  fun operatorsAndTheirCalls() {
    val relu: OpDefinition = OpRegistry.of(listOf(StandardOps.RELU)).get(OpId.of("Relu"))
    val call: OpCall = OpCall.ofTensors(Attributes.NONE, listOf(x), 1)
    val axis: Attribute<Long> = Attribute.ofInt("axis", 1)
    val attributes = Attributes.NONE.with(axis, 2L)
    val value: AttributeValue? = attributes.values()["axis"]
    val schema: OpSchema = relu.schema()
    val expansion: Expansion? = relu.expansion(call)
    val body: Body? = null

    assertThat(relu.evaluate(call).single().toDoubles()).containsExactly(1.0, 0.0)
    assertThat((value as AttributeValue.OfInt).value).isEqualTo(2)
    assertThat(schema.inputs().single().name).isEqualTo("X")
    assertThat(listOfNotNull(expansion, body)).isEmpty()
    assertThat(ShapeValue.ofTensor(Tensor.vector(3))?.entries()).containsExactly(Affine.of(3))
    assertThat(Transfers.round(ElementType.FLOAT, 0.1)).isEqualTo(0.1f.toDouble())
    assertThat(Broadcasting.shape(Shape.of(2, 1), Shape.of(3))).isEqualTo(Shape.of(2, 3))
  }

  @Test
  fun rulesInKotlin() {
    val node: Capture<Node> = Capture.ofNode("relu")
    val value: Capture<Value> = Capture.ofValue("x")
    val positive = Condition.soundness("x is positive") { match: Match ->
      match.constant(value).toDoubles().all {
        it >=
          0
      }
    }
    val pattern: Pattern.OpPattern = Patterns.op(
      StandardOps.RELU,
    ).capture(node).input(0, Patterns.constant(value))
    val rule: RewriteRule =
      RewriteRule
        .named("relu-of-positive")
        .match(pattern)
        .where(positive)
        .where(Conditions.constant(value))
        .where(TypeConditions.elementType(value, ElementType.FLOAT))
        .replaceWith { match: Match, build: ReplacementBuilder ->
          build.define(match[node].output(), match.constant(value))
        }.within(ErrorContract.bitExact())
    val rest: Capture<Values> = Capture.ofValues("rest")
    val hook = Hook { _, _, _ -> false }
    val told =
      when (val result: MatchResult = rule.matchAt(graph, graph.nodes().last())) {
        is Match -> "fits"
        is MatchResult.Mismatch -> result.reason
      }

    assertThat((RuleSet.of(rule) + CustomRule.RULE).rules()).hasSize(2)
    assertThat(rest.name()).isEqualTo("rest")
    assertThat(told).isNotEmpty()
    assertThat(positive.withHooks(null, hook).violate).isSameAs(hook)
    assertThat(StandardRules.FOLD.find("fold-batch-norm-into-conv")).isPresent
  }

  @Test
  fun passesAndPipelines() {
    val records = mutableListOf<RewriteRecord>()
    val small = GraphProperty("SMALL") {
      if (it.nodes().size >
        9
      ) {
        java.util.Optional.of("large")
      } else {
        java.util.Optional.empty()
      }
    }
    val pass =
      Pass { before: Graph, context: PassContext ->
        context.rewrite(before) { rewriter: Rewriter -> rewriter.finish() }
      }
    val observer = PassObserver { step -> records += step.records() }
    val times = PassTimes()
    val check = DifferentialCheck(3, 1)
    val pipeline: Pipeline =
      Pipeline
        .builder()
        .then(pass.named("nothing"))
        .then(RewritePass("clean", StandardRules.CLEAN_UP, setOf(), setOf(small)))
        .build()
        .plus(StandardPipelines.floatOptimizations())
    val context = PassContext(ReferenceInterpreter(), mapOf("x" to Range.of(-1.0, 1.0)))

    val after = PassManager(pipeline, listOf(observer, times, check)).run(graph, context)

    val around: Neighbourhood = Neighbourhood.of(records.first())
    val replacement: Replacement = records.first().replacement()
    assertThat(after.nodes().size).isLessThan(graph.nodes().size)
    assertThat(around.before().nodes()).isNotEmpty()
    assertThat(replacement.substitutions().size + replacement.nodes().size).isPositive()
    assertThat(times.lines()).hasSameSizeAs(pipeline.passes())
    assertThat(check.unchecked()).isEmpty()
    assertThat(GraphProperties.FUSED.violation().apply(after)).isEmpty
    assertThatThrownBy {
      val unsound = ErrorContract.custom("one") { _: RewriteSite -> ErrorBound.uniform(1.0) }
      Rewriter(graph, mapOf(), RewriteListener.NONE).replace("none", graph.nodes(), {
        it.substitute(graph.outputs()[0], graph.inputs()[0])
      }, unsound)
    }.isInstanceOf(RewriteException::class.java)
    assertThat(
      listOf(BrokenPromiseException::class, PassException::class).map {
        it.java.superclass
      },
    ).allMatch {
      it ==
        RuntimeException::class.java
    }
  }

  @Test
  fun filesAreReadAndWritten(@TempDir folder: Path) {
    val file = folder.resolve("g.onnx")
    OnnxWriter.write(graph, file, OnnxWriteOptions.DEFAULT.withOpset(21))
    OnnxTensors.write("x", x, folder.resolve("x.pb"))
    val dump = GraphDump(folder, OnnxTextWriter::toText)

    val again = OnnxReader.read(file, OnnxReadOptions.DEFAULT.withKeepUnknown(false))

    assertThat(
      OnnxTextWriter.toText(again, OnnxTextOptions.BRIEF),
    ).isEqualTo(OnnxTextWriter.toText(graph, OnnxTextOptions.BRIEF))
    assertThat(OnnxTensors.read(folder.resolve("x.pb"))).isEqualTo(x)
    assertThat(
      Compiler(CompilerOptions.DEFAULT.withObservers(listOf(dump))).optimize(again).graph().nodes(),
    ).hasSize(1)
  }

  @Test
  fun modelsAreQuantizedAndRun() {
    val scheme: QuantScheme = QuantScheme.DEFAULT.withCalibration(
      CalibrationMethod.MSE,
    ).withTypes(ElementType.INT8, ElementType.INT8)
    val evaluator: Evaluator = RuntimeEvaluator()
    val compiler = Compiler(CompilerOptions.DEFAULT.withEvaluator(evaluator).withScheme(scheme))
    val quantized: CompiledModel = compiler.quantize(graph, listOf(mapOf("x" to x)))
    val lowered = compiler.lower(quantized.graph()).graph()
    val kernels: KernelProvider = KernelRegistry.empty()
    val options = ExecutionOptions.DEFAULT.withThreads(
      2,
    ).withKernels(kernels).withChoice(KernelChoice.SCALAR)

    val outputs: Map<String, Tensor> = InferenceSession.of(lowered, options).use {
      it.run(mapOf("x" to x))
    }

    val plan: ExecutionPlan = InferenceSession.of(lowered).use {
      it.plan(mapOf("x" to Shape.of(1, 2)))
    }
    assertThat(outputs.keys).containsExactly("y")
    assertThat(plan.integerMacShare()).isEqualTo(1.0)
    assertThat(quantized.records().map { it.rewrite() }).contains("place-fake-quant")
  }

  @Test
  fun rangesAreObserved() {
    val value = graph.outputs().single()
    val observers: Map<Value, Observer> =
      Calibrator(
        ReferenceInterpreter(),
      ).observe(graph, mapOf(value to CalibrationMethod.MINMAX.observer()), listOf(mapOf("x" to x)))

    assertThat(observers.getValue(value).range(ElementType.UINT8).high).isEqualTo(0.0)
    assertThat(CalibrationException::class.java.superclass).isEqualTo(ModelException::class.java)
  }

  @Test
  fun certificatesTravelWithTheModel() {
    val options = CompilerOptions.DEFAULT.withInputRanges(mapOf("x" to Range.of(-2.0, 2.0)))
    val data: CalibrationData = CalibrationData.of(listOf(mapOf("x" to x))).withThreads(1)
    val quantized = Compiler(options).quantize(graph, data)
    val derivation: Derivation = quantized.derivation().orElseThrow()
    val analysis = ErrorAnalysis(derivation, options.inputRanges())
    val report: ErrorReport = analysis.report()
    val certificate: Certificate = analysis.certificate(graph.outputs().single())
    val witness: WeightWitness? = analysis.witness(graph.outputs().single()).orElse(null)
    val clips = ClipCount(quantized.graph())
    val proof = AffineAnalysis(
      derivation,
      options.inputRanges(),
      64,
    ).prove(graph.outputs().single(), mapOf("x" to x))
    val predicted: List<ErrorPrediction.Line> = listOf()

    assertThat(certificate.isBounded).isTrue()
    assertThat(report.lines()).isNotEmpty()
    assertThat(Certificates.of(quantized.graph())).isPresent
    assertThat(GraphHash.of(graph)).isEqualTo(GraphHash.of(graph))
    assertThat(clips.taps()).isNotEmpty()
    assertThat(proof).isNotNull()
    assertThat(predicted).isEmpty()
    assertThat(witness?.channel ?: 0).isNotNegative()
    assertThatThrownBy { Compiler(options.withErrorBudget(1e-9)).quantize(graph, data) }
      .isInstanceOf(ErrorBudgetException::class.java)
  }

  @Test
  fun parametersComeFromTensors() {
    val channel: Granularity = Granularity.channel(1)
    val sum: WeightedSum? = null
    val summary = ValueSummary(Interval(-2.0, 1.0), 0.5)
    val calibration =
      Calibration(
        QuantScheme.DEFAULT,
        ReferenceInterpreter(),
        CalibrationData.of(listOf(mapOf("x" to x))),
      )

    assertThat(channel.symmetric(ElementType.INT8, x).scales()).hasSize(2)
    assertThat(TargetProfile.entries).hasSize(2)
    assertThat(
      calibration.of(graph, setOf(graph.inputs().single())).values.map {
        it.range
      },
    ).containsExactly(Interval(-2.0, 1.0))
    assertThat(listOfNotNull(sum, summary)).hasSize(1)
  }

  @Test
  fun rulesOfOthers() {
    val library = RuleLibrary { RuleSet.of(CustomRule.RULE) }
    val conditions: ConditionLibrary = ConditionLibrary.standard().with("is_scalar") {
      TypeConditions.scalar(it)
    }

    assertThat(RulePrinter.print(library.rules().rules().single())).contains("MaxPool")
    assertThat(conditions.find("is_scalar")).isPresent
  }

  @Test
  fun rulesInText() {
    val twice =
      NativeFunction { call: NativeCall -> listOf<Computed>(call.tensor(0), call.tensor(0)) }
    val vocabulary: RuleVocabulary = RuleVocabulary.STANDARD
    val library = NativeLibrary.EMPTY.with("twice", 1, twice)
    val rules =
      RuleLoader(vocabulary).load(
        "mine.rules",
        """
        rule drop-double-relu {
          doc "Relu(Relu(x)) = Relu(x)"
          match y = Relu(r) r = Relu(_)
          replace y with r
          within bit_exact
        }
        """,
      )

    assertThat(rules.rules().single().name()).isEqualTo("drop-double-relu")
    assertThat(library.names()).containsExactly("twice")
  }

  @Test
  fun brokenPromisesAreShownOnTheSmallestGraph() {
    val x = Capture.ofValue("x")
    val lie: RewriteRule =
      RewriteRule
        .named("relu-to-abs")
        .match(Patterns.op(StandardOps.RELU).input(0, x))
        .replaceWith { match, build ->
          build.define(match.root().output(), StandardOps.ABS, Attributes.NONE, match[x])
        }.within(ErrorContract.bitExact())
    val compilation =
      SmallestFailure.Compilation { graph, ranges ->
        val pipeline = Pipeline.builder().then(RewritePass("lie", RuleSet.of(lie))).build()
        val context = PassContext(ReferenceInterpreter(), ranges)
        PassManager(pipeline, listOf(DifferentialCheck(3, 1))).run(graph, context)
      }
    val graph =
      OnnxTextReader.read(
        "t",
        "<ir_version: 10, opset_import: [\"\" : 21]> " +
          "g (float[4] x) => (float[4] y) { a = Exp(x) b = Neg(a) y = Relu(b) }",
      )

    assertThatThrownBy { compilation.compile(graph, mapOf("x" to Range.of(-1.0, 1.0))) }
      .isInstanceOfSatisfying(BrokenPromiseException::class.java) {
        val smallest: SmallestFailure = SmallestFailure.of(it, compilation)
        assertThat(smallest.graph().nodes()).hasSize(1)
        assertThat(smallest.text()).contains("relu-to-abs", "Relu (b)")
      }
  }

  @Test
  fun testsWriteThemselves() {
    val tester: RuleTester = RuleTester.of(CustomRule.RULE)
    val template = GraphTemplate.parse("t", "g (float[N] x) => (float[N] y) { y = Relu(x) }")
    val kernel: Kernel = SoftThresholdKernel

    val report: RuleReport = tester.report(20)
    val guards: List<GuardReport> = report.guards()
    val passes: PassTester = PassTester.of(listOf(StandardOps.RELU)).withGraphs(5)
    val relu = OnnxTextReader.read(
      "t",
      "<ir_version: 10, opset_import: [\"\" : 21]> g (int8[256] x) => (int8[256] y) { y = Relu(x) }",
    )

    assertThat(guards.map { it.nearMisses }).allMatch { it >= 0 }
    assertThat(RuleTable.page(listOf(report))).contains("pool-before-relu")
    assertThat(passes.check(StandardPipelines.floatOptimizations()).graphs).isEqualTo(5)
    assertThat(EnumeratedProof.ofEquality().check(relu, relu)).isEqualTo(EnumeratedProof.VALUES)
    assertThat(tester.withDraws(3).draws).isEqualTo(3)
    assertThat(template.openConstants()).isEmpty()
    assertThat(OpTester.of(SoftThreshold).withDraws(2).draws).isEqualTo(2)
    assertThat(CaseFile.parse("empty", "").cases()).isEmpty()
    assertThat(listOf(kernel, Layout.ROW_MAJOR)).doesNotContainNull()
  }
}
