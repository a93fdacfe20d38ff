package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The evaluation of one call of {@link LinearAttention}, in double, each output rounded once. */
final class LinearAttentionRun {
  private final OpCall call;
  private final List<TensorType> types;
  private final int batches;
  private final int times;
  private final int queryHeads;
  private final int heads;
  private final int keySize;
  private final int valueSize;
  private final boolean decays;
  private final boolean corrects;
  private final double scale;
  private final double[] output;
  private final double[] states;

  LinearAttentionRun(OpCall call) {
    this.call = call;
    OpCall both = OpCall.ofTensors(call.attributes(), inputs(call), 2);
    this.types = new LinearAttention().inferTypes(both);
    Shape state = types.get(1).shape();
    this.batches = state.intSize(0);
    this.heads = state.intSize(1);
    this.keySize = state.intSize(2);
    this.valueSize = state.intSize(3);
    this.times = types.get(0).shape().intSize(1);
    this.queryHeads = call.attributes().getInt(LinearAttention.Q_NUM_HEADS);
    String rule = call.get(LinearAttention.UPDATE_RULE);
    this.decays = rule.equals("gated") || rule.equals("gated_delta");
    this.corrects = rule.equals("delta") || rule.equals("gated_delta");
    if (!decays && !corrects && !rule.equals("linear")) {
      throw new IllegalArgumentException("there is no update rule '" + rule + "'");
    }
    double given = call.get(LinearAttention.SCALE);
    this.scale = given == 0 ? 1 / Math.sqrt(keySize) : given;
    this.output = new double[Math.toIntExact(types.get(0).shape().elementCount())];
    this.states =
        call.hasInput(LinearAttention.PAST)
            ? call.tensor(LinearAttention.PAST).toDoubles()
            : new double[Math.toIntExact(state.elementCount())];
    Axes.requireShape(call, LinearAttention.PAST, state.sizes());
    Axes.requireShape(call, LinearAttention.ERASE, batches, times, (long) heads * keySize);
    requireFit();
  }

  private static List<@Nullable Tensor> inputs(OpCall call) {
    return List.of(call.tensor(0), call.tensor(1), call.tensor(2));
  }

  private void requireFit() {
    Shape key = Shape.of(batches, times, (long) heads * keySize);
    Shape value = Shape.of(batches, times, (long) heads * valueSize);
    if (queryHeads % heads != 0
        || !call.tensor(1).shape().equals(key)
        || !call.tensor(2).shape().equals(value)
        || states.length != batches * heads * keySize * valueSize) {
      throw new IllegalArgumentException(
          "query "
              + call.type(0)
              + ", key "
              + call.type(1)
              + ", value "
              + call.type(2)
              + " and past_state do not fit");
    }
  }

  List<Tensor> outputs() {
    for (int batch = 0; batch < batches; batch++) {
      for (int head = 0; head < heads; head++) {
        int start = (batch * heads + head) * keySize * valueSize;
        double[] state = Arrays.copyOfRange(states, start, start + keySize * valueSize);
        for (int time = 0; time < times; time++) {
          update(state, batch * times + time, head);
          read(state, batch * times + time, head);
        }
        System.arraycopy(state, 0, states, start, state.length);
      }
    }
    Shape shape = types.get(1).shape();
    Tensor present =
        Tensor.ofDoubles(
            call.hasInput(LinearAttention.PAST)
                ? call.type(LinearAttention.PAST).elementType()
                : call.type(0).elementType(),
            shape,
            states);
    return List.of(
        Tensor.ofDoubles(call.type(0).elementType(), types.get(0).shape(), output), present);
  }

  /** Moves the state of a head on by one step; {@code row} counts batch entries and times. */
  private void update(double[] state, int row, int head) {
    double[] value = new double[valueSize];
    for (int m = 0; m < valueSize; m++) {
      value[m] = at(2, row, head * valueSize + m);
    }
    for (int d = 0; decays && d < keySize; d++) {
      double factor = Math.exp(gate(LinearAttention.DECAY, row, head, d));
      for (int m = 0; m < valueSize; m++) {
        state[d * valueSize + m] *= factor;
      }
    }
    if (corrects) {
      correct(state, row, head, value);
    }
    for (int d = 0; d < keySize; d++) {
      double key = at(1, row, head * keySize + d);
      for (int m = 0; m < valueSize; m++) {
        state[d * valueSize + m] += key * value[m];
      }
    }
  }

  private void correct(double[] state, int row, int head, double[] value) {
    double beta = gate(LinearAttention.BETA, row, head, 0);
    for (int m = 0; m < valueSize; m++) {
      double retrieved = 0;
      for (int d = 0; d < keySize; d++) {
        double erase =
            call.hasInput(LinearAttention.ERASE)
                ? at(LinearAttention.ERASE, row, head * keySize + d)
                : 1;
        retrieved += state[d * valueSize + m] * erase * at(1, row, head * keySize + d);
      }
      value[m] = beta * (value[m] - retrieved);
    }
  }

  private void read(double[] state, int row, int head) {
    int group = queryHeads / heads;
    for (int q = head * group; q < (head + 1) * group; q++) {
      for (int m = 0; m < valueSize; m++) {
        double sum = 0;
        for (int d = 0; d < keySize; d++) {
          sum += at(0, row, q * keySize + d) * state[d * valueSize + m];
        }
        output[(row * queryHeads + q) * valueSize + m] = scale * sum;
      }
    }
  }

  private double at(int input, int row, int column) {
    Tensor tensor = call.tensor(input);
    return tensor.doubleAt((long) row * tensor.shape().size(2) + column);
  }

  /** A gate that has one entry for each key element, for each head, or for all. */
  private double gate(int input, int row, int head, int element) {
    long width = call.tensor(input).shape().size(-1);
    Axes.requireShape(call, input, batches, times, width);
    if (width == (long) heads * keySize && input == LinearAttention.DECAY && width != heads) {
      return at(input, row, head * keySize + element);
    }
    if (width != heads && width != 1) {
      throw new IllegalArgumentException(
          "input "
              + input
              + " of shape "
              + call.tensor(input).shape()
              + " for "
              + heads
              + " heads");
    }
    return at(input, row, width == 1 ? 0 : head);
  }
}
