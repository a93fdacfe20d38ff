package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import java.util.List;

/**
 * ONNX GRU, the gated recurrent unit: {@code z = f(W x + R h + b)}, {@code r} alike, {@code n = g(W
 * x + R (r h) + b)}, {@code h' = (1 - z) n + z h}. Gates are in the order z, r, n.
 */
public final class Gru extends RecurrentOperator {
  /** Whether the reset gate is applied to {@code R h + b} rather than to h. */
  public static final Attribute<Long> LINEAR_BEFORE_RESET =
      Attribute.ofInt("linear_before_reset", 0);

  /** {@code Y?, Y_h? = GRU(X, W, R, B?, sequence_lens?, initial_h?)}. */
  public static final OpSchema SCHEMA =
      schema("GRU", 1, 3, 7, 14, 22)
          .optionalOutput("Y", Types.FLOATS)
          .optionalOutput("Y_h", Types.FLOATS)
          .attributes(
              ACTIVATION_ALPHA,
              ACTIVATION_BETA,
              ACTIVATIONS,
              CLIP,
              DIRECTION,
              HIDDEN_SIZE,
              LAYOUT,
              LINEAR_BEFORE_RESET)
          .doc("A layer of gated recurrent units.");

  Gru() {
    super(SCHEMA);
  }

  @Override
  int gates() {
    return 3;
  }

  @Override
  List<String> defaultActivations() {
    return List.of("Sigmoid", "Tanh");
  }

  @Override
  RecurrentCell cell(OpCall call, RecurrentWeights weights, RecurrentActivations functions) {
    return new Cell(weights, functions, call.attributes().isSet(LINEAR_BEFORE_RESET));
  }

  private record Cell(
      RecurrentWeights weights, RecurrentActivations functions, boolean linearBeforeReset)
      implements RecurrentCell {
    @Override
    public void step(double[] fromInput, double[] hidden, double[] cell) {
      int size = hidden.length;
      double[] update = weights.fromState(0, hidden);
      double[] reset = weights.fromState(1, hidden);
      double[] kept = new double[size];
      for (int j = 0; j < size; j++) {
        update[j] = functions.apply(0, fromInput[j] + update[j]);
        reset[j] = functions.apply(0, fromInput[size + j] + reset[j]);
        kept[j] = reset[j] * hidden[j];
      }
      double[] fromState = weights.fromState(2, linearBeforeReset ? hidden : kept);
      for (int j = 0; j < size; j++) {
        double recurrent = linearBeforeReset ? reset[j] * fromState[j] : fromState[j];
        double candidate = functions.apply(1, fromInput[2 * size + j] + recurrent);
        hidden[j] = (1 - update[j]) * candidate + update[j] * hidden[j];
      }
    }
  }
}
