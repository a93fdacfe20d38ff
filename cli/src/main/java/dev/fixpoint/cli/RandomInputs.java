package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The same random inputs for a model every time: floats between -1 and 1, integers 0 and 1. */
final class RandomInputs {
  private static final long SEED = 20_260_101;

  private RandomInputs() {}

  /**
   * Inputs of the given shapes.
   *
   * @throws CommandException if an input is not of numbers
   */
  static Map<String, Tensor> of(Graph graph, Map<String, Shape> shapes) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      ElementType type = graph.type(input).elementType();
      Shape shape = shapes.getOrDefault(input.name(), Shape.SCALAR);
      if (!type.isNumeric()) {
        throw new CommandException(
            "input '" + input.name() + "' of " + type.text() + ": give data by --input");
      }
      int count = Math.toIntExact(shape.elementCount());
      inputs.put(
          input.name(),
          type.isFloat()
              ? Tensor.ofDoubles(type, shape, random.doubles(count, -1, 1).toArray())
              : Tensor.ofLongs(type, shape, random.longs(count, 0, 2).toArray()));
    }
    return inputs;
  }
}
