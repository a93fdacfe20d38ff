package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An example with inputs drawn: a first and a moved version of each, ranges that hold both, and how
 * far they are apart.
 */
final class OpTrial {
  /** How ranges and errors spread over an input. */
  enum Detail {
    /** One for the whole tensor. */
    UNIFORM,
    /** One for each index of the last axis. */
    CHANNEL,
    /** One for each element. */
    ELEMENT
  }

  private final OpExample example;
  private final Detail detail;
  private final Random random;
  private final List<@Nullable Tensor> first = new ArrayList<>();
  private final List<@Nullable Tensor> moved = new ArrayList<>();

  private OpTrial(OpExample example, Detail detail, Random random) {
    this.example = example;
    this.detail = detail;
    this.random = random;
  }

  /** Draws inputs. */
  static OpTrial draw(OpExample example, Detail detail, Random random) {
    OpTrial trial = new OpTrial(example, detail, random);
    double size = Math.pow(10, -random.nextInt(7));
    for (Input input : example.inputs()) {
      trial.drawInput(input, random.nextInt(4) == 0 ? 0 : size);
    }
    return trial;
  }

  private void drawInput(@Nullable Input input, double size) {
    switch (input) {
      case null -> {
        first.add(null);
        moved.add(null);
      }
      case Input.Given given -> {
        first.add(given.tensor());
        moved.add(given.tensor());
      }
      case Input.Drawn drawn -> {
        double[] values = new double[Math.toIntExact(drawn.shape().elementCount())];
        Arrays.setAll(values, _ -> any(drawn.low(), drawn.high()));
        Tensor tensor = tensor(drawn, values);
        first.add(tensor);
        moved.add(tensor(drawn, shaken(drawn, tensor.toDoubles(), size)));
      }
    }
  }

  private double any(double low, double high) {
    return switch (random.nextInt(6)) {
      case 0 -> low;
      case 1 -> high;
      default -> low + random.nextDouble() * (high - low);
    };
  }

  private double[] shaken(Input.Drawn drawn, double[] values, double size) {
    double most = size * (drawn.elementType().isFloat() ? drawn.high() - drawn.low() : 5);
    for (int i = 0; i < values.length; i++) {
      double other = values[i] + most * (2 * random.nextDouble() - 1);
      values[i] = Math.clamp(other, drawn.low(), drawn.high());
    }
    return values;
  }

  private static Tensor tensor(Input.Drawn drawn, double[] values) {
    ElementType type = drawn.elementType();
    return type.isFloat()
        ? Tensor.ofDoubles(type, drawn.shape(), values)
        : Tensor.ofLongs(
            type, drawn.shape(), Arrays.stream(values).mapToLong(v -> (long) v).toArray());
  }

  /** The call with the first inputs. */
  OpCall call() {
    return OpCall.ofTensors(example.attributes(), first, 1);
  }

  /** The call with the moved inputs. */
  OpCall movedCall() {
    return OpCall.ofTensors(example.attributes(), moved, 1);
  }

  /** The call with the first inputs in double. */
  OpCall callInDouble() {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (Tensor tensor : first) {
      inputs.add(
          tensor == null || !tensor.elementType().isFloat()
              ? tensor
              : Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), tensor.toDoubles()));
    }
    return OpCall.ofTensors(example.attributes(), inputs, 1);
  }

  /** The call as an analysis sees it: drawn inputs are not known. */
  OpCall analysed() {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      Tensor tensor = first.get(i);
      types.add(tensor == null ? null : tensor.type());
      constants.add(example.inputs().get(i) instanceof Input.Given ? tensor : null);
    }
    return OpCall.of(example.attributes(), types, constants, List.of(), 1);
  }

  /** Ranges that hold both versions of every input. */
  List<@Nullable Range> ranges() {
    List<@Nullable Range> ranges = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      Tensor tensor = first.get(i);
      Tensor other = moved.get(i);
      ranges.add(tensor == null || other == null ? null : range(tensor, other));
    }
    return ranges;
  }

  private Range range(Tensor tensor, Tensor other) {
    double[] values = tensor.toDoubles();
    double[] others = other.toDoubles();
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      intervals.add(Interval.point(values[i]).join(Interval.point(others[i])));
    }
    Range byElement = Range.perElement(intervals);
    if (detail == Detail.ELEMENT) {
      return byElement;
    }
    int channels = channels(tensor.shape());
    if (detail == Detail.UNIFORM || channels < 2) {
      return byElement.uniform();
    }
    List<Interval> byChannel = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      Interval hull = intervals.get(c);
      for (int i = c; i < intervals.size(); i += channels) {
        hull = hull.join(intervals.get(i));
      }
      byChannel.add(hull);
    }
    return Range.perChannel(tensor.shape().rank() - 1, byChannel);
  }

  /** How far the versions of every input are apart. */
  List<ErrorBound> errors() {
    List<ErrorBound> errors = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      Tensor tensor = first.get(i);
      Tensor other = moved.get(i);
      errors.add(tensor == null || other == null ? ErrorBound.EXACT : error(tensor, other));
    }
    return errors;
  }

  private ErrorBound error(Tensor tensor, Tensor other) {
    double[] values = tensor.toDoubles();
    double[] others = other.toDoubles();
    double[] distances = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double distance = Math.abs(values[i] - others[i]);
      distances[i] = distance == 0 ? 0 : Math.nextUp(distance);
    }
    if (detail == Detail.ELEMENT) {
      return ErrorBound.perElement(distances);
    }
    int channels = channels(tensor.shape());
    if (detail == Detail.UNIFORM || channels < 2) {
      return ErrorBound.perElement(distances).uniform();
    }
    double[] byChannel = new double[channels];
    for (int i = 0; i < distances.length; i++) {
      byChannel[i % channels] = Math.max(byChannel[i % channels], distances[i]);
    }
    return ErrorBound.perChannel(tensor.shape().rank() - 1, byChannel);
  }

  private static int channels(Shape shape) {
    return shape.rank() == 0 ? 1 : shape.intSize(-1);
  }

  /** The example and the inputs, for messages. */
  @Override
  public String toString() {
    return example + " by " + detail + " with " + first + " and " + moved;
  }
}
