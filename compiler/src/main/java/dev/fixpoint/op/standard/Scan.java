package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Evaluates a subgraph for each index of an axis of the scan inputs: it takes the state and a slice
 * of each, and gives the next state and values that are stacked. The form of opset 9; that of opset
 * 8, which has a batch axis and an optional first input, is not supported.
 */
public final class Scan implements SubgraphOperator {
  /** What is evaluated for each index. */
  public static final Attribute<Body> BODY = Attribute.ofGraph("body").required();

  /** How many of the inputs, the last ones, are scanned; the others are the state. */
  public static final Attribute<Long> NUM_SCAN_INPUTS =
      Attribute.ofInt("num_scan_inputs").required();

  /** The axis of each scan input; 0 where absent. */
  public static final Attribute<List<Long>> INPUT_AXES = Attribute.ofInts("scan_input_axes");

  /** Whether each scan input is read backwards (1). */
  public static final Attribute<List<Long>> INPUT_DIRECTIONS =
      Attribute.ofInts("scan_input_directions");

  /** The axis along which each scan output is stacked; 0 where absent. */
  public static final Attribute<List<Long>> OUTPUT_AXES = Attribute.ofInts("scan_output_axes");

  /** Whether each scan output is stacked backwards (1). */
  public static final Attribute<List<Long>> OUTPUT_DIRECTIONS =
      Attribute.ofInts("scan_output_directions");

  /** {@code final_state_and_scan_outputs... = Scan(initial_state_and_scan_inputs...)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Scan")
          .versions(8, 9, 11, 16, 19, 21, 23, 24, 25)
          .variadicInput("initial_state_and_scan_inputs", Types.ALL)
          .variadicOutput("final_state_and_scan_outputs", Types.ALL)
          .attributes(
              BODY, NUM_SCAN_INPUTS, INPUT_AXES, INPUT_DIRECTIONS, OUTPUT_AXES, OUTPUT_DIRECTIONS)
          .doc("Evaluates a subgraph for each index of an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  /** Opset 8 has an optional first input. */
  private static boolean isOld(OpCall call) {
    return !call.hasInput(0);
  }

  private static int states(OpCall call) {
    int states = call.inputCount() - call.attributes().getInt(NUM_SCAN_INPUTS);
    if (states < 0) {
      throw new IllegalArgumentException("there are fewer inputs than num_scan_inputs");
    }
    return states;
  }

  private static long entry(OpCall call, Attribute<List<Long>> key, int index) {
    List<Long> values = call.attributes().find(key);
    return values == null ? 0 : values.get(index);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    if (isOld(call)) {
      return Transfers.each(call.outputCount(), TensorType.UNKNOWN);
    }
    List<TensorType> made = call.get(BODY).outputTypes();
    int states = states(call);
    Dimension length = length(call, states);
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      TensorType type = made.get(i);
      if (i < states) {
        types.add(SubgraphOperator.either(call.type(i), type));
      } else {
        types.add(stacked(type, entry(call, OUTPUT_AXES, i - states), length));
      }
    }
    return types;
  }

  private static Dimension length(OpCall call, int states) {
    Dimension length = Dimension.UNKNOWN;
    for (int i = states; i < call.inputCount(); i++) {
      Shape shape = call.type(i).shape();
      if (shape.isRanked()) {
        int axis = Axes.normalized(entry(call, INPUT_AXES, i - states), shape.rank());
        length = Axes.merged(length, shape.dimension(axis), axis);
      }
    }
    return length;
  }

  private static TensorType stacked(TensorType each, long axis, Dimension length) {
    if (!each.shape().isRanked()) {
      return each;
    }
    List<Dimension> dimensions = new ArrayList<>(each.shape().dimensions());
    dimensions.add(Axes.normalized(axis, dimensions.size() + 1), length);
    return each.withShape(Shape.of(dimensions));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    if (isOld(call)) {
      throw new UnsupportedOperationException(
          "Scan of opset 8, with a batch axis, is not supported; convert the model to opset 9");
    }
    Body body = call.get(BODY);
    int states = states(call);
    int length = length(call, states) instanceof Dimension.Fixed fixed ? (int) fixed.size() : 0;
    List<Tensor> state = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      state.add(call.tensor(i));
    }
    List<List<Tensor>> scanned = new ArrayList<>();
    for (int i = states; i < body.outputTypes().size(); i++) {
      scanned.add(new ArrayList<>());
    }
    for (int step = 0; step < length; step++) {
      List<Tensor> inputs = new ArrayList<>(state);
      for (int i = states; i < call.inputCount(); i++) {
        inputs.add(slice(call, i, states, step, length));
      }
      List<Tensor> outputs = body.evaluate(inputs);
      for (int i = 0; i < scanned.size(); i++) {
        scanned.get(i).add(outputs.get(states + i));
      }
      state = new ArrayList<>(outputs.subList(0, states));
    }
    for (int i = 0; i < scanned.size(); i++) {
      state.add(stacked(call, scanned.get(i), i, body.outputTypes().get(states + i)));
    }
    return state;
  }

  private static Tensor slice(OpCall call, int input, int states, int step, int length) {
    Tensor tensor = call.tensor(input);
    int scan = input - states;
    int axis = Axes.normalized(entry(call, INPUT_AXES, scan), tensor.shape().rank());
    boolean isBackward = entry(call, INPUT_DIRECTIONS, scan) != 0;
    return Stacks.slice(tensor, axis, isBackward ? length - 1 - step : step);
  }

  private static Tensor stacked(OpCall call, List<Tensor> slices, int scan, TensorType type) {
    List<Tensor> ordered = new ArrayList<>(slices);
    if (entry(call, OUTPUT_DIRECTIONS, scan) != 0) {
      Collections.reverse(ordered);
    }
    return Stacks.stack(ordered, entry(call, OUTPUT_AXES, scan), type);
  }
}
