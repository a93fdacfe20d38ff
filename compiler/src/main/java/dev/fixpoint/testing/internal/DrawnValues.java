package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema.Parameter;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.standard.Concat;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The values of a graph that is drawn: makes its inputs and constants, and knows all types. */
final class DrawnValues {
  private static final long MOST_ELEMENTS = 8192;

  private final GraphDraft draft;
  private final SplittableRandom random;
  private final TensorDraws tensors;
  private final Map<Value, TensorType> types = new HashMap<>();
  private final Map<Value, ShapeValue> shapeValues = new HashMap<>();

  DrawnValues(GraphDraft draft, SplittableRandom random) {
    this.draft = draft;
    this.random = random;
    this.tensors = new TensorDraws(random);
  }

  /** The type of a value of the draft. */
  TensorType type(Value value) {
    return Objects.requireNonNull(types.get(value));
  }

  /** What is known of a value's elements, or null. */
  @Nullable ShapeValue shapeValue(Value value) {
    return shapeValues.get(value);
  }

  /**
   * An input or constant for an input of a node, or a value that is neither and whose elements are
   * known.
   *
   * @param index which input
   * @param name what the value would be called, or null
   */
  Value source(OpDefinition op, Slots slots, int index, @Nullable String name) {
    TensorType type = limited(slots.type(index));
    String parameter = op.schema().input(index).map(Parameter::name).orElse("x");
    String wish = name != null ? name : parameter.toLowerCase(Locale.ROOT);
    Tensor chosen = slots.constant(index);
    boolean parameterLike = slots.fill(index) != Fill.ANY;
    boolean constant =
        chosen != null
            || slots.mustBeConstant(index)
            || random.nextInt(parameterLike || index > 0 ? 2 : 6) == 0;
    if (random.nextInt(12) == 0 && chosen == null) {
      Value shared = shared(type, constant);
      if (shared != null) {
        return shared;
      }
    }
    if (chosen != null && !slots.mustBeConstant(index) && random.nextInt(3) == 0) {
      return derived(wish, chosen);
    }
    Value value =
        constant
            ? draft.addConstant(
                wish, chosen != null ? chosen : tensors.draw(type, slots.fill(index)))
            : draft.addInput(wish, type);
    types.put(value, type);
    return value;
  }

  /** A value that is no constant, but whose elements inference knows. */
  private Value derived(String wish, Tensor tensor) {
    boolean vector =
        tensor.elementType() == ElementType.INT64
            && tensor.shape().rank() == 1
            && tensor.elementCount() > 1;
    Node node;
    if (vector) {
      long[] entries = tensor.toLongs();
      Value head = known(wish, Tensor.vector(Arrays.copyOf(entries, 1)));
      Value tail = known(wish, Tensor.vector(Arrays.copyOfRange(entries, 1, entries.length)));
      Attributes axis = Attributes.NONE.with(Concat.AXIS, 0L);
      node = draft.addNode(wish, StandardOps.CONCAT, axis, List.of(head, tail), 1);
    } else {
      node =
          draft.addNode(
              wish, StandardOps.IDENTITY, Attributes.NONE, List.of(known(wish, tensor)), 1);
    }
    infer(node);
    return node.output();
  }

  private Value known(String wish, Tensor tensor) {
    Value value = draft.addConstant(wish, tensor);
    types.put(value, tensor.type());
    return value;
  }

  private @Nullable Value shared(TensorType type, boolean constant) {
    for (Value known : constant ? draft.constants().keySet() : draft.inputs()) {
      if (type(known).equals(type)) {
        return known;
      }
    }
    return null;
  }

  private static TensorType limited(TensorType type) {
    if (!type.shape().isStatic() || type.shape().elementCount() > MOST_ELEMENTS) {
      throw new RejectedDraw("a tensor of type " + type);
    }
    return type;
  }

  /** Finds the types of what a node of the draft makes. */
  void infer(Node node) {
    OpCall call = TypeInference.call(node, this::type, draft.constants()::get, shapeValues::get);
    try {
      List<TensorType> inferred = TypeInference.inferTypes(node, call);
      for (int i = 0; i < node.outputs().size(); i++) {
        types.put(node.output(i), limited(inferred.get(i)));
      }
      ShapeValue entries = TypeInference.shapeValue(node, call);
      if (entries != null) {
        shapeValues.put(node.output(), entries);
      }
    } catch (ModelException e) {
      throw new RejectedDraw(String.valueOf(e.getMessage()));
    }
  }
}
