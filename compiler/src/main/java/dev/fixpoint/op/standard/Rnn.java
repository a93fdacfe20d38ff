package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import java.util.List;

/** ONNX RNN, the simple recurrent layer: {@code h' = f(W x + R h + b)}. */
public final class Rnn extends RecurrentOperator {
  /** {@code Y?, Y_h? = RNN(X, W, R, B?, sequence_lens?, initial_h?)}. */
  public static final OpSchema SCHEMA =
      schema("RNN", 1, 7, 14, 22)
          .optionalOutput("Y", Types.FLOATS)
          .optionalOutput("Y_h", Types.FLOATS)
          .attributes(
              ACTIVATION_ALPHA, ACTIVATION_BETA, ACTIVATIONS, CLIP, DIRECTION, HIDDEN_SIZE, LAYOUT)
          .doc("A simple recurrent layer.");

  Rnn() {
    super(SCHEMA);
  }

  @Override
  int gates() {
    return 1;
  }

  @Override
  List<String> defaultActivations() {
    return List.of("Tanh");
  }

  @Override
  RecurrentCell cell(OpCall call, RecurrentWeights weights, RecurrentActivations functions) {
    return new Cell(weights, functions);
  }

  private record Cell(RecurrentWeights weights, RecurrentActivations functions)
      implements RecurrentCell {
    @Override
    public void step(double[] fromInput, double[] hidden, double[] cell) {
      double[] fromState = weights.fromState(0, hidden);
      for (int j = 0; j < hidden.length; j++) {
        hidden[j] = functions.apply(0, fromInput[j] + fromState[j]);
      }
    }
  }
}
