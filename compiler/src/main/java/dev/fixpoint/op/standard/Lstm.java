package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import java.util.List;

/**
 * ONNX LSTM, the long short-term memory: {@code i = f(W x + R h + P c + b)}, {@code o} (with the
 * new c) and {@code f} alike, {@code g = g(W x + R h + b)}, {@code c' = f c + i g}, {@code h' = o
 * h(c')}. Gates are in the order i, o, f, g; peepholes in the order i, o, f.
 */
public final class Lstm extends RecurrentOperator {
  /** Whether the forget gate is {@code 1 - i}. */
  public static final Attribute<Long> INPUT_FORGET = Attribute.ofInt("input_forget", 0);

  /** {@code Y?, Y_h?, Y_c? = LSTM(X, W, R, B?, sequence_lens?, initial_h?, initial_c?, P?)}. */
  public static final OpSchema SCHEMA =
      schema("LSTM", 1, 7, 14, 22)
          .optionalInput("initial_c", Types.FLOATS)
          .optionalInput("P", Types.FLOATS)
          .optionalOutput("Y", Types.FLOATS)
          .optionalOutput("Y_h", Types.FLOATS)
          .optionalOutput("Y_c", Types.FLOATS)
          .attributes(
              ACTIVATION_ALPHA,
              ACTIVATION_BETA,
              ACTIVATIONS,
              CLIP,
              DIRECTION,
              HIDDEN_SIZE,
              INPUT_FORGET,
              LAYOUT)
          .doc("A layer of long short-term memory.");

  Lstm() {
    super(SCHEMA);
  }

  @Override
  int gates() {
    return 4;
  }

  @Override
  List<String> defaultActivations() {
    return List.of("Sigmoid", "Tanh", "Tanh");
  }

  @Override
  boolean hasCellState() {
    return true;
  }

  @Override
  RecurrentCell cell(OpCall call, RecurrentWeights weights, RecurrentActivations functions) {
    return new Cell(weights, functions, call.attributes().isSet(INPUT_FORGET));
  }

  private record Cell(RecurrentWeights weights, RecurrentActivations functions, boolean inputForget)
      implements RecurrentCell {
    @Override
    public void step(double[] fromInput, double[] hidden, double[] cell) {
      int size = hidden.length;
      double[] peepholes = weights.peepholes();
      double[] input = weights.fromState(0, hidden);
      double[] output = weights.fromState(1, hidden);
      double[] forget = weights.fromState(2, hidden);
      double[] candidate = weights.fromState(3, hidden);
      for (int j = 0; j < size; j++) {
        double before = cell[j];
        double i = functions.apply(0, fromInput[j] + input[j] + peepholes[j] * before);
        double f =
            inputForget
                ? 1 - i
                : functions.apply(
                    0, fromInput[2 * size + j] + forget[j] + peepholes[2 * size + j] * before);
        double g = functions.apply(1, fromInput[3 * size + j] + candidate[j]);
        cell[j] = f * before + i * g;
        double o =
            functions.apply(0, fromInput[size + j] + output[j] + peepholes[size + j] * cell[j]);
        hidden[j] = o * functions.apply(2, cell[j]);
      }
    }
  }
}
