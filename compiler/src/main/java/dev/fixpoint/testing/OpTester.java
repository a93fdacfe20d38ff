package dev.fixpoint.testing;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReadOptions;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Holds an operator definition to what it promises, on graphs in ONNX text ({@link GraphTemplate})
 * that call it once:
 *
 * <pre>{@code
 * OpTester.of(new SoftThreshold())
 *     .check("g (float[N] x) => (float[N] y) { y = example.SoftThreshold <lambda = 0.5> (x) }");
 * }</pre>
 *
 * <p>Each draw compares the inferred types with those of the result, looks for results outside the
 * transferred ranges, moves the inputs and compares how far the result moves with the transferred
 * error, compares with the evaluation in double, and writes and reads the graph. What fails is an
 * {@link AssertionError}.
 *
 * @param op the operator
 * @param draws how many random graphs are tried for each text
 * @param seed where the draws begin
 */
public record OpTester(OpDefinition op, int draws, long seed) {
  private static final int DRAWS = 50;
  private static final int TRIES_PER_DRAW = 400;

  /** A tester of an operator, with 50 random graphs for each text. */
  public static OpTester of(OpDefinition op) {
    return new OpTester(op, DRAWS, 1);
  }

  /** This tester with another number of random graphs. */
  public OpTester withDraws(int newDraws) {
    return new OpTester(op, newDraws, seed);
  }

  /** This tester with other random graphs. */
  public OpTester withSeed(long newSeed) {
    return new OpTester(op, draws, newSeed);
  }

  /**
   * What the random graphs showed.
   *
   * @param draws how many were tried
   * @param ratio largest movement of a result over the transferred error, 0 to 1: close to 0 means
   *     that the transfer says little
   */
  public record Report(int draws, double ratio) {}

  /**
   * Asserts what the definition promises.
   *
   * @param text a graph that calls the operator once, on its inputs and on constants
   * @throws AssertionError if a promise is broken
   * @throws dev.fixpoint.ir.ModelException if the text is no such graph
   */
  public Report check(String text) {
    GraphTemplate template = GraphTemplate.parse("test", text, registry());
    SplittableRandom random = new SplittableRandom(seed);
    double ratio = 0;
    for (int i = 0; i < draws; i++) {
      Graph graph = drawn(template, random);
      roundTrip(graph);
      ratio = Math.max(ratio, checkCall(graph, random));
    }
    return new Report(draws, ratio);
  }

  private OpRegistry registry() {
    return OnnxReadOptions.DEFAULT.registry().plus(op);
  }

  private Graph drawn(GraphTemplate template, SplittableRandom random) {
    for (int i = 0; i < TRIES_PER_DRAW; i++) {
      Optional<GraphTemplate.Draw> draw = template.draw(random, false);
      if (draw.isPresent()) {
        return draw.get().graph();
      }
    }
    template.with(Map.of(), random);
    throw failure("no sizes are found that fit each other; give some of them as numbers");
  }

  private void roundTrip(Graph graph) {
    String written = OnnxTextWriter.toText(graph);
    OnnxReadOptions options = OnnxReadOptions.DEFAULT.withRegistry(registry());
    String again = OnnxTextWriter.toText(OnnxTextReader.read("written", written, options));
    if (!again.equals(written)) {
      throw failure("what was written reads as something else:\n" + written + "\n" + again);
    }
  }

  private double checkCall(Graph graph, SplittableRandom random) {
    Node node =
        graph.nodes().stream()
            .filter(candidate -> candidate.opId().equals(op.id()))
            .findFirst()
            .orElseThrow(() -> failure("the graph does not call it"));
    Map<String, Tensor> first = Draws.inputs(graph, random);
    Sample sample = sample(graph, node, first, random);
    List<Tensor> results =
        op.evaluate(OpCall.ofTensors(node.attributes(), sample.first, outputs(node)));
    List<Tensor> moved =
        op.evaluate(OpCall.ofTensors(node.attributes(), sample.moved, outputs(node)));
    List<TensorType> types = op.inferTypes(sample.analysed(node));
    List<Range> ranges = op.rangeTransfer(sample.analysed(node), sample.ranges());
    List<ErrorBound> errors =
        op.errorTransfer(sample.analysed(node), sample.ranges(), sample.errors());
    double ratio = 0;
    for (int i = 0; i < results.size(); i++) {
      requireType(types.get(i), results.get(i));
      requireWithin(ranges.get(i), results.get(i), sample);
      requireWithin(ranges.get(i), moved.get(i), sample);
      ratio =
          Math.max(
              ratio,
              requireHolds("errorTransfer", errors.get(i), results.get(i), moved.get(i), sample));
    }
    requireLocalError(node, sample, results);
    return ratio;
  }

  private static int outputs(Node node) {
    return node.outputs().size();
  }

  private void requireType(TensorType inferred, Tensor result) {
    if (!inferred.isCompatibleWith(result.type())) {
      throw failure("inferTypes says " + inferred + ", but the result is " + result.type());
    }
  }

  private void requireWithin(Range range, Tensor result, Sample sample) {
    double[] values = result.toDoubles();
    for (int i = 0; i < values.length; i++) {
      Interval interval = range.at(i, result.shape());
      boolean holds =
          Double.isNaN(values[i]) ? interval.equals(Interval.ALL) : interval.contains(values[i]);
      if (!holds) {
        throw failure(
            "rangeTransfer says "
                + interval
                + ", but element "
                + i
                + " is "
                + values[i]
                + " "
                + sample);
      }
    }
  }

  private double requireHolds(
      String promise, ErrorBound bound, Tensor expected, Tensor actual, Sample sample) {
    if (!bound.isBounded()) {
      return 0;
    }
    Verdict verdict = bound.check(expected, actual);
    if (!verdict.holds()) {
      throw failure(promise + " does not hold: " + verdict + " " + sample);
    }
    return verdict.ratio();
  }

  /** Double stands for the reals: it is off by its own local error. */
  private void requireLocalError(Node node, Sample sample, List<Tensor> results) {
    List<@Nullable Tensor> wide = new ArrayList<>();
    for (Tensor input : sample.first) {
      wide.add(
          input == null || !input.elementType().isFloat()
              ? input
              : Tensor.ofDoubles(ElementType.DOUBLE, input.shape(), input.toDoubles()));
    }
    boolean takesDouble =
        op.schema().inputs().stream().anyMatch(p -> p.types().contains(ElementType.DOUBLE));
    boolean isFloat = results.getFirst().elementType().isFloat();
    if (!takesDouble || !isFloat) {
      return;
    }
    OpCall exact = OpCall.ofTensors(node.attributes(), wide, outputs(node));
    List<Tensor> inDouble = op.evaluate(exact);
    List<ErrorBound> local = op.localError(sample.analysed(node), sample.ranges());
    List<ErrorBound> own = op.localError(exact, sample.ranges());
    for (int i = 0; i < results.size(); i++) {
      Tensor result = results.get(i);
      Tensor widened = Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), result.toDoubles());
      requireHolds("localError", local.get(i).plus(own.get(i)), widened, inDouble.get(i), sample);
    }
  }

  private AssertionError failure(String problem) {
    return new AssertionError(op.id() + ": " + problem);
  }

  private static Sample sample(
      Graph graph, Node node, Map<String, Tensor> inputs, SplittableRandom random) {
    List<@Nullable Tensor> first = new ArrayList<>();
    List<@Nullable Tensor> moved = new ArrayList<>();
    List<Boolean> known = new ArrayList<>();
    double size = random.nextInt(4) == 0 ? 0 : Math.scalb(1, -random.nextInt(20));
    for (Value input : node.inputs()) {
      Tensor constant = input == null ? null : graph.constant(input);
      Tensor tensor = input == null ? null : constant == null ? inputs.get(input.name()) : constant;
      first.add(tensor);
      moved.add(tensor == null || constant != null ? tensor : shaken(tensor, size, random));
      known.add(constant != null);
    }
    return new Sample(first, moved, known);
  }

  private static Tensor shaken(Tensor tensor, double size, SplittableRandom random) {
    if (!tensor.elementType().isFloat()) {
      return tensor;
    }
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] += size * random.nextDouble(-1, 1);
    }
    return Tensor.ofDoubles(tensor.elementType(), tensor.shape(), values);
  }

  /** The inputs of one call, twice. */
  private record Sample(
      List<@Nullable Tensor> first, List<@Nullable Tensor> moved, List<Boolean> known) {
    OpCall analysed(Node node) {
      List<@Nullable TensorType> types = new ArrayList<>();
      List<@Nullable Tensor> constants = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        Tensor tensor = first.get(i);
        types.add(tensor == null ? null : tensor.type());
        constants.add(known.get(i) ? tensor : null);
      }
      return OpCall.of(node.attributes(), types, constants, List.of(), outputs(node));
    }

    List<@Nullable Range> ranges() {
      List<@Nullable Range> ranges = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        Tensor one = first.get(i);
        Tensor other = moved.get(i);
        ranges.add(
            one == null || other == null || !one.elementType().isNumeric()
                ? null
                : Range.ofTensor(one).join(Range.ofTensor(other)));
      }
      return ranges;
    }

    List<ErrorBound> errors() {
      List<ErrorBound> errors = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        Tensor one = first.get(i);
        Tensor other = moved.get(i);
        errors.add(one == null || other == null ? ErrorBound.EXACT : distance(one, other));
      }
      return errors;
    }

    private static ErrorBound distance(Tensor one, Tensor other) {
      if (!one.elementType().isFloat()) {
        return ErrorBound.EXACT;
      }
      double[] distances = one.toDoubles();
      double[] others = other.toDoubles();
      for (int i = 0; i < distances.length; i++) {
        double apart = Math.abs(distances[i] - others[i]);
        distances[i] = apart == 0 ? 0 : Math.nextUp(apart);
      }
      return ErrorBound.perElement(distances);
    }

    @Override
    public String toString() {
      return "for inputs " + first + " and " + moved;
    }
  }
}
