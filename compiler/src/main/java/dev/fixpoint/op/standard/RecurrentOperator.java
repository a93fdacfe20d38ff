package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer, forward, reverse or both. X is [sequence, batch, input], or with layout 1
 * [batch, sequence, input]; Y is [sequence, directions, batch, hidden] or [batch, sequence,
 * directions, hidden]; final states are [directions, batch, hidden] or [batch, directions, hidden].
 * A definition says its gates and its cell.
 */
abstract class RecurrentOperator implements OpDefinition {
  /** Names of the activation functions of each direction; see each operator's default. */
  public static final Attribute<List<String>> ACTIVATIONS = Attribute.ofStrings("activations");

  /** First parameters of the activation functions that have one, in order. */
  public static final Attribute<List<Float>> ACTIVATION_ALPHA =
      Attribute.ofFloats("activation_alpha");

  /** Second parameters of the activation functions that have one, in order. */
  public static final Attribute<List<Float>> ACTIVATION_BETA =
      Attribute.ofFloats("activation_beta");

  /** Arguments of activation functions are moved into [-clip, clip] where given. */
  public static final Attribute<Float> CLIP = Attribute.ofFloat("clip");

  /** {@code forward}, {@code reverse} or {@code bidirectional}. */
  public static final Attribute<String> DIRECTION = Attribute.ofString("direction", "forward");

  /** Number of elements of the state. */
  public static final Attribute<Long> HIDDEN_SIZE = Attribute.ofInt("hidden_size");

  /** Whether the batch axis comes first. */
  public static final Attribute<Long> LAYOUT = Attribute.ofInt("layout", 0);

  /** Longer sequences are not followed step by step. */
  private static final long MOST_STEPS = 1 << 20;

  static final int X = 0;
  static final int W = 1;
  static final int R = 2;
  static final int B = 3;
  static final int SEQUENCE_LENS = 4;
  static final int INITIAL_H = 5;
  static final int INITIAL_C = 6;
  static final int P = 7;

  private final OpSchema schema;

  RecurrentOperator(OpSchema schema) {
    this.schema = schema;
  }

  /** The inputs that all recurrent layers have. */
  static OpSchema.Builder schema(String name, Integer... versions) {
    return OpSchema.of(name)
        .versions(versions)
        .input("X", Types.FLOATS)
        .input("W", Types.FLOATS)
        .input("R", Types.FLOATS)
        .optionalInput("B", Types.FLOATS)
        .optionalInput("sequence_lens", Set.of(ElementType.INT32))
        .optionalInput("initial_h", Types.FLOATS);
  }

  /** Number of gates, each with weights of its own. */
  abstract int gates();

  /** Names of the activation functions of one direction where none are given. */
  abstract List<String> defaultActivations();

  /** The cell of one direction. */
  abstract RecurrentCell cell(
      OpCall call, RecurrentWeights weights, RecurrentActivations functions);

  /** Whether there is a cell state besides the hidden one. */
  boolean hasCellState() {
    return false;
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  static int directions(OpCall call) {
    return switch (call.get(DIRECTION)) {
      case "forward", "reverse" -> 1;
      case "bidirectional" -> 2;
      default ->
          throw new IllegalArgumentException("there is no direction '" + call.get(DIRECTION) + "'");
    };
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(X);
    boolean batchFirst = call.attributes().isSet(LAYOUT);
    Shape shape = Axes.ofRank(call, X, 3);
    Dimension first = shape.dimension(0);
    Dimension second = shape.dimension(1);
    Dimension directions = Dimension.of(directions(call));
    Dimension hidden = hidden(call);
    TensorType all =
        x.withShape(
            Shape.of(
                batchFirst
                    ? List.of(first, second, directions, hidden)
                    : List.of(first, directions, second, hidden)));
    TensorType last =
        x.withShape(
            Shape.of(
                batchFirst
                    ? List.of(first, directions, hidden)
                    : List.of(directions, second, hidden)));
    return List.of(all, last, last).subList(0, call.outputCount());
  }

  private static Dimension hidden(OpCall call) {
    Long given = call.attributes().find(HIDDEN_SIZE);
    return given == null ? Axes.ofRank(call, R, 3).dimension(2) : Dimension.of(given);
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    for (int input : new int[] {X, W, R}) {
      Axes.ofRank(call, input, 3);
    }
    RecurrentSequence sequence = new RecurrentSequence(call);
    for (int direction = 0; direction < directions(call); direction++) {
      RecurrentWeights weights = RecurrentWeights.of(call, gates(), direction);
      RecurrentActivations functions =
          RecurrentActivations.of(call, direction, defaultActivations());
      sequence.run(direction, cell(call, weights, functions));
    }
    return sequence.outputs(call.outputCount());
  }

  /**
   * States of the default activations lie between those of sigmoid and tanh; a cell state grows by
   * at most 1 in a step.
   */
  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (call.attributes().has(ACTIVATIONS)) {
      return Transfers.each(call.outputCount(), Range.ALL);
    }
    Range states = Range.of(-1, 1);
    Range last =
        call.hasInput(INITIAL_H) ? states.join(Ranges.at(ranges, INITIAL_H).uniform()) : states;
    return List.of(hasCellState() ? states : last, last, cells(call, ranges))
        .subList(0, call.outputCount());
  }

  private Range cells(OpCall call, List<@Nullable Range> ranges) {
    long steps = steps(call);
    double first = call.hasInput(INITIAL_C) ? Ranges.at(ranges, INITIAL_C).magnitude() : 0;
    double largest = Outward.multiplyUp(first + steps, 1 + 0x1p-30);
    return steps < 0
        ? Range.ALL
        : Range.of(Transfers.stored(call.type(X).elementType(), Interval.symmetric(largest)));
  }

  /** Number of steps, or -1 where it is not known. */
  private static long steps(OpCall call) {
    Shape x = call.type(X).shape();
    int axis = call.attributes().isSet(LAYOUT) ? 1 : 0;
    return x.isRanked() && x.dimension(axis).isFixed() ? x.size(axis) : -1;
  }

  private static boolean isFollowed(OpCall call) {
    return !call.attributes().has(ACTIVATIONS)
        && steps(call) >= 0
        && steps(call) <= MOST_STEPS
        && call.type(W).shape().isStatic()
        && call.type(R).shape().isStatic();
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.stream().allMatch(ErrorBound.Exact.class::isInstance)) {
      return Transfers.each(call.outputCount(), ErrorBound.EXACT);
    }
    boolean sameLengths =
        errors.size() <= SEQUENCE_LENS || errors.get(SEQUENCE_LENS) instanceof ErrorBound.Exact;
    if (!isFollowed(call) || !sameLengths) {
      return Transfers.each(call.outputCount(), unbounded());
    }
    double[] moved = RecurrentTransfer.moved(call, ranges, errors, gates(), steps(call));
    List<ErrorBound> local = localError(call, ranges);
    List<ErrorBound> all = new ArrayList<>();
    for (int output = 0; output < call.outputCount(); output++) {
      ErrorBound state = ErrorBound.uniform(moved[output < 2 ? 0 : 1]);
      all.add(state.plus(local.get(output).scaledBy(2)));
    }
    return all;
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (!isFollowed(call)) {
      return Transfers.each(call.outputCount(), unbounded());
    }
    double[] inDouble = RecurrentTransfer.rounded(call, ranges, gates(), steps(call));
    List<Range> results = rangeTransfer(call, ranges);
    List<ErrorBound> all = new ArrayList<>();
    for (int output = 0; output < call.outputCount(); output++) {
      ErrorBound state = ErrorBound.uniform(inDouble[output < 2 ? 0 : 1]);
      Range widest = results.get(output).widened(state);
      all.add(state.plus(Transfers.rounding(call.type(X).elementType(), widest)));
    }
    return all;
  }

  private ErrorBound unbounded() {
    return ErrorBound.unbounded(
        "errors are not followed through other activations or unknown sizes of " + id());
  }

  @Override
  public final long multiplyAccumulates(OpCall call) {
    return call.type(X).shape().size(0)
        * call.type(X).shape().size(1)
        * (call.type(W).shape().elementCount() + call.type(R).shape().elementCount());
  }
}
