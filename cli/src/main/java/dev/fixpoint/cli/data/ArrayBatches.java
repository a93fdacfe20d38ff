package dev.fixpoint.cli.data;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Cuts arrays, whose first axis counts samples, into what a model takes at once.
 *
 * <p>An input whose first dimension is fixed takes that many samples; the others share the rest
 * evenly. Where no first dimension is fixed, batches have as many as asked for.
 */
final class ArrayBatches {
  private final String place;
  private final Graph graph;
  private final int batch;
  private final Map<String, Tensor> arrays;

  private ArrayBatches(String place, Graph graph, int batch, Map<String, Tensor> arrays) {
    this.place = place;
    this.graph = graph;
    this.batch = batch;
    this.arrays = arrays;
  }

  /**
   * The batches of arrays.
   *
   * @param place name of the data for messages
   * @param batch samples at once where the model leaves the number open
   * @param arrays array by input name
   * @throws DataException if an array is missing or does not fit
   */
  static List<Map<String, Tensor>> of(
      String place, Graph graph, int batch, Map<String, Tensor> arrays) {
    ArrayBatches cut = new ArrayBatches(place, graph, batch, arrays);
    cut.requireFitting();
    long steps = cut.steps();
    return LongStream.range(0, steps).mapToObj(step -> cut.batch(step, steps)).toList();
  }

  private void requireFitting() {
    for (Value input : graph.inputs()) {
      Tensor array = arrays.get(input.name());
      TensorType type = graph.type(input);
      if (array == null) {
        throw new DataException(
            place
                + ": there is no array '"
                + input.name()
                + "' for the model's input of type "
                + type
                + "; save one under that name");
      }
      boolean batched = type.shape().isRanked() && type.shape().rank() > 0;
      TensorType free = batched ? type.withShape(type.shape().with(0, Dimension.UNKNOWN)) : type;
      if (!array.type().isCompatibleWith(free)) {
        throw new DataException(
            place
                + ": array '"
                + input.name()
                + "' is "
                + array.type()
                + ", but the model takes "
                + type
                + " with samples along the first axis; convert it");
      }
    }
  }

  private long steps() {
    long steps = 0;
    long open = 0;
    for (Value input : graph.inputs()) {
      long samples = samples(input);
      long each = fixed(input);
      if (each > 0) {
        if (samples % each != 0 || (steps != 0 && steps != samples / each)) {
          throw new DataException(
              place
                  + ": input '"
                  + input.name()
                  + "' takes "
                  + each
                  + " samples at once, and there are "
                  + samples
                  + "; give the same whole number of batches for every input");
        }
        steps = samples / each;
      } else if (samples >= 0) {
        if (open != 0 && open != samples) {
          throw new DataException(
              place + ": the arrays have " + open + " and " + samples + " samples; give as many");
        }
        open = samples;
      }
    }
    if (open == 0) {
      return Math.max(1, steps);
    }
    if (steps != 0 && open % steps != 0) {
      throw new DataException(
          place + ": " + open + " samples cannot be dealt to " + steps + " runs; give a multiple");
    }
    return steps != 0 ? steps : Math.ceilDiv(open, batch);
  }

  /** The fixed first dimension of an input, or 0. */
  private long fixed(Value input) {
    Shape shape = graph.type(input).shape();
    return shape.isRanked() && shape.rank() > 0 && shape.dimension(0).isFixed() ? shape.size(0) : 0;
  }

  /** The number of samples of an input; -1 where its array has no axis. */
  private long samples(Value input) {
    Shape shape = array(input).shape();
    return shape.rank() == 0 ? -1 : shape.size(0);
  }

  private Tensor array(Value input) {
    Tensor array = arrays.get(input.name());
    if (array == null) {
      throw new DataException(place + ": there is no array '" + input.name() + "'");
    }
    return array;
  }

  private Map<String, Tensor> batch(long step, long steps) {
    boolean anyFixed = graph.inputs().stream().anyMatch(input -> fixed(input) > 0);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      long samples = samples(input);
      if (steps == 1 || samples < 0) {
        inputs.put(input.name(), array(input));
      } else {
        long each = anyFixed ? samples / steps : batch;
        long start = step * each;
        inputs.put(input.name(), slice(array(input), start, Math.min(start + each, samples)));
      }
    }
    return inputs;
  }

  /** The samples from {@code start} to before {@code end}. */
  private Tensor slice(Tensor array, long start, long end) {
    if (array.elementType().bits() < Byte.SIZE) {
      throw new DataException(
          place + ": tensors of " + array.elementType().text() + " cannot be cut into batches");
    }
    long bytes = array.data().byteSize() / Math.max(1, array.shape().size(0));
    Shape shape = array.shape().with(0, Dimension.of(end - start));
    return Tensor.of(
        array.type().withShape(shape), array.data().asSlice(start * bytes, (end - start) * bytes));
  }
}
