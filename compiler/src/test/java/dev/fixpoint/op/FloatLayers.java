package dev.fixpoint.op;

import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The examples of operators that can be a layer of a network: float32 in, float32 out. */
public final class FloatLayers {
  private static final double LARGEST = 300;
  private static final List<OpExample> EXAMPLES = examples().toList();

  /**
   * A call with one float32 input left open.
   *
   * @param op the operator
   * @param attributes its attributes
   * @param shape shape of the open input
   * @param low smallest element that it may get
   * @param high largest
   * @param others the other inputs from the second on, null where absent
   */
  public record Layer(
      OpDefinition op,
      Attributes attributes,
      Shape shape,
      double low,
      double high,
      List<@Nullable Tensor> others) {}

  private FloatLayers() {}

  /** A layer of each operator that has a suitable example. */
  public static List<OpDefinition> operators() {
    return EXAMPLES.stream().map(OpExample::op).distinct().toList();
  }

  private static Stream<OpExample> examples() {
    return Stream.concat(
            OpExamples.operators().flatMap(op -> OpExamples.of(op).stream()),
            Stream.concat(
                MovementExamples.all().stream(),
                SpatialExamples.operators().flatMap(op -> SpatialExamples.of(op).stream())))
        .filter(FloatLayers::isLayer);
  }

  private static boolean isLayer(OpExample example) {
    if (!(example.inputs().getFirst() instanceof Input.Drawn x)
        || x.elementType() != ElementType.FLOAT
        || x.shape().elementCount() < 1
        || Math.max(Math.abs(x.low()), Math.abs(x.high())) > LARGEST
        || x.high() - x.low() < 0.1) {
      return false;
    }
    if (example.op().schema().outputs().stream()
            .filter(output -> output.arity() == OpSchema.Arity.REQUIRED)
            .count()
        != 1) {
      return false;
    }
    OpCall call = call(draw(example, new Random(1)));
    List<TensorType> types = example.op().inferTypes(call);
    return types.getFirst().elementType() == ElementType.FLOAT
        && types.getFirst().shape().isStatic()
        && types.getFirst().shape().elementCount() > 0
        && example.op().isDeterministic()
        && isTame(example);
  }

  /** Whether results are finite and not huge, at the ends and inside. */
  private static boolean isTame(OpExample example) {
    Random random = new Random(2);
    for (int draw = 0; draw < 3; draw++) {
      Layer layer = draw(example, random);
      List<@Nullable Tensor> inputs = new ArrayList<>();
      double[] x = new double[Math.toIntExact(layer.shape().elementCount())];
      for (int i = 0; i < x.length; i++) {
        double any = layer.low() + random.nextDouble() * (layer.high() - layer.low());
        x[i] = i % 3 == 0 ? layer.low() : i % 3 == 1 ? layer.high() : any;
      }
      inputs.add(Tensor.ofDoubles(ElementType.FLOAT, layer.shape(), x));
      inputs.addAll(layer.others());
      Tensor result =
          example.op().evaluate(OpCall.ofTensors(layer.attributes(), inputs, 1)).getFirst();
      if (Arrays.stream(result.toDoubles()).anyMatch(y -> !(Math.abs(y) < LARGEST * LARGEST))) {
        return false;
      }
    }
    return true;
  }

  private static OpCall call(Layer layer) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(Tensor.filled(ElementType.FLOAT, layer.shape(), layer.high()));
    inputs.addAll(layer.others());
    return OpCall.ofTensors(layer.attributes(), inputs, 1);
  }

  /** A layer of an operator, its other inputs drawn. */
  public static Layer draw(OpDefinition op, Random random) {
    List<OpExample> all = EXAMPLES.stream().filter(example -> example.op() == op).toList();
    return draw(all.get(random.nextInt(all.size())), random);
  }

  private static Layer draw(OpExample example, Random random) {
    Input.Drawn x = (Input.Drawn) example.inputs().getFirst();
    List<@Nullable Tensor> others = new ArrayList<>();
    for (Input input : example.inputs().subList(1, example.inputs().size())) {
      others.add(
          switch (input) {
            case null -> null;
            case Input.Given given -> given.tensor();
            case Input.Drawn drawn -> drawn(drawn, random);
          });
    }
    return new Layer(example.op(), example.attributes(), x.shape(), x.low(), x.high(), others);
  }

  private static Tensor drawn(Input.Drawn drawn, Random random) {
    double[] values = new double[Math.toIntExact(drawn.shape().elementCount())];
    Arrays.setAll(values, _ -> drawn.low() + random.nextDouble() * (drawn.high() - drawn.low()));
    return drawn.elementType().isFloat()
        ? Tensor.ofDoubles(drawn.elementType(), drawn.shape(), values)
        : Tensor.ofLongs(
            drawn.elementType(),
            drawn.shape(),
            Arrays.stream(values).mapToLong(v -> (long) v).toArray());
  }
}
