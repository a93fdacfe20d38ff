package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a float graph in its order that bounds, for each value, the distance of its
 * counterpart in the quantized graph from the real function.
 *
 * <p>At a node with the real function f, the quantized graph computes f̂ on inputs that are off by
 * at most d. Then {@code |f̂(x̂) - f(x)| ≤ |f̂(x̂) - f(x̂)| + |f(x̂) - f(x)|}: the first term is
 * the node's local certificate, over the ranges of the quantized graph; the second is the
 * operator's error transfer.
 */
final class ErrorSweep {
  private final Counterparts pair;
  private final Derivation derivation;
  private final CompiledRanges compiled;
  private final RealRanges real;
  private final Function<Value, ErrorBound> gaps;
  private final Predicate<Node> counted;
  private final Map<Value, ErrorBound> distances = new LinkedHashMap<>();
  private final Map<Value, ErrorBound> locals = new LinkedHashMap<>();
  private final Map<Value, Range> joint = new HashMap<>();
  private final Map<Value, WeightTerm> weightTerms = new LinkedHashMap<>();

  /**
   * Sweeps over the reference.
   *
   * @param compiled ranges of the quantized graph
   * @param real ranges of what the values of the reference stand for
   * @param gaps how far values are, where real numbers begin anew, from those that they replace
   * @param counted nodes of the reference whose local error counts; others are taken as exact
   */
  ErrorSweep(
      Counterparts pair,
      Derivation derivation,
      CompiledRanges compiled,
      RealRanges real,
      Function<Value, ErrorBound> gaps,
      Predicate<Node> counted) {
    this.pair = pair;
    this.derivation = derivation;
    this.compiled = compiled;
    this.real = real;
    this.gaps = gaps;
    this.counted = counted;
    for (Node node : pair.reference().graph().nodes()) {
      if (!node.outputs().stream().allMatch(pair.reference()::isConstant)) {
        visit(node);
      }
    }
  }

  /** How far the counterpart of a value is from the real one. */
  ErrorBound distance(Value value) {
    return distances.getOrDefault(
        value, derivation.constantErrors().getOrDefault(value, ErrorBound.EXACT));
  }

  /** What the node that makes a value adds. */
  ErrorBound local(Value value) {
    return locals.getOrDefault(value, ErrorBound.EXACT);
  }

  /** What the constants of the node that makes a value add, or null. */
  @Nullable WeightTerm weightTerm(Value value) {
    return weightTerms.get(value);
  }

  /** A range that holds a value, real and of the quantized graph. */
  Range range(Value value) {
    Range known = joint.get(value);
    return known == null ? real.range(value) : known;
  }

  private void visit(Node node) {
    Node now = pair.of(node);
    OpCall call = pair.reference().call(node);
    List<@Nullable Range> ranges = new ArrayList<>();
    List<ErrorBound> errors = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      ErrorBound error = input == null ? ErrorBound.EXACT : distance(input);
      Range range = input == null ? null : range(input);
      Quantizer quantizer = now == null || input == null ? null : quantizerAt(now, i, input);
      if (quantizer != null && range != null && counted.test(node)) {
        ErrorBound moved = compiled.distance(quantizer);
        error = error.plus(moved);
        range = range.widened(moved);
      }
      errors.add(error);
      ranges.add(range);
    }
    List<ErrorBound> local =
        Quantizer.isPartOfOne(node) && now == node
            ? Transfers.each(node.outputs().size(), ErrorBound.EXACT)
            : node.op().localError(call, ranges);
    List<ErrorBound> moved =
        Counterparts.isStub(node)
            ? errors.subList(0, 1)
            : node.op().errorTransfer(call, ranges, errors);
    List<Range> images = node.op().rangeTransfer(call, ranges);
    for (int i = 0; i < node.outputs().size(); i++) {
      ErrorBound own = ErrorBound.EXACT;
      if (counted.test(node)) {
        own = own(node, now, i).plus(approximation(node.output(i)));
        own = Counterparts.isStub(node) ? own : own.plus(local.get(i));
      }
      own = LostBound.explained(node, ranges, errors, own);
      ErrorBound carried = LostBound.explained(node, ranges, errors, moved.get(i));
      settle(node.output(i), own, carried, images.get(i));
    }
  }

  /** A quantizer that stands in the compiled graph alone, between a node and its input. */
  private @Nullable Quantizer quantizerAt(Node now, int index, Value input) {
    Value read = now.inputOrNull(index);
    if (read == null || read.equals(pair.of(input))) {
      return null;
    }
    Quantizer quantizer = compiled.quantizer(read);
    return quantizer != null && quantizer.input().equals(pair.of(input)) ? quantizer : null;
  }

  private void settle(Value value, ErrorBound own, ErrorBound moved, Range image) {
    locals.put(value, own);
    Value now = pair.of(value);
    ErrorBound distance = moved.plus(own).plus(gaps.apply(value));
    Range range = image;
    if (now != null) {
      Range meant = real.range(value);
      Range reached = compiled.range(now);
      if (meant.isBounded() && reached.isBounded()) {
        distance = distance.meet(reached.distance(meant));
      }
      range = reached.widened(distance).meet(reached.join(meant));
    }
    distances.put(value, distance);
    joint.put(value, range);
  }

  /** How far the compiled node is from the node at the same inputs. */
  private ErrorBound own(Node node, @Nullable Node now, int output) {
    if (now == null || now == node) {
      return ErrorBound.EXACT;
    }
    Value made = node.output(output);
    Quantizer quantizer = compiled.quantizer(now.output());
    if (Counterparts.isStub(node)) {
      if (quantizer != null && quantizer.input().equals(pair.of(node.input(0)))) {
        return compiled.distance(quantizer);
      }
      return now.output().equals(pair.of(node.input(0))) ? ErrorBound.EXACT : promised(made, now);
    }
    if (pair.sameFunction(node, now) && inputsAgree(node, now)) {
      ChangedConstants changed = ChangedConstants.of(pair, compiled, node, now, output);
      if (changed.term() != null) {
        weightTerms.put(made, changed.term());
      }
      return changed.bound();
    }
    return promised(made, now);
  }

  private ErrorBound approximation(Value value) {
    return derivation.approximations().getOrDefault(value, ErrorBound.EXACT);
  }

  private ErrorBound promised(Value made, Node now) {
    ErrorBound promise = derivation.promises().get(made);
    return promise == null
        ? ErrorBound.unbounded("nothing says what " + now.describe() + " stands for")
        : promise;
  }

  private boolean inputsAgree(Node node, Node now) {
    int count = Math.max(node.inputs().size(), now.inputs().size());
    for (int i = 0; i < count; i++) {
      Value before = node.inputOrNull(i);
      Value after = now.inputOrNull(i);
      boolean quantized = before != null && quantizerAt(now, i, before) != null;
      if (!quantized && !pair.agrees(before, after)) {
        return false;
      }
    }
    return true;
  }
}
