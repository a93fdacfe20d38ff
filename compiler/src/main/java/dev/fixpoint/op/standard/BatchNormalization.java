package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BatchNormalization of ONNX (opset 15): {@code (X - mean) / √(var + epsilon) · scale + B}, each
 * parameter one for each index of axis 1. In training mode mean and variance are those of the
 * batch, and two more outputs are the running ones.
 */
public final class BatchNormalization implements OpDefinition {
  /** Added to the variance. */
  public static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);

  /** Share of the old running statistics in the new ones. */
  public static final Attribute<Float> MOMENTUM = Attribute.ofFloat("momentum", 0.9f);

  /** Whether statistics are those of the batch. */
  public static final Attribute<Long> TRAINING_MODE = Attribute.ofInt("training_mode", 0);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BatchNormalization")
          .versions(1, 6, 7, 9, 14, 15)
          .input("X", Types.FLOATS)
          .input("scale", Types.FLOATS)
          .input("B", Types.FLOATS)
          .input("input_mean", Types.FLOATS)
          .input("input_var", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .optionalOutput("running_mean", Types.FLOATS)
          .optionalOutput("running_var", Types.FLOATS)
          .attributes(EPSILON, MOMENTUM, TRAINING_MODE)
          .doc("Each channel shifted and scaled by its statistics.");

  private static final String TRAINING = "statistics of a batch are not bounded in training mode";

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    if (x.isRanked() && x.rank() > 1) {
      for (int i = 1; i <= 4; i++) {
        Shape parameter = call.type(i).shape();
        if (!parameter.isCompatibleWith(Shape.of(List.of(x.dimension(1))))) {
          throw new IllegalArgumentException("X is " + x + ", but input " + i + " is " + parameter);
        }
      }
    }
    List<TensorType> types = new ArrayList<>(List.of(call.type(0)));
    for (int i = 1; i < call.outputCount(); i++) {
      types.add(call.type(i + 2));
    }
    return types;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    double[] values = x.toDoubles();
    double[] mean = call.tensor(3).toDoubles();
    double[] variance = call.tensor(4).toDoubles();
    Spread.Along channels = new Spread.Along(1, mean.length);
    boolean training = call.attributes().isSet(TRAINING_MODE);
    List<Tensor> outputs = new ArrayList<>();
    if (training) {
      BatchStatistics batch = BatchStatistics.of(values, x.shape(), channels);
      double momentum = call.get(MOMENTUM);
      outputs.add(running(call.tensor(3), batch.mean(), momentum));
      outputs.add(running(call.tensor(4), batch.variance(), momentum));
      mean = batch.mean();
      variance = batch.variance();
    }
    double[] scale = call.tensor(1).toDoubles();
    double[] shift = call.tensor(2).toDoubles();
    double epsilon = call.get(EPSILON);
    for (int c = 0; c < scale.length; c++) {
      scale[c] /= Math.sqrt(variance[c] + epsilon);
    }
    int[] channel = ChannelMap.of(x.shape(), channels);
    for (int i = 0; i < values.length; i++) {
      int c = channel[i];
      values[i] = (values[i] - mean[c]) * scale[c] + shift[c];
    }
    outputs.addFirst(Tensor.ofDoubles(x.elementType(), x.shape(), values));
    return outputs.subList(0, Math.min(outputs.size(), Math.max(1, call.outputCount())));
  }

  private static Tensor running(Tensor old, double[] batch, double momentum) {
    double[] values = old.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * momentum + batch[i] * (1 - momentum);
    }
    return Tensor.ofDoubles(old.elementType(), old.shape(), values);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (call.attributes().isSet(TRAINING_MODE)) {
      return Transfers.each(call.outputCount(), Range.ALL);
    }
    ElementType type = call.type(0).elementType();
    ChannelAffine affine = ChannelAffine.of(call, ranges);
    return List.of(affine.range((x, channel) -> Transfers.stored(type, channel.image(x))));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (call.attributes().isSet(TRAINING_MODE)) {
      boolean exact = errors.stream().allMatch(error -> error instanceof ErrorBound.Exact);
      ErrorBound bound = exact ? ErrorBound.EXACT : ErrorBound.unbounded(TRAINING);
      return Transfers.each(call.outputCount(), bound);
    }
    return List.of(ChannelAffine.of(call, ranges, errors).error(errors));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (call.attributes().isSet(TRAINING_MODE)) {
      return Transfers.each(call.outputCount(), ErrorBound.unbounded(TRAINING));
    }
    return List.of(ChannelAffine.of(call, ranges).localError());
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    if (call.attributes().isSet(TRAINING_MODE)) {
      return Transfers.each(outputs.size(), ErrorBound.unbounded(TRAINING));
    }
    return List.of(machineError(call, outputs.getFirst()));
  }

  /**
   * Covers the direct form and the one with folded factor and shift, {@code x·k + (b - mean·k)}.
   */
  private static ErrorBound machineError(OpCall call, Tensor output) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    double[] values = x.toDoubles();
    double[] scale = call.tensor(1).toDoubles();
    double[] shift = call.tensor(2).toDoubles();
    double[] mean = call.tensor(3).toDoubles();
    double[] variance = call.tensor(4).toDoubles();
    double roundings = 12 * Transfers.unitRoundoff(type);
    int[] channel = ChannelMap.of(x.shape(), new Spread.Along(1, mean.length));
    double[] errors = new double[values.length];
    for (int i = 0; i < errors.length; i++) {
      int c = channel[i];
      double factor = Math.abs(scale[c]) / Math.sqrt(variance[c] + call.get(EPSILON));
      double magnitude = factor * (Math.abs(values[i]) + Math.abs(mean[c])) + Math.abs(shift[c]);
      double tiny = (4 + 4 * factor) * Transfers.smallest(type);
      errors[i] =
          roundings * magnitude + tiny + Transfers.halfUlp(type, Math.abs(output.doubleAt(i)));
    }
    return ErrorBound.perElement(errors);
  }
}
