package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Calls of operators with all inputs known, checked against what inference says before. */
final class Calls {
  private Calls() {}

  /** The first output, whose type was inferred both with all inputs known and from types alone. */
  static Tensor evaluate(OpDefinition op, Attributes attributes, @Nullable Tensor... inputs) {
    return evaluate(op, attributes, 1, inputs).getFirst();
  }

  /** The outputs, whose types were inferred both with all inputs known and from types alone. */
  static List<Tensor> evaluate(
      OpDefinition op, Attributes attributes, int outputs, @Nullable Tensor... inputs) {
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(inputs), outputs);
    List<Tensor> results = op.evaluate(call);
    assertThat(results).hasSize(outputs);
    List<TensorType> exact = op.inferTypes(call);
    List<TensorType> blind = op.inferTypes(blind(attributes, outputs, inputs));
    for (int i = 0; i < outputs; i++) {
      TensorType type = results.get(i).type();
      assertThat(exact.get(i).isCompatibleWith(type)).as("%s for %s", exact, type).isTrue();
      assertThat(blind.get(i).isCompatibleWith(type)).as("%s for %s", blind, type).isTrue();
    }
    return results;
  }

  /** The same call with nothing known but the types of the inputs. */
  static OpCall blind(Attributes attributes, int outputs, @Nullable Tensor... inputs) {
    List<@Nullable TensorType> types = new ArrayList<>();
    for (Tensor input : inputs) {
      types.add(input == null ? null : input.type());
    }
    return OpCall.of(attributes, types, List.of(), List.of(), outputs);
  }

  /** The tensor of 0, 1, 2, … in int64. */
  static Tensor iota(long... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.ofLongs(
        ElementType.INT64, shape, LongStream.range(0, shape.elementCount()).toArray());
  }
}
