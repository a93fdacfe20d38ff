package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;

/**
 * The weights of one direction of a recurrent layer, gate by gate.
 *
 * @param hiddenSize number of elements of the state
 * @param inputSize number of elements of the input
 * @param input weights of the input, [gates · hidden, input]
 * @param recurrent weights of the state, [gates · hidden, hidden]
 * @param biases biases of the input and then of the state, each [gates · hidden]
 * @param peepholes weights of the cell state, [3 · hidden], zeros where absent
 */
record RecurrentWeights(
    int hiddenSize,
    int inputSize,
    double[] input,
    double[] recurrent,
    double[] biases,
    double[] peepholes) {

  static RecurrentWeights of(OpCall call, int gates, int direction) {
    Tensor w = call.tensor(RecurrentOperator.W);
    Tensor r = call.tensor(RecurrentOperator.R);
    int hidden = r.shape().intSize(2);
    int inputs = w.shape().intSize(2);
    Shape input = Shape.of(RecurrentOperator.directions(call), (long) gates * hidden, inputs);
    Shape recurrent = Shape.of(input.size(0), input.size(1), hidden);
    Tensor x = call.tensor(RecurrentOperator.X);
    if (!w.shape().equals(input) || !r.shape().equals(recurrent) || x.shape().size(2) != inputs) {
      throw new IllegalArgumentException(
          "weights W of shape "
              + w.shape()
              + " and R of shape "
              + r.shape()
              + " do not fit "
              + gates
              + " gates of X of shape "
              + x.shape());
    }
    return new RecurrentWeights(
        hidden,
        inputs,
        part(call, RecurrentOperator.W, direction, gates * hidden * inputs),
        part(call, RecurrentOperator.R, direction, gates * hidden * hidden),
        part(call, RecurrentOperator.B, direction, 2 * gates * hidden),
        part(call, RecurrentOperator.P, direction, 3 * hidden));
  }

  /** The part of an input for one direction; zeros where the input is absent. */
  private static double[] part(OpCall call, int input, int direction, int count) {
    if (!call.hasInput(input)) {
      return new double[count];
    }
    double[] all = call.tensor(input).toDoubles();
    if (all.length != RecurrentOperator.directions(call) * count) {
      throw new IllegalArgumentException(
          "input "
              + input
              + " of shape "
              + call.tensor(input).shape()
              + " does not fit the others");
    }
    return Arrays.copyOfRange(all, direction * count, (direction + 1) * count);
  }

  /** What the input at one time contributes to each gate, its bias included. */
  double[] fromInput(double[] x, int start) {
    double[] sums = new double[input.length / inputSize];
    for (int row = 0; row < sums.length; row++) {
      double sum = biases[row];
      for (int i = 0; i < inputSize; i++) {
        sum += input[row * inputSize + i] * x[start + i];
      }
      sums[row] = sum;
    }
    return sums;
  }

  /** What a state contributes to one gate, its bias included. */
  double[] fromState(int gate, double[] state) {
    double[] sums = new double[hiddenSize];
    for (int j = 0; j < hiddenSize; j++) {
      int row = gate * hiddenSize + j;
      double sum = biases[biases.length / 2 + row];
      for (int i = 0; i < hiddenSize; i++) {
        sum += recurrent[row * hiddenSize + i] * state[i];
      }
      sums[j] = sum;
    }
    return sums;
  }
}
