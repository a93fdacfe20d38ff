package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The run of a recurrent layer over a batch of sequences: reads X and states, collects the outputs.
 */
final class RecurrentSequence {
  private final OpCall call;
  private final double[] x;
  private final boolean batchFirst;
  private final int length;
  private final int batch;
  private final int inputs;
  private final int hidden;
  private final int directions;
  private final double[] all;
  private final double[] lastHidden;
  private final double[] lastCell;

  RecurrentSequence(OpCall call) {
    this.call = call;
    Shape shape = call.tensor(RecurrentOperator.X).shape();
    this.x = call.tensor(RecurrentOperator.X).toDoubles();
    this.batchFirst = call.attributes().isSet(RecurrentOperator.LAYOUT);
    this.length = shape.intSize(batchFirst ? 1 : 0);
    this.batch = shape.intSize(batchFirst ? 0 : 1);
    this.inputs = shape.intSize(2);
    this.hidden = call.tensor(RecurrentOperator.R).shape().intSize(2);
    this.directions = RecurrentOperator.directions(call);
    Axes.requireShape(call, RecurrentOperator.SEQUENCE_LENS, batch);
    for (int input : new int[] {RecurrentOperator.INITIAL_H, RecurrentOperator.INITIAL_C}) {
      int first = batchFirst ? batch : directions;
      Axes.requireShape(call, input, first, batchFirst ? directions : batch, hidden);
    }
    this.all = new double[Math.multiplyExact(length * directions, batch * hidden)];
    this.lastHidden = new double[directions * batch * hidden];
    this.lastCell = new double[directions * batch * hidden];
  }

  /** Runs one direction over all sequences. */
  void run(int direction, RecurrentCell cell) {
    boolean isReverse = direction == 1 || call.get(RecurrentOperator.DIRECTION).equals("reverse");
    RecurrentWeights weights = cell.weights();
    for (int entry = 0; entry < batch; entry++) {
      int start = state(direction, entry);
      double[] h = initial(RecurrentOperator.INITIAL_H, start);
      double[] c = initial(RecurrentOperator.INITIAL_C, start);
      int steps = steps(entry);
      for (int step = 0; step < steps; step++) {
        int time = isReverse ? steps - 1 - step : step;
        int row = batchFirst ? entry * length + time : time * batch + entry;
        cell.step(weights.fromInput(x, row * inputs), h, c);
        System.arraycopy(h, 0, all, output(time, direction, entry), hidden);
      }
      System.arraycopy(h, 0, lastHidden, start, hidden);
      System.arraycopy(c, 0, lastCell, start, hidden);
    }
  }

  private int steps(int entry) {
    if (!call.hasInput(RecurrentOperator.SEQUENCE_LENS)) {
      return length;
    }
    long steps = call.tensor(RecurrentOperator.SEQUENCE_LENS).longAt(entry);
    if (steps < 0 || steps > length) {
      throw new IllegalArgumentException(
          "a sequence of length " + steps + " does not fit into " + length + " steps");
    }
    return (int) steps;
  }

  private int state(int direction, int entry) {
    return hidden * (batchFirst ? entry * directions + direction : direction * batch + entry);
  }

  private int output(int time, int direction, int entry) {
    return hidden
        * (batchFirst
            ? (entry * length + time) * directions + direction
            : (time * directions + direction) * batch + entry);
  }

  private double[] initial(int input, int start) {
    return call.hasInput(input)
        ? Arrays.copyOfRange(call.tensor(input).toDoubles(), start, start + hidden)
        : new double[hidden];
  }

  /** All hidden states, the last ones, and the last cell states; as many as asked for. */
  List<Tensor> outputs(int count) {
    ElementType type = call.tensor(RecurrentOperator.X).elementType();
    Shape every =
        batchFirst
            ? Shape.of(batch, length, directions, hidden)
            : Shape.of(length, directions, batch, hidden);
    Shape last =
        batchFirst ? Shape.of(batch, directions, hidden) : Shape.of(directions, batch, hidden);
    return List.of(
            Tensor.ofDoubles(type, every, all),
            Tensor.ofDoubles(type, last, lastHidden),
            Tensor.ofDoubles(type, last, lastCell))
        .subList(0, count);
  }
}
