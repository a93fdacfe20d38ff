package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far every value of a compiled graph can be from that of its source: local certificates of
 * rewritten nodes, carried downstream by the operators' error transfers, per channel, for all
 * inputs in the declared box.
 *
 * <p>All bounds are between the reference semantics of both graphs. They hold for the quantized
 * graph as it is written, and for the integer operators that it is lowered to.
 */
public final class ErrorAnalysis {
  private final Derivation derivation;
  private final Map<String, Range> inputRanges;
  private final Counterparts pair;
  private final FoldedGraph source;
  private final Side unclipped;
  private final Side unconditional;

  /** Both sweeps under one assumption on clipping. */
  private record Side(
      CompiledRanges ranges, RealRanges real, ErrorSweep compiled, SourceSweep source) {
    ErrorBound ofReference(Value value) {
      return compiled.distance(value);
    }

    ErrorBound ofSource(Value value, @Nullable Value now) {
      ErrorBound distance = compiled.distance(value).plus(source.distance(value));
      Range real = source.declared(value);
      if (now == null || !real.isBounded() || !ranges.range(now).isBounded()) {
        return distance;
      }
      return distance.meet(ranges.range(now).distance(real));
    }
  }

  /**
   * Analyses a compilation.
   *
   * @param inputRanges declared range by input name: the box
   */
  public ErrorAnalysis(Derivation derivation, Map<String, Range> inputRanges) {
    this.derivation = derivation;
    this.inputRanges = Map.copyOf(inputRanges);
    this.pair = Counterparts.of(derivation);
    this.source =
        derivation.source() == derivation.reference()
            ? pair.reference()
            : FoldedGraph.of(derivation.source());
    this.unclipped = unclipped();
    this.unconditional = unconditional();
  }

  /** In any case: the ranges of values of both graphs narrow those of the source alone. */
  private Side unconditional() {
    CompiledRanges compiled = new CompiledRanges(pair, derivation.promises(), inputRanges, true);
    RangeAnalysis ofSource = new RangeAnalysis(source, inputRanges, Map.of());
    RealRanges real = new RealRanges(pair.reference(), derivation, ofSource);
    ErrorSweep sweep =
        new ErrorSweep(pair, derivation, compiled, real, _ -> ErrorBound.EXACT, _ -> true);
    SourceSweep swept =
        new SourceSweep(source, pair.reference(), derivation, ofSource, sweep::range, Set.of());
    return new Side(compiled, real, sweep, swept);
  }

  /**
   * While nothing clips: what a quantizer reads lies in its range, and so does what the source has
   * there. So the comparison can begin anew at these values.
   */
  private Side unclipped() {
    CompiledRanges compiled = new CompiledRanges(pair, derivation.promises(), inputRanges, false);
    Map<Value, Range> limits =
        Anchors.of(derivation.source(), derivation.reference(), compiled.limits());
    RangeAnalysis ofSource = new RangeAnalysis(source, inputRanges, limits);
    SourceSweep swept =
        new SourceSweep(
            source, pair.reference(), derivation, ofSource, ofSource::range, limits.keySet());
    RealRanges real = new RealRanges(pair.reference(), derivation, ofSource);
    ErrorSweep sweep = new ErrorSweep(pair, derivation, compiled, real, swept::gap, _ -> true);
    return new Side(compiled, real, sweep, swept);
  }

  /** The certificates of all values that the quantized graph shares with the float one. */
  public ErrorReport report() {
    List<ErrorReport.Line> lines = new ArrayList<>();
    for (Node node : derivation.reference().nodes()) {
      for (Value value : node.outputs()) {
        Value now = pair.of(value);
        if (now != null
            && !pair.reference().isConstant(value)
            && derivation.reference().type(value).elementType().isFloat()) {
          lines.add(line(node, value, now));
        }
      }
    }
    Map<String, Certificate> outputs = new LinkedHashMap<>();
    for (Value output : derivation.source().outputs()) {
      outputs.put(output.name(), certificate(output));
    }
    return new ErrorReport(lines, outputs, inputRanges);
  }

  private ErrorReport.Line line(Node node, Value value, Value now) {
    Node maker = derivation.target().producer(now);
    return new ErrorReport.Line(
        now.name(),
        maker == null ? node.describe() : maker.describe(),
        new Certificate(unclipped.compiled.local(value), unconditional.compiled.local(value)),
        certificate(value));
  }

  /** The certificate of a value of the source or the reference. */
  public Certificate certificate(Value value) {
    if (!derivation.source().values().contains(value)) {
      return new Certificate(unclipped.ofReference(value), unconditional.ofReference(value));
    }
    Value now = pair.of(value);
    return new Certificate(unclipped.ofSource(value, now), unconditional.ofSource(value, now));
  }

  /**
   * The input for which the changed weights of the node that makes a value do the most, where they
   * are constant.
   */
  public Optional<WeightWitness> witness(Value value) {
    WeightTerm term = weightTerm(value);
    return term == null ? Optional.empty() : Optional.ofNullable(term.witness());
  }

  /** What the changed constants of the node that makes a value do, or null where none changed. */
  @Nullable WeightTerm weightTerm(Value value) {
    return unclipped.compiled.weightTerm(value);
  }

  /**
   * The nodes that an output's bound comes from, the largest contribution first: each is the bound,
   * while nothing clips, that would be left if all others were exact.
   *
   * @param most how many to give at most
   */
  public List<Contribution> contributions(Value output, int most) {
    List<Contribution> all = new ArrayList<>();
    for (Node node : derivation.reference().nodes()) {
      boolean adds =
          node.outputs().stream().anyMatch(value -> unclipped.compiled.local(value).max() > 0);
      if (adds) {
        Set<Node> alone = Set.of(node);
        ErrorBound left =
            new ErrorSweep(
                    pair,
                    derivation,
                    unclipped.ranges,
                    unclipped.real,
                    unclipped.source::gap,
                    alone::contains)
                .distance(output);
        all.add(new Contribution(node.describe(), left.max()));
      }
    }
    all.sort(Comparator.comparingDouble(Contribution::bound).reversed());
    return all.subList(0, Math.min(most, all.size()));
  }

  /**
   * What one node contributes to the bound of an output.
   *
   * @param node the node
   * @param bound the bound if everything else were exact
   */
  public record Contribution(String node, double bound) {}
}
