package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a float graph around one input, whose values are at hand: what the quantized graph
 * adds to each value, as an affine form.
 */
final class AffineSweep {
  /** Operators whose results are elements of their first input, wherever they put them. */
  private static final Set<OpId> MOVEMENTS =
      Set.of(
          OpId.of("Flatten"),
          OpId.of("Identity"),
          OpId.of("Reshape"),
          OpId.of("Slice"),
          OpId.of("Squeeze"),
          OpId.of("Transpose"),
          OpId.of("Unsqueeze"));

  /** Operators that are linear in their only input and take each sample by itself. */
  private static final Set<OpId> MEANS =
      Set.of(OpId.of("AveragePool"), OpId.of("GlobalAveragePool"));

  private static final OpId RELU = OpId.of("Relu");
  private static final OpId ADD = OpId.of("Add");

  /** Roundings of both graphs and of an integer operator's epilogue, relative to a sum. */
  private static final double ROUNDINGS = 0x1p-19;

  private final Counterparts pair;
  private final CompiledRanges compiled;
  private final LinearMaps maps;
  private final Map<Value, Tensor> tensors;
  private final Map<Value, AffineForm> forms = new HashMap<>();
  private int symbols;

  /** Sweeps over the reference, whose values are given. */
  AffineSweep(
      Counterparts pair,
      CompiledRanges compiled,
      LinearMaps maps,
      int mostSymbols,
      Map<Value, Tensor> tensors) {
    this.pair = pair;
    this.compiled = compiled;
    this.maps = maps;
    this.tensors = Map.copyOf(tensors);
    for (Node node : pair.reference().graph().nodes()) {
      for (int i = 0; i < node.outputs().size(); i++) {
        Value output = node.output(i);
        if (tensor(output).elementType().isFloat() && !pair.reference().isConstant(output)) {
          forms.put(output, visit(node, i).capped(mostSymbols));
        }
      }
    }
  }

  /** What is added to a value. */
  AffineForm form(Value value) {
    AffineForm found = forms.get(value);
    return found == null
        ? AffineForm.point(new double[Math.toIntExact(tensor(value).elementCount())])
        : found;
  }

  private Tensor tensor(Value value) {
    Tensor tensor = tensors.get(value);
    if (tensor == null) {
      throw new IllegalStateException("'" + value.name() + "' was not computed");
    }
    return tensor;
  }

  private double[] real(Value value) {
    return tensor(value).toDoubles();
  }

  private AffineForm visit(Node node, int output) {
    Node now = pair.of(node);
    if (Counterparts.isStub(node)) {
      return quantized(node, now);
    }
    AffineForm exact =
        now != null && node.outputs().size() == 1 && keepsInputs(node, now)
            ? followed(node, now)
            : null;
    return exact == null ? byTransfer(node, now, output) : exact;
  }

  /** Whether the compiled node applies the same function to the same values. */
  private boolean keepsInputs(Node node, Node now) {
    if (now == node) {
      return true;
    }
    boolean keeps = node.outputs().size() == 1 && pair.sameFunction(node, now);
    for (int i = 0; i < Math.max(node.inputs().size(), now.inputs().size()); i++) {
      keeps &= pair.agrees(node.inputOrNull(i), now.inputOrNull(i));
    }
    return keeps;
  }

  private AffineForm quantized(Node stub, @Nullable Node now) {
    AffineForm form = form(stub.input(0));
    Quantizer quantizer = now == null ? null : compiled.quantizer(now.output());
    if (quantizer == null || !quantizer.input().equals(pair.of(stub.input(0)))) {
      return form;
    }
    double[] ones = new double[form.size()];
    Arrays.fill(ones, 1);
    double[] steps = allowances(compiled.distance(quantizer), tensor(stub.output()).shape());
    return mapped(form, ones, new double[form.size()], steps);
  }

  private AffineForm mapped(
      AffineForm form, double[] factor, double[] shift, double[] uncertainty) {
    AffineForm mapped = form.mapped(factor, shift, uncertainty, symbols);
    symbols = Math.max(symbols, mapped.symbols().size());
    return mapped;
  }

  private AffineForm relu(double[] x, AffineForm d) {
    ReluDifference difference = ReluDifference.of(x, d);
    return mapped(d, difference.factor(), difference.shift(), difference.fresh());
  }

  /** The difference through an operator that affine forms can follow, or null. */
  private @Nullable AffineForm followed(Node node, Node now) {
    OpId op = node.opId();
    OpCall before = call(node, pair.reference());
    WeightedSum sum = node.op().weightedSum(before);
    if (sum != null) {
      return AffineSum.isFollowed(node, sum) ? weighted(node, now, before, sum) : null;
    }
    if (ChangedConstants.any(before, call(now, pair.target()))) {
      return null;
    }
    if (MOVEMENTS.contains(op)) {
      return form(node.input(0)).selected(positions(node));
    }
    if (op.equals(RELU)) {
      return relu(real(node.input(0)), form(node.input(0)));
    }
    if (op.equals(ADD)) {
      return sum(node);
    }
    if (MEANS.contains(op)) {
      long count = tensor(node.output()).elementCount();
      Shape shape = before.type(0).shape();
      LinearMap map = maps.of(node, node.attributes(), shape, count, List.of());
      return map == null ? null : rounded(form(node.input(0)).times(map), real(node.output()));
    }
    return null;
  }

  private @Nullable AffineForm weighted(Node node, Node now, OpCall before, WeightedSum sum) {
    AffineForm d = form(node.input(0));
    int count = Math.toIntExact(tensor(node.output()).elementCount());
    AffineSum sums =
        AffineSum.of(
            maps, node, now, before, call(now, pair.target()), real(node.input(0)), d, count);
    if (sums == null) {
      return null;
    }
    double[] real = sums.real();
    AffineForm result = rounded(sums.difference(), sums.magnitude());
    Value residual = sum.residual() < 0 ? null : node.inputOrNull(sum.residual());
    if (residual != null) {
      double[] added = real(residual);
      for (int i = 0; i < real.length; i++) {
        real[i] += added[i];
      }
      result = rounded(result.plus(form(residual)), added);
    }
    return AffineSum.isRelu(node) ? relu(real, result) : result;
  }

  private @Nullable AffineForm sum(Node node) {
    Shape shape = tensor(node.output()).shape();
    AffineForm result = null;
    for (Value input : node.inputs()) {
      if (input == null || pair.reference().isConstant(input)) {
        continue;
      }
      if (!tensor(input).shape().equals(shape)) {
        return null;
      }
      result = result == null ? form(input) : result.plus(form(input));
    }
    return result == null ? null : rounded(result, real(node.output()));
  }

  /** More for the roundings of both graphs, at real numbers of the given magnitudes. */
  private static AffineForm rounded(AffineForm form, double[] real) {
    double[] more = form.magnitude();
    for (int i = 0; i < more.length; i++) {
      more[i] = ROUNDINGS * (Math.abs(real[i]) + more[i]);
    }
    return form.widened(more);
  }

  /** Which element of its input each element of a movement's result is. */
  private int[] positions(Node node) {
    Tensor x = tensor(node.input(0));
    double[] indices = new double[Math.toIntExact(x.elementCount())];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
    }
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(Tensor.ofDoubles(ElementType.DOUBLE, x.shape(), indices));
    for (Value input : node.inputs().subList(1, node.inputs().size())) {
      inputs.add(input == null ? null : tensor(input));
    }
    double[] moved = ReferenceInterpreter.evaluate(node, inputs).getFirst().toDoubles();
    return Arrays.stream(moved).mapToInt(i -> (int) i).toArray();
  }

  /** The call of a node for this input. */
  private OpCall call(Node node, FoldedGraph graph) {
    return TypeInference.call(
        node,
        value -> {
          Tensor tensor = tensors.get(value);
          return tensor == null ? graph.graph().type(value) : tensor.type();
        },
        graph::constant,
        graph.graph()::shapeValue);
  }

  /** The difference by the operator's own error transfer, element by element, without symbols. */
  private AffineForm byTransfer(Node node, @Nullable Node now, int output) {
    OpCall call = call(node, pair.reference());
    List<@Nullable Range> ranges = new ArrayList<>();
    List<ErrorBound> errors = new ArrayList<>();
    for (Value input : node.inputs()) {
      ErrorBound error =
          input == null || !forms.containsKey(input)
              ? ErrorBound.EXACT
              : ErrorBound.perElement(form(input).magnitude());
      boolean number = input != null && tensor(input).elementType().isNumeric();
      errors.add(error);
      ranges.add(input != null && number ? Range.ofTensor(tensor(input)).widened(error) : null);
    }
    ErrorBound moved = node.op().errorTransfer(call, ranges, errors).get(output);
    ErrorBound local = node.op().localError(call, ranges).get(output).scaledBy(2);
    ErrorBound all = moved.plus(local).plus(constants(node, now));
    double[] radius = allowances(all, tensor(node.output(output)).shape());
    return rounded(AffineForm.box(new double[radius.length], radius), real(node.output(output)));
  }

  /** What a node that is not followed adds by its constants. */
  private ErrorBound constants(Node node, @Nullable Node now) {
    if (now == null || now == node) {
      return ErrorBound.EXACT;
    }
    if (!keepsInputs(node, now)) {
      return ErrorBound.unbounded("nothing says what " + now.describe() + " stands for");
    }
    OpCall before = pair.reference().call(node);
    OpCall after = pair.target().call(now);
    if (!ChangedConstants.any(before, after)) {
      return ErrorBound.EXACT;
    }
    WeightTerm term = WeightTerm.of(now.op(), before, after, compiled.range(now.input(0)));
    return term == null
        ? ErrorBound.unbounded("a constant of " + now.describe() + " moved")
        : term.bound();
  }

  /** A bound spread over the elements of a tensor; infinite where there is none. */
  private static double[] allowances(ErrorBound bound, Shape shape) {
    double[] values = new double[Math.toIntExact(shape.elementCount())];
    double[] given = bound.allowances();
    Spread spread = bound.spread();
    for (int i = 0; i < values.length; i++) {
      values[i] = given[spread.indexOf(i, shape)];
    }
    return values;
  }
}
